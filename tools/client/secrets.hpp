// Tokens of devices: 32 random bytes of the system (getrandom), as 64 hex digits.
#pragma once

#include <string>

namespace larder::client {

std::string new_token();
// 128 random bits as a UUID (RFC 4122, version 4): the id of a command.
std::string new_command_id();

}  // namespace larder::client
