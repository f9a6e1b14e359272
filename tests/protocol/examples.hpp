// Random values of every shape, and a few fixed ones, for the tests of the protocol.
#pragma once

#include <rapidcheck.h>

#include <string>
#include <vector>

#include "core/ledger/commands.hpp"
#include "core/ledger/events.hpp"
#include "lan-protocol/codec.hpp"

namespace larder::examples {

// Any event of one alternative of Event; ids are good ids, texts any UTF-8 without control bytes.
rc::Gen<StampedEvent> any_event(std::size_t alternative);
// Any command of one alternative of Command, in the form the strict decoder gives it.
rc::Gen<Command> any_command(std::size_t alternative);
// The last two alternatives of Command are made by the hub itself and never decoded.
inline constexpr std::size_t kDeviceCommands = std::variant_size_v<Command> - 3;

// The two orders of the golden files.
Order placed_order();
Order voided_order();

}  // namespace larder::examples
