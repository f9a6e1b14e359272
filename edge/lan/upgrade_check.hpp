// May this request become a WebSocket, and does it name this hub? Pure functions.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "edge/lan/http_head.hpp"

namespace larder::edge {

inline constexpr std::string_view kWebSocketPath = "/ws/v1";
inline constexpr std::string_view kSubprotocol = "larder.v1";

// An IP literal, localhost, *.local or one of `names`, each with or without a port. Anything else
// is a foreign name that somebody pointed at this address (DNS rebinding): 421.
std::optional<HttpRefusal> check_host(std::string_view host, std::span<const std::string> names);

// A browser says where its page came from; only this hub's own pages may speak: 403.
std::optional<HttpRefusal> check_origin(const HttpHead& head);

// Version 13 (426), a key of 16 bytes, subprotocol larder.v1 (400).
std::optional<HttpRefusal> check_upgrade(const HttpHead& head);

}  // namespace larder::edge
