#include "relay/ops/config.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "lan-protocol/uplink.hpp"
#include "platform/process/credentials.hpp"

namespace larder::relay {
namespace {

constexpr std::size_t kSecretBytesMax = 1'024;

// What no key can know alone.
void check_together(const Config& config, config::Reading& reading) {
  // The key that is in the file is named; the other one stands at its default.
  const auto complain = [&reading](const char* first, const char* second,
                                   const std::string& sentence) {
    auto place = reading.place(first);
    if (!place) place = reading.place(second);
    reading.complain(place.value_or(config::Place{}), sentence);
  };
  if (config.cert_file.empty() != config.key_file.empty()) {
    complain("broker.cert_file", "broker.key_file",
             "broker.cert_file and broker.key_file must be set together");
  }
  if (!config.tls && !(config.ca_file.empty() && config.cert_file.empty())) {
    complain("broker.ca_file", "broker.cert_file",
             "broker.ca_file and broker.cert_file have no sense while broker.tls is false");
  }
  if (config.user.empty() && !config.password_file.empty()) {
    complain("broker.password_file", "broker.user",
             "broker.password_file has no sense without broker.user");
  }
  if (config.catch_up_stores > config.stores) {
    complain("limits.catch_up_stores", "limits.stores",
             "limits.catch_up_stores (" + std::to_string(config.catch_up_stores) +
                 ") must not be more than limits.stores (" + std::to_string(config.stores) + ")");
  }
}

}  // namespace

Result<Config> parse_config(std::string_view text, const std::string& file) {
  config::Reading reading(file);
  Config config;
  if (reading.read(text, config::bound_keys(config_keys(), config))) {
    check_together(config, reading);
  }
  if (!reading.is_good()) return reading.refusal();
  if (config.partitions.empty()) {
    for (unsigned partition = 0; partition < kPartitions; ++partition) {
      config.partitions.push_back(partition);
    }
  }
  return config;
}

Result<Config> read_config(const std::string& file) {
  const auto text = config::read_config_text(file);
  if (!text) return pass_on(text);
  return parse_config(*text, file);
}

Result<std::string> read_secret(const std::string& file) {
  const auto bad = [&file](Code code, const std::string& why) {
    return refuse(code, "the secret file " + file + " " + why);
  };
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    const Code code = errno == EACCES ? Code::Forbidden : Code::BadConfig;
    return bad(code, std::string("cannot be read: ") + std::strerror(errno));
  }
  struct stat found {};
  std::array<char, kSecretBytesMax + 1> bytes{};
  const bool is_file = ::fstat(descriptor, &found) == 0 && S_ISREG(found.st_mode);
  const ssize_t size = is_file ? ::read(descriptor, bytes.data(), bytes.size()) : -1;
  ::close(descriptor);
  if (!is_file) return bad(Code::BadConfig, "is no plain file");
  if (!is_secret(file, found.st_mode)) {
    return bad(Code::BadConfig, "may be read by others: chmod 600 it");
  }
  if (size < 0) return bad(Code::BadConfig, "cannot be read");
  std::string secret(bytes.data(), static_cast<std::size_t>(size));
  if (secret.ends_with('\n')) secret.pop_back();
  const bool is_one_line = secret.find_first_of(std::string_view("\n\r\0", 3)) == std::string::npos;
  if (secret.empty() || secret.size() > kSecretBytesMax || !is_one_line) {
    return bad(Code::BadConfig, "must hold one line of 1 to 1024 bytes");
  }
  return secret;
}

std::string printed_config() {
  return config::printed_config(
      config::key_texts(config_keys()),
      "# Larder: the config file of the cloud's relay. Keys that stand behind a # have the value\n"
      "# shown; the others must be set. A change needs a restart of larder-relay.\n");
}

std::string config_page() {
  std::string text =
      "# The relay's config file\n\n"
      "This page is made from the table in `relay/ops/config_keys.cpp`; a test fails when it is "
      "old.\n\n"
      "The relay reads one TOML file at start, as strictly as the hub reads its own (CONFIG.md): a "
      "file with\nanything wrong in it is refused as a whole with exit code 78 and one "
      "`file:line:column: sentence` for each\nfault. `larder-relay --check-config` says the same "
      "without starting.\n\n";
  text += config::key_table(config::key_texts(config_keys()));
  text += "\n`larder-relay --print-config` writes this:\n\n```toml\n" + printed_config() + "```\n";
  return text;
}

}  // namespace larder::relay
