// The event around its body: at, cmd, by, event, body.
#include <array>

#include "lan-protocol/codec.hpp"
#include "lan-protocol/event_shapes.hpp"
#include "lan-protocol/shapes.hpp"

namespace larder {
namespace {

// What this house wrote itself is bounded by what commands may bring in, not by a client's limits:
// a menu may be large, and one order grows with what the menu adds to it.
constexpr JsonLimits kEventLimits = {32, 8'000'000, 64 * 1024};

template <typename T>
Event read_body(const Input& in) {
  T event;
  take(in, event);
  return event;
}

struct EventRow {
  std::string_view name;
  Event (*read)(const Input& body);
};

// In the order of the alternatives of Event.
constexpr std::array kEvents = {
    EventRow{"epoch.begun", read_body<EpochBegun>},
    EventRow{"day.opened", read_body<DayOpened>},
    EventRow{"menu.imported", read_body<MenuImported>},
    EventRow{"device.added", read_body<DeviceAdded>},
    EventRow{"device.revoked", read_body<DeviceRevoked>},
    EventRow{"stock.changed", read_body<StockChanged>},
    EventRow{"hold.locked", read_body<HoldLocked>},
    EventRow{"hold.moved", read_body<HoldMoved>},
    EventRow{"hold.confirmed", read_body<HoldConfirmed>},
    EventRow{"hold.released", read_body<HoldReleased>},
    EventRow{"order.placed", read_body<OrderPlaced>},
    EventRow{"order.paid", read_body<OrderPaid>},
    EventRow{"order.accepted", read_body<OrderAccepted>},
    EventRow{"order.served", read_body<OrderServed>},
    EventRow{"order.cancelled", read_body<OrderCancelled>},
    EventRow{"order.voided", read_body<OrderVoided>},
    EventRow{"ticket.changed", read_body<TicketChanged>},
    EventRow{"order.discounted", read_body<OrderDiscounted>},
    EventRow{"order.line_voided", read_body<OrderLineVoided>},
    EventRow{"staff.added", read_body<StaffAdded>},
    EventRow{"staff.removed", read_body<StaffRemoved>},
    EventRow{"day.closed", read_body<DayClosed>},
    EventRow{"hq.word_taken", read_body<WordTaken>},
    EventRow{"lease.granted", read_body<LeaseGranted>},
    EventRow{"lease.settled", read_body<LeaseSettled>},
    EventRow{"lease.recalled", read_body<LeaseRecalled>},
    EventRow{"stock.oversold", read_body<StockOversold>},
    EventRow{"oversell.resolved", read_body<OversellResolved>},
};
static_assert(kEvents.size() == std::variant_size_v<Event>);

const EventRow* find_event(std::string_view name) {
  for (const EventRow& row : kEvents) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

Refused corrupt(const Error& error) { return refuse(Code::Corrupt, "event: " + error.message()); }

}  // namespace

std::string_view event_name(const Event& event) { return kEvents.at(event.index()).name; }

std::string encode_event(const StampedEvent& stamped) {
  JsonWriter out;
  out.begin_object();
  put_member(out, "at", stamped.at);
  put_member(out, "cmd", stamped.command);
  put_member(out, "by", stamped.by);
  // Left out for nobody: journals from before there was staff keep their bytes.
  if (!stamped.staff.empty()) put_member(out, "staff", stamped.staff);
  out.member("event", event_name(stamped.event)).key("body");
  std::visit([&out](const auto& event) { put(out, event); }, stamped.event);
  out.end_object();
  return out.take();
}

Result<StampedEvent> decode_event(std::string_view data) {
  const Result<Json> json = parse_json(data, kEventLimits);
  if (!json) return corrupt(json.error());
  Verdict verdict(Strictness::Lenient);
  const Input in(verdict, *json);
  StampedEvent stamped;
  std::string name;
  Fields(in)
      .need("at", stamped.at)
      .may_be_empty("cmd", stamped.command)
      .may_be_empty("by", stamped.by)
      .may("staff", stamped.staff)
      .need("event", name)
      .done();
  if (verdict.error) return corrupt(*verdict.error);
  const EventRow* row = find_event(name);
  if (row == nullptr) {
    return refuse(Code::NewerSchema, "event: " + name + " is not known to this version");
  }
  const Json* body = json->find("body");
  if (body == nullptr) return refuse(Code::Corrupt, "event: body: missing");
  stamped.event = row->read(Input(in, "body", *body));
  if (verdict.error) return corrupt(*verdict.error);
  return stamped;
}

}  // namespace larder
