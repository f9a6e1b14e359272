// From a wire name back to its enum value. The names themselves are in names.cpp, one switch per
// enum, so that the compiler finds a missing one.
#pragma once

#include <optional>
#include <string_view>
#include <type_traits>

#include "core/stock/stock.hpp"
#include "lan-protocol/codec.hpp"

namespace larder {

std::string_view wire_name(HoldKind kind);

// Values run from 0 without a gap; wire_name() of the one after the last is empty.
template <typename Enum>
requires std::is_enum_v<Enum> std::optional<Enum> from_wire(std::string_view name) {
  for (int i = 0;; ++i) {
    const auto value = static_cast<Enum>(i);
    const std::string_view candidate = wire_name(value);
    if (candidate.empty()) return std::nullopt;
    if (candidate == name) return value;
  }
}

}  // namespace larder
