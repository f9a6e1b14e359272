// A device that may speak to the hub, and its role.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace larder {

enum class Role { Kiosk, Kds, Till, Admin };

// A set of roles as bits of 1 << Role; the verb table is written with these.
using Roles = std::uint8_t;
constexpr Roles role_bit(Role role) {
  return static_cast<Roles>(1U << static_cast<unsigned>(role));
}

struct Device {
  DeviceId id;
  std::string name;
  Role role = Role::Kiosk;
  StationId station;         // of a KDS; empty: all stations
  std::string token_sha256;  // lower-case hex
  bool revoked = false;
  TimePoint added_at;
  bool operator==(const Device&) const = default;
};

}  // namespace larder
