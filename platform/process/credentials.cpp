#include "platform/process/credentials.hpp"

#include <cstdlib>

namespace larder {
namespace {

constexpr unsigned kGroupReads = 0040;
constexpr unsigned kOthers = 0077;

// Ends with a slash; empty when there is none.
std::string credentials_directory() {
  const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
  if (directory == nullptr || directory[0] != '/') return {};
  return std::string(directory) + "/";
}

}  // namespace

std::string credential_path(const std::string& value) {
  const std::string directory = credentials_directory();
  if (directory.empty() || !value.starts_with(kCredentialPrefix)) return value;
  return directory + value.substr(kCredentialPrefix.size());
}

bool is_unknown_credential(std::string_view path) { return path.starts_with(kCredentialPrefix); }

Result<void> all_credentials_known(std::initializer_list<std::string_view> paths) {
  for (const std::string_view path : paths) {
    if (!is_unknown_credential(path)) continue;
    return refuse(Code::BadConfig, "the config names the credential " +
                                       std::string(path.substr(kCredentialPrefix.size())) +
                                       ", and the service manager gave this process none");
  }
  return {};
}

bool is_secret(const std::string& path, unsigned mode) {
  const std::string directory = credentials_directory();
  const bool is_given = !directory.empty() && path.starts_with(directory);
  return (mode & (is_given ? kOthers & ~kGroupReads : kOthers)) == 0;
}

}  // namespace larder
