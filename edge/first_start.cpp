#include "edge/first_start.hpp"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "lan-protocol/digest.hpp"

namespace larder::edge {

namespace {

constexpr const char* kAdmin = "admin";

Result<std::string> random_token() {
  Sha256 bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return refuse(Code::StorageFault, "the kernel gave no random numbers");
  }
  return hex(bytes);
}

std::string first_line(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

bool is_admin(const Ledger& ledger, const std::string& token) {
  if (token.empty()) return false;
  auto found = ledger.devices.find(DeviceId(kAdmin));
  return found != ledger.devices.end() && !found->second.revoked &&
         found->second.token_sha256 == hex(sha256(token));
}

}  // namespace

Result<void> write_file(const std::filesystem::path& file, const std::string& text, bool secret) {
  std::filesystem::path part = file.string() + ".tmp";
  int descriptor = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                          secret ? S_IRUSR | S_IWUSR : S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
  if (descriptor < 0) {
    return refuse(Code::StorageFault,
                  file.string() + " cannot be written: " + std::strerror(errno));
  }
  bool is_written =
      ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      ::fsync(descriptor) == 0;
  ::close(descriptor);
  if (!is_written || ::rename(part.c_str(), file.c_str()) != 0) {
    ::unlink(part.c_str());
    return refuse(Code::StorageFault, file.string() + " cannot be written");
  }
  return {};
}

Result<void> begin_epoch(Hub& hub, const Recovered& recovered) {
  if (recovered.epoch != 0 || recovered.doubt.is_on()) return {};
  return hub.run_own(BeginEpoch{"first start"});
}

Result<void> ensure_admin(Hub& hub, const std::filesystem::path& data_dir) {
  std::filesystem::path file = data_dir / "admin.token";
  if (is_admin(hub.ledger(), first_line(file))) return {};
  auto token = random_token();
  if (!token) return pass_on(token);
  // The file first: a device whose token nobody has would lock everybody out.
  if (auto written = write_file(file, *token + "\n", true); !written) return written;
  AddDevice command;
  command.device = DeviceId(kAdmin);
  command.name = "Admin (larderctl on this machine)";
  command.role = Role::Admin;
  command.token_sha256 = hex(sha256(*token));
  return hub.run_own(command);
}

}  // namespace larder::edge
