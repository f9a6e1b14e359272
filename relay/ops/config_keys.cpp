#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>

#include "lan-protocol/uplink.hpp"
#include "platform/process/credentials.hpp"
#include "platform/process/log_escape.hpp"
#include "relay/ops/config.hpp"

namespace larder::relay {
namespace {

bool is_word_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
}

std::string set_id(Config& config, const std::string& value) {
  if (value.empty() || value.size() > 40 ||
      !std::all_of(value.begin(), value.end(), is_word_byte)) {
    return "must be 1 to 40 of the characters A-Z a-z 0-9 . _ -";
  }
  config.id = value;
  return {};
}

bool is_absolute_path(const std::string& value) {
  return value.size() <= 1'000 && value.starts_with('/') && escaped(value) == value;
}

std::string set_path(std::string& into, const std::string& value, bool may_be_empty) {
  if (!is_absolute_path(value) && !(may_be_empty && value.empty())) {
    return may_be_empty ? "must be a path that begins with /, or empty"
                        : "must be a path that begins with /";
  }
  into = value;
  return {};
}

// A file of the broker's connection: empty for none, a path, or a credential.
std::string set_file(std::string& into, const std::string& value) {
  const std::string file = credential_path(value);
  if (!file.empty() && !is_absolute_path(file) && !is_unknown_credential(file)) {
    return "must be a path that begins with /, $CREDENTIALS_DIRECTORY/ and a name, or empty";
  }
  into = file;
  return {};
}

std::string set_broker_address(Config& config, const std::string& value) {
  const auto is_good = [](char c) { return is_word_byte(c) || c == ':'; };
  if (value.empty() || value.size() > 253 || !std::all_of(value.begin(), value.end(), is_good)) {
    return "must be an IP address or a host name";
  }
  config.broker_address = value;
  return {};
}

std::string set_http_address(Config& config, const std::string& value) {
  in_addr four{};
  in6_addr six{};
  if (inet_pton(AF_INET, value.c_str(), &four) != 1 &&
      inet_pton(AF_INET6, value.c_str(), &six) != 1) {
    return "must be an IP address, for example \"127.0.0.1\"";
  }
  config.http_address = value;
  return {};
}

std::string set_user(Config& config, const std::string& value) {
  if (value.size() > 100 || escaped(value) != value) return "must be at most 100 plain bytes";
  config.user = value;
  return {};
}

std::optional<unsigned> partition_in(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number >= kPartitions) {
    return std::nullopt;
  }
  return number;
}

// "0-63", "0-15,32", "7"
std::string set_partitions(Config& config, const std::string& value) {
  const std::string complaint = "must be numbers and ranges from 0 to 63, for example \"0-31,40\"";
  std::vector<unsigned> found;
  std::string_view rest = value;
  while (true) {
    const std::size_t comma = rest.find(',');
    const std::string_view part = rest.substr(0, comma);
    const std::size_t dash = part.find('-');
    const auto first = partition_in(part.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : partition_in(part.substr(dash + 1));
    if (!first || !last || *last < *first) return complaint;
    for (unsigned partition = *first; partition <= *last; ++partition) found.push_back(partition);
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  std::ranges::sort(found);
  if (std::ranges::adjacent_find(found) != found.end()) return "names a partition twice";
  config.partitions = std::move(found);
  return {};
}

std::string set_log_level(Config& config, const std::string& value) {
  if (value == "error") return config.log_level = LogLevel::Error, std::string();
  if (value == "warn") return config.log_level = LogLevel::Warn, std::string();
  if (value == "info") return config.log_level = LogLevel::Info, std::string();
  if (value == "debug") return config.log_level = LogLevel::Debug, std::string();
  return "must be \"error\", \"warn\", \"info\" or \"debug\"";
}

std::string set_log_format(Config& config, const std::string& value) {
  if (value == "auto") return config.log_format = LogFormat::Auto, std::string();
  if (value == "journald") return config.log_format = LogFormat::Journald, std::string();
  if (value == "text") return config.log_format = LogFormat::Text, std::string();
  return "must be \"auto\", \"journald\" or \"text\"";
}

using Text = const std::string&;

constexpr std::string_view kFileRange = "an absolute path, $CREDENTIALS_DIRECTORY/NAME, or empty";

const std::array kKeys = {
    ConfigKey{"relay", "id", true, "\"relay-1\"", "", "1 to 40 of A-Z a-z 0-9 . _ -",
              "This relay's id; the broker lets one connection have it, the stores are told it.",
              TextKey{set_id}},
    ConfigKey{"relay", "data_dir", false, "\"/var/lib/larder-relay\"", "", "an absolute path",
              "Where the databases and the lock are; one relay per directory.",
              TextKey{[](Config& c, Text v) { return set_path(c.data_dir, v, false); }}},
    ConfigKey{"broker", "address", false, "\"127.0.0.1\"", "", "an IP address or a host name",
              "The MQTT broker.", TextKey{set_broker_address}},
    ConfigKey{
        "broker", "port", false, "1883", "", "1 to 65535", "The broker's port.",
        WholeKey{1, 65'535,
                 [](Config& c, std::int64_t v) { c.broker_port = static_cast<std::uint16_t>(v); }}},
    ConfigKey{"broker", "tls", false, "false", "", "true or false",
              "Speak TLS to the broker and check its name.",
              SwitchKey{[](Config& c, bool v) { c.tls = v; }}},
    ConfigKey{"broker", "ca_file", false, "\"\"", "", kFileRange,
              "Whom the broker's certificate must be from; empty: the system's authorities.",
              TextKey{[](Config& c, Text v) { return set_file(c.ca_file, v); }}},
    ConfigKey{"broker", "cert_file", false, "\"\"", "", kFileRange,
              "The relay's own certificate, when the broker wants one.",
              TextKey{[](Config& c, Text v) { return set_file(c.cert_file, v); }}},
    ConfigKey{"broker", "key_file", false, "\"\"", "", kFileRange, "The key of that certificate.",
              TextKey{[](Config& c, Text v) { return set_file(c.key_file, v); }}},
    ConfigKey{"broker", "user", false, "\"\"", "", "at most 100 bytes, or empty",
              "The user at the broker.", TextKey{set_user}},
    ConfigKey{"broker", "password_file", false, "\"\"", "", kFileRange,
              "A file with that user's password in one line, readable by its owner alone.",
              TextKey{[](Config& c, Text v) { return set_file(c.password_file, v); }}},
    ConfigKey{"broker", "partitions", false, "\"0-63\"", "", "numbers and ranges from 0 to 63",
              "The partitions whose stores this relay serves; no two relays may share one.",
              TextKey{set_partitions}},
    ConfigKey{"http", "address", false, "\"127.0.0.1\"", "", "an IP address",
              "The address that the HTTP API, HQ's page and the metrics listen on.",
              TextKey{set_http_address}},
    ConfigKey{
        "http", "port", false, "7490", "", "1 to 65535", "Their port.",
        WholeKey{1, 65'535,
                 [](Config& c, std::int64_t v) { c.http_port = static_cast<std::uint16_t>(v); }}},
    ConfigKey{
        "http", "web_root", false, "\"/usr/share/larder/web-relay\"", "",
        "an absolute path, or empty",
        "Where the built pages of HQ and of the storefront are; empty: no pages, the API alone.",
        TextKey{[](Config& c, Text v) { return set_path(c.web_root, v, true); }}},
    ConfigKey{"http", "https_only", false, "false", "", "true or false",
              "Browsers reach this relay by https alone (a proxy in front of it): the session's "
              "cookie is sent no other way.",
              SwitchKey{[](Config& c, bool v) { c.https_only = v; }}},
    ConfigKey{
        "http", "storefront", false, "false", "", "true or false",
        "Guests may order without an account, at /order/?store=ID. Payments are simulated: for "
        "trials.",
        SwitchKey{[](Config& c, bool v) { c.storefront = v; }}},
    ConfigKey{
        "shards", "databases", false, "2", "databases", "1 to 16",
        "Over how many databases the stores are spread; never changed while there are rows.",
        WholeKey{1, 16,
                 [](Config& c, std::int64_t v) { c.databases = static_cast<std::size_t>(v); }}},
    ConfigKey{"limits", "stores", false, "50000", "stores", "1 to 1000000",
              "How many stores are known at most; what others send is dropped and counted.",
              WholeKey{1, 1'000'000,
                       [](Config& c, std::int64_t v) { c.stores = static_cast<std::size_t>(v); }}},
    ConfigKey{
        "limits", "queue_batches", false, "2048", "batches", "128 to 65536",
        "How many batches may wait for one database.",
        WholeKey{128, 65'536,
                 [](Config& c, std::int64_t v) { c.queue_batches = static_cast<std::size_t>(v); }}},
    ConfigKey{"limits", "queue_mb", false, "64", "MB", "16 to 4096",
              "How much memory the batches may take that wait for one database.",
              WholeKey{16, 4'096,
                       [](Config& c,
                          std::int64_t v) { c.queue_megabytes = static_cast<std::size_t>(v); }}},
    ConfigKey{"limits", "catch_up_stores", false, "200", "stores", "1 to 100000",
              "How many stores may drain what they queued while they were away at the same time.",
              WholeKey{1, 100'000,
                       [](Config& c,
                          std::int64_t v) { c.catch_up_stores = static_cast<std::size_t>(v); }}},
    ConfigKey{
        "reconcile", "every_minutes", false, "60", "minutes", "0 to 1440",
        "How often the stock of each store is compared with its hub's, and repaired; 0: only "
        "when somebody asks.",
        WholeKey{0, 1'440,
                 [](Config& c,
                    std::int64_t v) { c.reconcile_every_minutes = static_cast<std::size_t>(v); }}},
    ConfigKey{"log", "level", false, "\"info\"", "", "error, warn, info or debug",
              "The least important lines that are written.", TextKey{set_log_level}},
    ConfigKey{"log", "format", false, "\"auto\"", "", "auto, journald or text",
              "How lines are written to stderr; auto is journald when journald reads them.",
              TextKey{set_log_format}},
};

}  // namespace

std::span<const ConfigKey> config_keys() { return kKeys; }

}  // namespace larder::relay
