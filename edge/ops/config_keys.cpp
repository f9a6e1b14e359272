#include "edge/ops/config_keys.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "platform/process/credentials.hpp"
#include "platform/process/log_escape.hpp"

namespace larder::edge {
namespace {

constexpr std::size_t kHostNamesMax = 16;

bool is_id_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("._:/-").find(c) != std::string_view::npos;
}

std::string set_store(Config& config, const std::string& value) {
  if (value.empty() || value.size() > kIdBytesMax ||
      !std::all_of(value.begin(), value.end(), is_id_byte)) {
    return "must be 1 to 64 of the characters A-Z a-z 0-9 . _ : / -";
  }
  config.store = StoreId(value);
  return {};
}

std::string set_name(Config& config, const std::string& value) {
  // Escaping changes nothing exactly when the text is plain: valid UTF-8, no control characters.
  if (value.empty() || value.size() > 100 || escaped(value) != value) {
    return "must be 1 to 100 bytes of plain text without control characters or backslashes";
  }
  config.name = value;
  return {};
}

std::string set_zone(Config& config, const std::string& value) {
  config.zone = value;  // whether the zone exists is asked by parse_config(), which knows where
  return {};
}

std::string set_currency(Config& config, const std::string& value) {
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (!value.empty() &&
      (value.size() != 3 || !std::all_of(value.begin(), value.end(), is_capital))) {
    return "must be three capital letters (ISO 4217), for example \"EUR\"";
  }
  config.currency = value;
  return {};
}

std::string set_accent(Config& config, const std::string& value) {
  const auto is_hex = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
  if (value.size() != 7 || value[0] != '#' ||
      !std::all_of(value.begin() + 1, value.end(), is_hex)) {
    return "must be a colour as \"#rrggbb\", for example \"#c2410c\"";
  }
  config.accent = value;
  return {};
}

std::string set_day_start(Config& config, const std::string& value) {
  const auto digit = [&value](std::size_t at) { return value[at] - '0'; };
  const std::string complaint = "must be a time of day as \"hh:mm\", from \"00:00\" to \"23:59\"";
  if (value.size() != 5 || value[2] != ':') return complaint;
  for (const std::size_t at : {0U, 1U, 3U, 4U}) {
    if (value[at] < '0' || value[at] > '9') return complaint;
  }
  const int hours = digit(0) * 10 + digit(1);
  const int minutes = digit(3) * 10 + digit(4);
  if (hours > 23 || minutes > 59) return complaint;
  config.day_start_minutes = hours * 60 + minutes;
  return {};
}

bool is_absolute_path(const std::string& value) {
  return value.size() <= 1'000 && value.starts_with('/') && escaped(value) == value;
}

std::string set_data_dir(Config& config, const std::string& value) {
  if (!is_absolute_path(value)) return "must be a path that begins with /";
  config.data_dir = value;
  return {};
}

std::string set_web_root(Config& config, const std::string& value) {
  if (!is_absolute_path(value)) return "must be a path that begins with /";
  config.web_root = value;
  return {};
}

std::string set_address(Config& config, const std::string& value) {
  in_addr four{};
  in6_addr six{};
  if (inet_pton(AF_INET, value.c_str(), &four) != 1 &&
      inet_pton(AF_INET6, value.c_str(), &six) != 1) {
    return "must be an IP address, for example \"0.0.0.0\" for all networks";
  }
  config.address = value;
  return {};
}

bool is_host_name(std::string_view name) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
  };
  return !name.empty() && name.size() <= 253 && std::all_of(name.begin(), name.end(), is_plain) &&
         name.front() != '.' && name.front() != '-' && name.back() != '.' &&
         name.find("..") == std::string_view::npos;
}

std::string set_host_names(Config& config, const std::string& value) {
  const std::string complaint = "must be up to 16 DNS names without a port, parted by commas";
  std::vector<std::string> names;
  for (std::size_t at = 0; !value.empty() && at <= value.size();) {
    const std::size_t end = std::min(value.find(',', at), value.size());
    std::string_view name = std::string_view(value).substr(at, end - at);
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    if (!is_host_name(name) || names.size() == kHostNamesMax) return complaint;
    names.emplace_back(name);
    at = end + 1;
  }
  config.host_names = std::move(names);
  return {};
}

std::string set_uplink_address(Config& config, const std::string& value) {
  const auto is_host_byte = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view(".-:").find(c) != std::string_view::npos;
  };
  if (value.size() > 253 || !std::all_of(value.begin(), value.end(), is_host_byte)) {
    return "must be a host name or an IP address, for example \"mq-1.example.com\"";
  }
  config.uplink_address = value;
  return {};
}

std::string set_uplink_user(Config& config, const std::string& value) {
  if (value.size() > 100 || escaped(value) != value) {
    return "must be at most 100 bytes of plain text";
  }
  config.uplink_user = value;
  return {};
}

// A file of the uplink: empty for none, a path, or a credential.
template <std::string Config::*File>
std::string set_file(Config& config, const std::string& value) {
  const std::string file = credential_path(value);
  if (!file.empty() && !is_absolute_path(file) && !is_unknown_credential(file)) {
    return "must be a path that begins with /, or $CREDENTIALS_DIRECTORY/ and a name";
  }
  config.*File = file;
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

constexpr std::string_view kFileRange = "an absolute path, $CREDENTIALS_DIRECTORY/NAME, or empty";

const std::array kKeys = {
    ConfigKey{"store", "id", true, "\"s1\"", "", "1 to 64 of A-Z a-z 0-9 . _ : / -",
              "The store's id, as the whole estate knows it; it is written into the store file.",
              TextKey{set_store}},
    ConfigKey{"store", "name", true, "\"Sample store\"", "", "1 to 100 bytes",
              "The name that people read on the screens.", TextKey{set_name}},
    ConfigKey{"store", "zone", true, "\"Europe/Berlin\"", "", "an IANA time zone",
              "The store's time zone; business days are counted in it.", TextKey{set_zone}},
    ConfigKey{"store", "currency", false, "\"\"", "", "ISO 4217, or empty",
              "When set, a menu in another currency is refused.", TextKey{set_currency}},
    ConfigKey{"store", "day_start", false, "\"04:00\"", "", "00:00 to 23:59",
              "When the business day begins; an order before it belongs to the day before.",
              TextKey{set_day_start}},
    ConfigKey{"store", "accent", false, "\"#c2410c\"", "", "#rrggbb",
              "The one accent colour of the store's screens.", TextKey{set_accent}},
    ConfigKey{"hub", "data_dir", false, "\"/var/lib/larder\"", "", "an absolute path",
              "Where the store file, its lock and its backups live; one hub per directory.",
              TextKey{set_data_dir}},
    ConfigKey{"hub", "web_root", false, "\"/usr/share/larder/web\"", "", "an absolute path",
              "Where the built screens are.", TextKey{set_web_root}},
    ConfigKey{"hub", "force_filesystem", false, "false", "", "true or false",
              "Accept a data_dir on a file system that is not known to keep what it has synced.",
              SwitchKey{[](Config& c, bool v) { c.force_filesystem = v; }}},
    ConfigKey{"hub", "machine_file", false, "\"\"", "", kFileRange,
              "A file whose first line names this machine, where its hardware cannot be told from "
              "another's (a container); a store file that comes from another machine is not sold "
              "from.",
              TextKey{set_file<&Config::machine_file>}},
    ConfigKey{"lan", "address", false, "\"0.0.0.0\"", "", "an IP address",
              "The address to listen on; \"127.0.0.1\" for this machine alone.",
              TextKey{set_address}},
    ConfigKey{"lan", "port", false, "7480", "", "1 to 65535", "The port of screens and clients.",
              WholeKey{1, 65'535,
                       [](Config& c, std::int64_t v) { c.port = static_cast<std::uint16_t>(v); }}},
    ConfigKey{"lan", "host_names", false, "\"\"", "", "up to 16 DNS names, parted by commas",
              "The names, besides addresses and *.local, under which screens may call the hub, "
              "for example \"hub.shop.example\".",
              TextKey{set_host_names}},
    ConfigKey{
        "lan", "commands_per_second", false, "20", "commands per second", "1 to 100000",
        "How many commands one device may send for long.",
        WholeKey{1, 100'000,
                 [](Config& c, std::int64_t v) { c.commands_per_second = static_cast<int>(v); }}},
    ConfigKey{"lan", "command_burst", false, "50", "commands", "1 to 100000",
              "How many commands one device may send at once; not less than commands_per_second.",
              WholeKey{1, 100'000,
                       [](Config& c, std::int64_t v) { c.command_burst = static_cast<int>(v); }}},
    ConfigKey{"lan", "sessions", false, "256", "connections", "33 to 256",
              "How many connections are held at once; 32 of them are kept for known devices.",
              WholeKey{static_cast<std::int64_t>(kReservedSessions) + 1,
                       static_cast<std::int64_t>(kSessionsMax),
                       [](Config& c, std::int64_t v) { c.sessions = static_cast<int>(v); }}},
    ConfigKey{"mdns", "enabled", false, "true", "", "true or false",
              "Announce the hub on the LAN by mDNS (through avahi-daemon, when there is one).",
              SwitchKey{[](Config& c, bool v) { c.mdns = v; }}},
    ConfigKey{"kitchen", "late_s", false, "300", "seconds", "10 to 86400",
              "After this time a ticket is shown as late.",
              WholeKey{10, 86'400,
                       [](Config& c, std::int64_t v) { c.late_seconds = static_cast<int>(v); }}},
    ConfigKey{
        "kitchen", "very_late_s", false, "480", "seconds", "10 to 86400",
        "After this time a ticket is shown as very late; more than late_s.",
        WholeKey{10, 86'400,
                 [](Config& c, std::int64_t v) { c.very_late_seconds = static_cast<int>(v); }}},
    ConfigKey{
        "staff", "idle_s", false, "180", "seconds", "20 to 86400",
        "After this time without a touch, who is signed in at a till is signed out.",
        WholeKey{20, 86'400,
                 [](Config& c, std::int64_t v) { c.staff_idle_seconds = static_cast<int>(v); }}},
    ConfigKey{"uplink", "enabled", false, "true", "", "true or false",
              "false leaves the cloud alone although an address is set.",
              SwitchKey{[](Config& c, bool v) { c.uplink = v; }}},
    ConfigKey{"uplink", "address", false, "\"\"", "", "a host name or an IP address, or empty",
              "The broker of the cloud; empty: this store has no cloud.",
              TextKey{set_uplink_address}},
    ConfigKey{
        "uplink", "port", false, "8883", "", "1 to 65535", "The broker's port.",
        WholeKey{1, 65'535,
                 [](Config& c, std::int64_t v) { c.uplink_port = static_cast<std::uint16_t>(v); }}},
    ConfigKey{"uplink", "tls", false, "true", "", "true or false",
              "Speak TLS to the broker; false only where the way to it is safe by itself.",
              SwitchKey{[](Config& c, bool v) { c.uplink_tls = v; }}},
    ConfigKey{"uplink", "ca_file", false, "\"\"", "", kFileRange,
              "The authority that the broker's certificate must come from (PEM); empty: those of "
              "the system.",
              TextKey{set_file<&Config::uplink_ca_file>}},
    ConfigKey{"uplink", "cert_file", false, "\"\"", "", kFileRange,
              "This store's certificate (PEM); its name is the store's id.",
              TextKey{set_file<&Config::uplink_cert_file>}},
    ConfigKey{"uplink", "key_file", false, "\"\"", "", kFileRange,
              "The certificate's private key (PEM); readable by the hub's user alone.",
              TextKey{set_file<&Config::uplink_key_file>}},
    ConfigKey{"uplink", "user", false, "\"\"", "", "at most 100 bytes, or empty",
              "The user at the broker, where it wants one.", TextKey{set_uplink_user}},
    ConfigKey{"uplink", "password_file", false, "\"\"", "", kFileRange,
              "A file with that user's password in its first line; readable by the hub's user "
              "alone.",
              TextKey{set_file<&Config::uplink_password_file>}},
    ConfigKey{
        "uplink", "max_inflight", false, "32", "messages", "2 to 100",
        "How many messages may be under way to the broker.",
        WholeKey{2, 100,
                 [](Config& c, std::int64_t v) { c.uplink_max_inflight = static_cast<int>(v); }}},
    ConfigKey{"log", "level", false, "\"info\"", "", "error, warn, info or debug",
              "The least important lines that are written.", TextKey{set_log_level}},
    ConfigKey{"log", "format", false, "\"auto\"", "", "auto, journald or text",
              "How lines are written to stderr; auto is journald when journald reads them.",
              TextKey{set_log_format}},
};

}  // namespace

std::span<const ConfigKey> config_keys() { return kKeys; }

std::string key_path(const ConfigKey& key) { return config::path_of(key.text()); }

}  // namespace larder::edge
