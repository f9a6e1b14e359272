#include "edge/ops/config_uplink.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "platform/process/credentials.hpp"
#include "platform/process/log_escape.hpp"

namespace larder::edge {
namespace {

std::string unreadable(const std::string& file) {
  return "names " + escaped(file) + ", which cannot be read: " + std::strerror(errno);
}

std::string secret_complaint(const std::string& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0) return unreadable(file);
  if (!is_secret(file, found.st_mode)) {
    return "names " + escaped(file) + ", which others may read; chmod 600 it";
  }
  return {};
}

std::string file_complaint(const std::string& file) {
  return ::access(file.c_str(), R_OK) == 0 ? std::string() : unreadable(file);
}

// Looks at the files that the keys name, and says at which line they stand.
class Look {
 public:
  explicit Look(config::Reading& reading) : reading_(reading) {}

  void at(const std::string& path, const std::string& file,
          std::string (*complaint_of)(const std::string&)) {
    // One that was not given to whoever checks is missed when the hub starts.
    if (!file.empty() && !is_unknown_credential(file)) complain(path, complaint_of(file));
  }
  void complain(const std::string& path, const std::string& complaint) {
    const auto place = reading_.place(path);
    if (place && !complaint.empty()) reading_.complain(*place, path + " " + complaint);
  }

 private:
  config::Reading& reading_;
};

}  // namespace

void check_uplink(const Config& config, config::Reading& reading) {
  if (!config.has_uplink()) return;
  Look look(reading);
  look.at("uplink.ca_file", config.uplink_ca_file, file_complaint);
  look.at("uplink.cert_file", config.uplink_cert_file, file_complaint);
  look.at("uplink.key_file", config.uplink_key_file, secret_complaint);
  look.at("uplink.password_file", config.uplink_password_file, secret_complaint);
  if (config.uplink_cert_file.empty() && !config.uplink_key_file.empty()) {
    look.complain("uplink.key_file", "needs uplink.cert_file");
  }
  if (config.uplink_key_file.empty() && !config.uplink_cert_file.empty()) {
    look.complain("uplink.cert_file", "needs uplink.key_file");
  }
  if (!config.uplink_password_file.empty() && config.uplink_user.empty()) {
    look.complain("uplink.password_file", "needs uplink.user");
  }
}

}  // namespace larder::edge
