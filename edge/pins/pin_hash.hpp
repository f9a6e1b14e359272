// A PIN as it is kept: argon2id by libsodium, opslimit 2, memlimit 19 MiB (the second choice of
// OWASP's password storage cheat sheet), in libsodium's text form with the salt in it.
#pragma once

#include <string>

#include "core/base/result.hpp"

namespace larder::edge {

// 4 to 8 ASCII digits.
bool is_pin(const std::string& text);

// A fresh salt each time. BadRequest for what is no PIN; Unavailable when there is no memory for
// it.
Result<std::string> hash_pin(const std::string& pin);

// Takes tens of milliseconds and 19 MiB: not for the network thread.
bool pin_matches(const std::string& hash, const std::string& pin);

}  // namespace larder::edge
