#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "relay/api/accounts.hpp"
#include "relay/api/secrets.hpp"

namespace larder::relay {

namespace {

constexpr std::size_t kFileBytesMax = 16U * 1024 * 1024;

class File {
 public:
  File(const std::string& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }

 private:
  int fd_;
};

Refused refused_with(const std::string& path, int failed) {
  const Code code = failed == EACCES || failed == EPERM ? Code::Forbidden : Code::StorageFault;
  return refuse(code, path + ": " + std::strerror(failed));
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// Whole or not at all: a new file, synced, takes the place of the old one.
Result<void> write_file(const std::string& path, std::string_view text) {
  const std::string fresh = path + ".new";
  ::unlink(fresh.c_str());
  {
    const File file(fresh, O_WRONLY | O_CREAT | O_EXCL);
    if (!file.is_open()) return refused_with(fresh, errno);
    if (!write_all(file.fd(), text) || ::fsync(file.fd()) != 0) return refused_with(fresh, errno);
  }
  if (::rename(fresh.c_str(), path.c_str()) != 0) return refused_with(path, errno);
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const File directory(folder, O_RDONLY | O_DIRECTORY);
  if (!directory.is_open() || ::fsync(directory.fd()) != 0) return refused_with(folder, errno);
  return {};
}

Result<std::string> read_file(const std::string& path) {
  const File file(path, O_RDONLY);
  if (!file.is_open()) return refused_with(path, errno);
  struct stat state {};
  if (::fstat(file.fd(), &state) != 0) return refused_with(path, errno);
  if ((state.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return refuse(Code::Forbidden, path + " can be read by others than its owner: chmod 600 it");
  }
  if (state.st_size < 0 || static_cast<std::size_t>(state.st_size) > kFileBytesMax) {
    return refuse(Code::Corrupt, path + " is too large");
  }
  std::string text(static_cast<std::size_t>(state.st_size), '\0');
  std::size_t at = 0;
  while (at < text.size()) {
    const ssize_t got = ::read(file.fd(), text.data() + at, text.size() - at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return refused_with(path, errno);
    if (got == 0) break;
    at += static_cast<std::size_t>(got);
  }
  text.resize(at);
  return text;
}

// The password is on disk before the account that it opens, so that a crash in between leaves no
// account that nobody can use.
Result<Accounts> first_accounts(const std::string& data_dir) {
  constexpr std::size_t kSecretBytes = 18;
  const std::string password = random_base64url(kSecretBytes);
  auto hashed = hash_password(password);
  if (!hashed) return pass_on(hashed);
  if (auto kept = write_file(first_password_file(data_dir), password + "\n"); !kept) {
    return pass_on(kept);
  }
  Accounts accounts;
  accounts.users.push_back(
      {.name = "admin", .role = UserRole::Admin, .secret = std::move(*hashed), .stores = {}});
  if (auto saved = save_accounts(data_dir, accounts); !saved) return pass_on(saved);
  return accounts;
}

}  // namespace

std::string accounts_file(const std::string& data_dir) { return data_dir + "/accounts.json"; }
std::string first_password_file(const std::string& data_dir) {
  return data_dir + "/admin.password";
}

Result<Accounts> open_accounts(const std::string& data_dir) {
  const std::string path = accounts_file(data_dir);
  if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT) return first_accounts(data_dir);
  const auto text = read_file(path);
  if (!text) return pass_on(text);
  auto accounts = decode_accounts(*text);
  if (!accounts) return refuse(Code::Corrupt, path + ": " + accounts.error().message());
  return accounts;
}

Result<void> save_accounts(const std::string& data_dir, const Accounts& accounts) {
  return write_file(accounts_file(data_dir), encode_accounts(accounts));
}

}  // namespace larder::relay
