// Random secrets, and passwords as argon2id (libsodium). Any thread; hash_password and
// is_password take some ten milliseconds and 19 MiB each, so never on the loop.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace larder::relay {

// Of the kernel's randomness.
std::string random_hex(std::size_t bytes);
std::string random_base64url(std::size_t bytes);
// Letters and digits that nobody takes for one another, five bits each.
std::string random_code(std::size_t length);

// Unavailable when there is no memory for it.
Result<std::string> hash_password(const std::string& password);
bool is_password(const std::string& hash, const std::string& password);
// Takes as long as is_password: asked when there is no such user, so that nobody learns which names
// there are.
void waste_a_guess(const std::string& password);

}  // namespace larder::relay
