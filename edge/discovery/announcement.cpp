#include "edge/discovery/announcement.hpp"

namespace larder::edge {
namespace {

// The longest front of a UTF-8 text that fits and does not end inside a character.
std::string cut_between_characters(const std::string& text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

}  // namespace

Announcement hub_announcement(const std::string& store_name, const StoreId& store, const HubId& hub,
                              std::uint16_t port, IpFamily family) {
  Announcement announcement;
  announcement.instance = cut_between_characters("Larder Hub - " + store_name, kInstanceBytesMax);
  announcement.port = port;
  announcement.family = family;
  announcement.txt = {{"txtvers", "1"},   {"proto", "1"},     {"store", store.text()},
                      {"id", hub.text()}, {"path", "/ws/v1"}, {"tls", "0"}};
  return announcement;
}

IpFamily family_of(const std::string& listening_address) {
  if (listening_address.find(':') == std::string::npos) return IpFamily::Four;
  return listening_address == "::" ? IpFamily::Any : IpFamily::Six;
}

bool reaches_the_lan(const std::string& listening_address) {
  return !listening_address.starts_with("127.") && listening_address != "::1";
}

}  // namespace larder::edge
