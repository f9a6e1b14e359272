// Parked events: listed, tried again, skipped. An event's rows say what was true after it, so one
// that was overtaken by a later event of the same SKU or order is not written any more.
#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

#include "lan-protocol/codec.hpp"
#include "relay/shards/event_rows.hpp"
#include "relay/shards/kept_events.hpp"
#include "relay/shards/sqlite_shard.hpp"

namespace larder::relay {
namespace {

// What an event is about.
struct Subjects {
  std::vector<SkuId> skus;
  std::string order;
};
struct SubjectsOf {
  template <typename Any>
  Subjects operator()(const Any& event) const {
    Subjects all;
    if constexpr (requires { event.movements; }) {
      for (const Movement& movement : event.movements) all.skus.push_back(movement.sku);
    }
    if constexpr (requires { event.movement; }) all.skus.push_back(event.movement.sku);
    if constexpr (requires { event.order.text(); }) all.order = event.order.text();
    if constexpr (requires { event.order.id.text(); }) all.order = event.order.id.text();
    return all;
  }
};

template <typename Any, typename... Kinds>
constexpr bool kIsOneOf = (std::is_same_v<Any, Kinds> || ...);

// Whether the event changes the row of this order, once it is there.
bool changes_order(const Event& event, const OrderId& order) {
  return std::visit(
      [&order]<typename Any>(const Any& any) {
        if constexpr (kIsOneOf<Any, OrderPaid, OrderAccepted, OrderServed, OrderCancelled,
                               OrderVoided, TicketChanged, OrderDiscounted, OrderLineVoided>) {
          return any.order == order;
        }
        return false;
      },
      event);
}

// What came after an event that makes a row, or replaces all rows, and found no row to change, or
// has replaced them since. Such events leave no trace in the rows, so the stream is looked through.
Result<std::string> what_followed(KeptEvents& kept, const ParkedRepair& repair,
                                  const Event& event) {
  std::string word;
  std::string sentence;
  KeptEvents::Match match;
  if (std::holds_alternative<MenuImported>(event)) {
    word = "menu.imported";
    sentence = "a later menu says what is true now; skip this one";
    match = [](const Event& later) { return std::holds_alternative<MenuImported>(later); };
  } else if (const auto* placed = std::get_if<OrderPlaced>(&event)) {
    word = placed->order.id.text();
    sentence = "later events of order " + word + " found it not there; skip this one";
    match = [placed](const Event& later) { return changes_order(later, placed->order.id); };
  } else if (const auto* oversold = std::get_if<StockOversold>(&event)) {
    word = oversold->record.id.text();
    sentence = "oversell record " + word + " was resolved since; skip this one";
    match = [oversold](const Event& later) {
      const auto* resolved = std::get_if<OversellResolved>(&later);
      return resolved != nullptr && resolved->oversell == oversold->record.id;
    };
  } else {
    return std::string();
  }
  auto is_later = kept.any_after(repair.epoch, repair.seq, word, match);
  if (!is_later) return pass_on(is_later);
  return *is_later ? sentence : std::string();
}

std::string number_of(const ParkedRepair& repair) {
  return "event " + std::to_string(repair.seq) + " of epoch " + std::to_string(repair.epoch);
}

}  // namespace

Result<std::vector<ParkedEvent>> SqliteShard::parked(const StoreId& store, std::size_t limit) {
  auto place = place_of(store);
  if (!place) return pass_on(place);
  sql::Statement& rows = place->tables->stream.parked;
  const sql::Scope scope(rows);
  rows.bind(1, place->bucket).bind_text(2, store.text());
  rows.bind(3, static_cast<std::int64_t>(std::min(limit, kParkedShownMax)));
  std::vector<ParkedEvent> all;
  for (;;) {
    auto row = settle(rows.step());
    if (!row) return pass_on(row);
    if (!*row) return all;
    ParkedEvent& event = all.emplace_back();
    event.seq = static_cast<Seq>(rows.integer(0));
    event.epoch = static_cast<Epoch>(rows.integer(1));
    event.reason = rows.text(2);
    event.parked_at = TimePoint{rows.integer(3)};
    const auto front = event_front(rows.text(4));
    if (front) event.name = front->event;
  }
}

Result<void> SqliteShard::repair(const ParkedRepair& repair, TimePoint now) {
  auto place = place_of(repair.store);
  if (!place) return pass_on(place);
  const auto kept = marks_.find(repair.store);
  if (kept == marks_.end()) return refuse(Code::NotFound, "no such store");
  auto transaction = sql::Transaction::begin(connection_);
  if (!transaction) return settle<void>(pass_on(transaction));
  StreamMark mark = kept->second;
  auto done = unpark(repair, *place);
  if (done && !repair.skips) done = write_parked(repair, *place, mark, now);
  if (!done && connection_.broke_a_rule()) {
    done = refuse(Code::BadState,
                  "its rows still contradict what is there: " + done.error().message());
  }
  if (done) {
    mark.parked -= std::min<std::uint64_t>(mark.parked, 1);
    done = put_mark(place->bucket, mark, &kept->second);
  }
  const std::string what = repair.skips
                               ? "skipped " + number_of(repair) + ": " + repair.reason
                               : "tried " + number_of(repair) + " again, and it is written";
  if (done) done = log(repair.store, repair.by, what, now);
  if (done) done = transaction->commit();
  if (!done) {
    poi_.forget();
    return settle(std::move(done));
  }
  kept->second = std::move(mark);
  return {};
}

Result<void> SqliteShard::unpark(const ParkedRepair& repair, const Place& place) {
  sql::Statement& take = place.tables->stream.unpark;
  take.bind(1, place.bucket).bind_text(2, repair.store.text());
  take.bind(3, static_cast<std::int64_t>(repair.seq));
  if (auto taken = take.bind(4, repair.epoch).run(); !taken) return taken;
  if (connection_.changes() == 1) return {};
  return refuse(Code::NotFound, "no such event is set aside: " + number_of(repair));
}

Result<void> SqliteShard::write_parked(const ParkedRepair& repair, const Place& place,
                                       StreamMark& mark, TimePoint now) {
  Record record;
  {
    sql::Statement& find = place.tables->stream.event_at;
    const sql::Scope scope(find);
    find.bind(1, place.bucket).bind_text(2, repair.store.text());
    auto row = find.bind(3, static_cast<std::int64_t>(repair.seq)).bind(4, repair.epoch).step();
    if (!row) return pass_on(row);
    if (!*row) return refuse(Code::Corrupt, number_of(repair) + " is not kept here");
    record.payload = find.text(1);
  }
  auto overtaken = is_overtaken(repair, place, record.payload);
  if (!overtaken) return pass_on(overtaken);
  if (!overtaken->empty()) return refuse(Code::BadState, *overtaken);
  EventRows rows(*place.tables, house_, poi_, repair.store, place.bucket, now);
  auto parked = rows.write(repair.epoch, repair.seq, record);
  if (!parked) return pass_on(parked);
  if (*parked) return refuse(Code::BadState, "it still cannot be written: " + **parked);
  mark.words_applied = std::max(mark.words_applied, rows.words_taken());
  mark.words_issued = std::max(mark.words_issued, mark.words_applied);
  return rows.finish();
}

// A sentence; empty: it is not.
Result<std::string> SqliteShard::is_overtaken(const ParkedRepair& repair, const Place& place,
                                              std::string_view data) {
  const auto later = [&](sql::Statement& find, const std::string& about) -> Result<bool> {
    const sql::Scope scope(find);
    find.bind(1, place.bucket).bind_text(2, repair.store.text()).bind_text(3, about);
    return find.bind(4, static_cast<std::int64_t>(repair.seq)).bind(5, repair.epoch).step();
  };
  auto lost = later(place.tables->stream.lost_line, "");
  if (!lost) return pass_on(lost);
  if (*lost) return std::string("the hub has begun a new epoch without it; skip it");
  const auto stamped = decode_event(data);
  if (!stamped) return std::string();  // the attempt says why it cannot be read
  KeptEvents kept(connection_, static_cast<unsigned>(place.tables - tables_.data()), place.bucket,
                  repair.store);
  auto followed = what_followed(kept, repair, stamped->event);
  if (!followed || !followed->empty()) return followed;
  const Subjects subjects = std::visit(SubjectsOf{}, stamped->event);
  for (const SkuId& sku : subjects.skus) {
    auto is_later = later(place.tables->stream.later_movement, sku.text());
    if (!is_later) return pass_on(is_later);
    if (*is_later) {
      return "a later event of " + sku.text() + " says what is true now; skip this one";
    }
  }
  if (subjects.order.empty()) return std::string();
  auto is_later = later(place.tables->stream.later_order, subjects.order);
  if (!is_later) return pass_on(is_later);
  if (!*is_later) return std::string();
  return "a later event of order " + subjects.order + " says what is true now; skip this one";
}

}  // namespace larder::relay
