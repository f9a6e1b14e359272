#include "edge/storage/standing_orders.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

#include "edge/storage/disk.hpp"

namespace larder::edge {
namespace {

constexpr const char* kCodeFile = "takeover.code";
constexpr const char* kAcceptedFile = "recovery.accepted";
constexpr std::size_t kLineBytesMax = 500;

std::string first_line(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line.substr(0, kLineBytesMax);
}

Result<void> leave(const std::filesystem::path& file, const std::string& line) {
  const std::filesystem::path part = file.string() + ".new";
  const std::string text = line + "\n";
  {
    const Descriptor out(
        ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!out.is_open()) return system_failure("Cannot write", part, errno);
    const ssize_t written = ::write(out.number(), text.data(), text.size());
    if (written != static_cast<ssize_t>(text.size()) || ::fsync(out.number()) != 0) {
      return system_failure("Cannot write", part, errno);
    }
  }
  return rename_durably(part, file);
}

}  // namespace

StandingOrders read_standing_orders(const std::filesystem::path& data_directory) {
  return StandingOrders{first_line(data_directory / kCodeFile),
                        first_line(data_directory / kAcceptedFile)};
}

Result<void> leave_takeover_code(const std::filesystem::path& data_directory,
                                 const std::string& code) {
  return leave(data_directory / kCodeFile, code);
}

Result<void> leave_acceptance(const std::filesystem::path& data_directory,
                              const std::string& reason) {
  return leave(data_directory / kAcceptedFile, reason);
}

void forget_standing_orders(const std::filesystem::path& data_directory) {
  ::unlink((data_directory / kCodeFile).c_str());
  ::unlink((data_directory / kAcceptedFile).c_str());
}

}  // namespace larder::edge
