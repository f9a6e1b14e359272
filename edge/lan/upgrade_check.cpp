#include "edge/lan/upgrade_check.hpp"

#include <algorithm>

namespace larder::edge {

namespace {

HttpRefusal refusal(int status, Code code, std::string message) {
  return HttpRefusal{.status = status, .code = code, .message = std::move(message)};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "name:80" -> "name"; "[::1]:80" -> "[::1]"; empty when what follows the name is no port.
std::string_view without_port(std::string_view host) {
  const std::size_t from = host.starts_with('[') ? std::min(host.find(']'), host.size()) : 0;
  const std::size_t colon = host.find(':', from);
  if (colon == std::string_view::npos) return host;
  const std::string_view port = host.substr(colon + 1);
  const bool good =
      !port.empty() && port.size() <= 5 && std::all_of(port.begin(), port.end(), is_digit);
  return good ? host.substr(0, colon) : std::string_view();
}

bool is_ip4(std::string_view name) {
  std::size_t parts = 0;
  while (true) {
    const std::size_t dot = std::min(name.find('.'), name.size());
    const std::string_view part = name.substr(0, dot);
    if (part.empty() || part.size() > 3 || !std::all_of(part.begin(), part.end(), is_digit)) {
      return false;
    }
    ++parts;
    if (dot == name.size()) return parts == 4;
    name.remove_prefix(dot + 1);
  }
}

bool is_ip6(std::string_view name) {
  if (name.size() < 4 || name.front() != '[' || name.back() != ']') return false;
  const std::string_view inside = name.substr(1, name.size() - 2);
  return inside.find(':') != std::string_view::npos &&
         inside.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
}

bool is_local_name(std::string_view name) {
  constexpr std::string_view kLocal = ".local";
  return name.size() > kLocal.size() && same_word(name.substr(name.size() - kLocal.size()), kLocal);
}

// RFC 6455: 16 bytes in base64, so 22 letters and "==".
bool is_key(std::string_view key) {
  const auto base64 = [](char c) {
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '+' || c == '/';
  };
  return key.size() == 24 && key.ends_with("==") && std::all_of(key.begin(), key.end() - 2, base64);
}

}  // namespace

std::optional<HttpRefusal> check_host(std::string_view host, std::span<const std::string> names) {
  std::string_view name = without_port(host);
  if (name.ends_with('.')) name.remove_suffix(1);
  const bool ours =
      is_ip4(name) || is_ip6(name) || same_word(name, "localhost") || is_local_name(name) ||
      std::any_of(names.begin(), names.end(),
                  [name](const std::string& known) { return same_word(known, name); });
  if (ours) return std::nullopt;
  return refusal(421, Code::BadRequest,
                 "this hub does not answer under that name; use its address or its .local name");
}

std::optional<HttpRefusal> check_origin(const HttpHead& head) {
  if (head.count("Origin") == 0) return std::nullopt;
  constexpr std::string_view kScheme = "http://";
  const std::string_view origin = head.field("Origin");
  const bool own = head.count("Origin") == 1 && origin.size() > kScheme.size() &&
                   same_word(origin.substr(0, kScheme.size()), kScheme) &&
                   same_word(origin.substr(kScheme.size()), head.host);
  if (own) return std::nullopt;
  return refusal(403, Code::Forbidden, "only this hub's own pages may connect to it");
}

std::optional<HttpRefusal> check_upgrade(const HttpHead& head) {
  if (head.method != "GET") return refusal(405, Code::BadRequest, "a WebSocket begins with GET");
  if (!head.wants_upgrade || !list_has(head.field("Upgrade"), "websocket")) {
    return refusal(426, Code::Unsupported, "this path speaks WebSocket; upgrade to it");
  }
  if (head.count("Sec-WebSocket-Version") != 1 || head.field("Sec-WebSocket-Version") != "13") {
    return refusal(426, Code::Unsupported, "WebSocket version 13 is needed");
  }
  if (head.count("Sec-WebSocket-Key") != 1 || !is_key(head.field("Sec-WebSocket-Key"))) {
    return refusal(400, Code::BadRequest, "Sec-WebSocket-Key must be 16 bytes in base64");
  }
  const bool spoken = std::any_of(head.fields.begin(), head.fields.end(), [](const auto& field) {
    return same_word(field.name, "Sec-WebSocket-Protocol") && list_has(field.value, kSubprotocol);
  });
  if (!spoken) return refusal(400, Code::Unsupported, "the subprotocol larder.v1 is needed");
  if (head.content_length > 0) return refusal(400, Code::BadRequest, "an upgrade has no body");
  return std::nullopt;
}

}  // namespace larder::edge
