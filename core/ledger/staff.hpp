// A person who works in the store, and what the till lets them do.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace larder {

// Override: sell what the books say is not there.
enum class Permission { Discount, Void, Stock, Close, Override };
inline constexpr std::size_t kPermissions = 5;

// A set of permissions as bits of 1 << Permission.
struct Permissions {
  std::uint8_t bits = 0;
  constexpr bool has(Permission permission) const {
    return (bits & (1U << static_cast<unsigned>(permission))) != 0;
  }
  constexpr void add(Permission permission) {
    bits = static_cast<std::uint8_t>(bits | (1U << static_cast<unsigned>(permission)));
  }
  bool operator==(const Permissions&) const = default;
};

struct Staff {
  StaffId id;
  std::string name;
  std::string
      pin_hash;  // argon2id in its own text form; the PIN itself never reaches the hub's file
  Permissions permissions;
  TimePoint added_at;
  bool operator==(const Staff&) const = default;
};

// "$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>": the one form that is kept. The cost is fixed, so
// that checking a PIN never takes more memory or time than the hub planned for.
bool is_pin_hash(const std::string& text);

}  // namespace larder
