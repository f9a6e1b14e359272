// What the hub says about itself on the LAN: section 1 of lan-protocol/PROTOCOL.md.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/ids.hpp"
#include "edge/app/ports.hpp"

namespace larder::edge {

inline constexpr const char* kServiceType = "_larder._tcp";
inline constexpr const char* kHubSubtype = "_hub._sub._larder._tcp";
inline constexpr std::size_t kInstanceBytesMax = 63;  // RFC 6763, section 4.1.1

// The instance is "Larder Hub - <store name>", cut to kInstanceBytesMax between characters.
Announcement hub_announcement(const std::string& store_name, const StoreId& store, const HubId& hub,
                              std::uint16_t port, IpFamily family = IpFamily::Any);

// What an address to listen on can be reached by; "::" takes both.
IpFamily family_of(const std::string& listening_address);

// The address stands for more than this machine, so that it is worth announcing.
bool reaches_the_lan(const std::string& listening_address);

}  // namespace larder::edge
