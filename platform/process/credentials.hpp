// Credentials: secrets that the service manager hands to this process as files (systemd's
// LoadCredential=). A config names them as "$CREDENTIALS_DIRECTORY/NAME". Pure but for the
// environment and the files it is asked about; any thread.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace larder {

inline constexpr std::string_view kCredentialPrefix = "$CREDENTIALS_DIRECTORY/";

// The path that a config's value means: a credential's in the directory that this process was
// given, any other as it is. Without such a directory a credential's name is left as it is: a
// person may be asking with --check-config.
std::string credential_path(const std::string& value);

// A credential, and this process was given none.
bool is_unknown_credential(std::string_view path);

// BadConfig when one of them is such a credential: to be asked before any of them is used.
Result<void> all_credentials_known(std::initializer_list<std::string_view> paths);

// Whether the file may be read by nobody but its owner and root. One that the service manager gave
// is, whatever its mode says: an access list for one user shows as a right of the group.
bool is_secret(const std::string& path, unsigned mode);

}  // namespace larder
