// Commands, events and shapes as JSON and back (PROTOCOL.md sections 5 to 7). Decoders are strict
// for commands, lenient (unknown members) for events.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/ledger/commands.hpp"
#include "core/ledger/events.hpp"
#include "core/ledger/ledger.hpp"
#include "lan-protocol/json.hpp"

namespace larder {

// An event with who and when: the `data` of the journal.
struct StampedEvent {
  TimePoint at;
  CommandId command;  // empty: by the hub itself
  DeviceId by;
  StaffId staff;  // who was signed in there; empty: nobody
  Event event;
  bool operator==(const StampedEvent&) const = default;
};

// {"at":..,"cmd":..,"by":..,"event":"order.placed","body":{..}}, canonical; "staff":.. after "by"
// when somebody was signed in.
std::string encode_event(const StampedEvent& stamped);
// Corrupt when it is not what encode_event writes; NewerSchema for an event name this version does
// not know.
Result<StampedEvent> decode_event(std::string_view data);
std::string_view event_name(const Event& event);

// The verb of a command, and its args as canonical JSON: what a client sends, and what the body
// digest is taken over.
std::string_view command_verb(const Command& command);
std::string encode_args(const Command& command);

// A MENU document as a person or a file writes it (members may be left out where PROTOCOL.md or the
// schema gives a default).
Result<Menu> decode_menu(const Json& json);
void write_menu(JsonWriter& out, const Menu& menu);
void write_order(JsonWriter& out, const Order& order);
void write_kitchen_order(JsonWriter& out, const Order& order);
void write_level(JsonWriter& out, const SkuId& sku, const StockLevel& level);
void write_hold(JsonWriter& out, const Hold& hold);
void write_device(JsonWriter& out, const Device& device);
// Without the hash of the PIN: that stays between the journal and the hub.
void write_staff(JsonWriter& out, const Staff& staff);
// `open`: the orders that are not paid now.
void write_statement(JsonWriter& out, BusinessDay day, const DayBook& book, const Tally& open);

// The members of a reply's `result` for an accepted command.
std::string encode_outcome(const Command& command, const Outcome& outcome);

// Wire names.
std::string_view wire_name(OrderState state);
std::string_view wire_name(Channel channel);
std::string_view wire_name(Service service);
std::string_view wire_name(Tender tender);
std::string_view wire_name(Role role);
std::string_view wire_name(StockType type);
std::string_view wire_name(StockStatus status);
std::string_view wire_name(TicketAction action);
std::string_view wire_name(MovementKind kind);
std::string_view wire_name(RestoreRule rule);
std::string_view wire_name(DiscountKind kind);
std::string_view wire_name(Permission permission);

}  // namespace larder
