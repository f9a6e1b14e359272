// Parked events: listed, tried again, skipped. An event's rows say what was true after it, so where
// later events have said more of a SKU, its level stays as they say; of an order nothing later is
// written while an event of it is set aside (HeldOrders), so that all of them can still be, in
// order.
#include <algorithm>
#include <utility>

#include "lan-protocol/codec.hpp"
#include "relay/shards/event_rows.hpp"
#include "relay/shards/repairing.hpp"
#include "relay/shards/sqlite_shard.hpp"

namespace larder::relay {
namespace {

std::optional<ParkedPlace> waits_for(const HeldOrders::OfStore& held, const ParkedEvent& event,
                                     std::string_view data) {
  const auto first = held.find(order_of_event(data));
  const bool is_behind = first != held.end() && first->second.seq < event.seq;
  return is_behind ? std::optional(first->second) : std::nullopt;
}

}  // namespace

Result<std::vector<ParkedEvent>> SqliteShard::parked(const StoreId& store, std::size_t limit) {
  auto place = place_of(store);
  if (!place) return pass_on(place);
  auto held = settle(held_.of(place->tables->stream, place->bucket, store));
  if (!held) return pass_on(held);
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
    const bool is_lost = rows.integer(5) != 0;
    if (!is_lost) event.behind = waits_for(**held, event, rows.text(4));
  }
}

Result<RepairOutcome> SqliteShard::repair(const ParkedRepair& repair, TimePoint now) {
  auto place = place_of(repair.store);
  if (!place) return pass_on(place);
  const auto kept = marks_.find(repair.store);
  if (kept == marks_.end()) return refuse(Code::NotFound, "no such store");
  auto transaction = sql::Transaction::begin(connection_);
  if (!transaction) return settle<RepairOutcome>(pass_on(transaction));
  Repairing work{repair, *place, kept->second, RepairOutcome{}, now};
  auto done = mend(work);
  if (done) done = put_mark(place->bucket, work.mark, &kept->second);
  if (done) done = transaction->commit();
  held_.forget(repair.store);
  if (!done) {
    poi_.forget();
    return settle<RepairOutcome>(pass_on(done));
  }
  kept->second = std::move(work.mark);
  return std::move(work.outcome);
}

Result<void> SqliteShard::mend(Repairing& work) {
  const ParkedPlace at{work.repair.epoch, work.repair.seq};
  auto text = event_text(work, at);
  if (!text) return pass_on(text);
  const std::string order = order_of_event(*text);
  std::vector<HeldEvent> line;
  if (!order.empty()) {
    auto held = held_events(work.place.tables->stream, work.place.bucket, work.repair.store, order);
    if (!held) return pass_on(held);
    line = std::move(*held);
  }
  const bool is_held = std::any_of(line.begin(), line.end(),
                                   [&at](const HeldEvent& event) { return event.place == at; });
  const bool is_first = is_held && line.front().place == at;
  if (is_held && !is_first) {  // skipped alone it would pass for one that found no order
    return refuse(Code::BadState, name_of(at) + " " + waits_behind(line.front().place) +
                                      "; try that one first, or skip it");
  }
  auto done = work.repair.skips ? skip(work, at, ": " + work.repair.reason) : try_first(work, at);
  if (!done || !is_first) return done;
  line.erase(line.begin());
  return follow(work, line);
}

Result<void> SqliteShard::try_first(Repairing& work, const ParkedPlace& at) {
  auto why = attempt(work, at);
  if (!why) return pass_on(why);
  return why->empty() ? Result<void>() : refuse(Code::BadState, *why);
}

// Those that waited: the first that cannot be written ends it, and the rest waits behind that one.
Result<void> SqliteShard::follow(Repairing& work, const std::vector<HeldEvent>& line) {
  std::optional<ParkedPlace> stuck;
  for (const HeldEvent& event : line) {
    auto along = goes_along(work, event);
    if (!along) return pass_on(along);
    if (*along) {
      const ParkedPlace first{work.repair.epoch, work.repair.seq};
      auto done = skip(work, event.place,
                       ", which waited behind " + name_of(first) + ": " + work.repair.reason);
      if (!done) return done;
      continue;
    }
    Result<std::string> why = stuck ? waits_behind(*stuck) : attempt(work, event.place);
    if (!why) return pass_on(why);
    if (why->empty()) continue;
    if (!stuck) {
      stuck = event.place;
      work.outcome.stopped = name_of(event.place) + ": " + *why;
    }
    ++work.outcome.waiting;
    sql::Statement& say = work.keyed(work.place.tables->stream.rewait, event.place);
    if (auto said = say.bind_text(5, *why).run(); !said) return said;
  }
  return {};
}

// An order that was never placed cannot be shown: what would change it goes with what is skipped.
// With a row each of them says what is true after it, so that they are tried.
Result<bool> SqliteShard::goes_along(Repairing& work, const HeldEvent& event) {
  if (!work.repair.skips) return false;
  auto text = event_text(work, event.place);
  if (!text) return pass_on(text);
  const auto stamped = decode_event(*text);
  if (!stamped || changed_order(stamped->event).empty()) return false;
  sql::Statement& find = work.place.tables->stream.has_order;
  const sql::Scope scope(find);
  find.bind(1, work.place.bucket).bind_text(2, work.repair.store.text());
  auto row = find.bind_text(3, event.order).step();
  if (!row) return row;
  return !*row;
}

Result<void> SqliteShard::skip(Repairing& work, const ParkedPlace& at, const std::string& why) {
  auto done = unpark(work, at);
  if (!done) return done;
  ++work.outcome.skipped;
  return log(work.repair.store, work.repair.by, "skipped " + name_of(at) + why, work.now);
}

Result<void> SqliteShard::unpark(Repairing& work, const ParkedPlace& at) {
  auto taken = work.keyed(work.place.tables->stream.unpark, at).run();
  if (!taken) return taken;
  if (connection_.changes() != 1) {
    return refuse(Code::NotFound, "no such event is set aside: " + name_of(at));
  }
  work.mark.parked -= std::min<std::uint64_t>(work.mark.parked, 1);
  return {};
}

Result<std::string> SqliteShard::event_text(const Repairing& work, const ParkedPlace& at) {
  sql::Statement& find = work.keyed(work.place.tables->stream.event_at, at);
  const sql::Scope scope(find);
  auto row = find.step();
  if (!row) return pass_on(row);
  return *row ? std::string(find.text(1)) : std::string();
}

Result<std::string> SqliteShard::attempt(Repairing& work, const ParkedPlace& at) {
  const StreamMark before = work.mark;
  auto done = connection_.execute("SAVEPOINT parked");
  if (done) done = unpark(work, at);
  if (!done) return pass_on(done);
  done = write_parked(work, at);
  if (done) {
    done = log(work.repair.store, work.repair.by,
               "tried " + name_of(at) + " again, and it is written", work.now);
    if (done) done = connection_.execute("RELEASE parked");
    if (!done) return pass_on(done);
    ++work.outcome.written;
    return std::string();
  }
  std::string why = done.error().message();
  if (connection_.broke_a_rule()) {
    why = "its rows still contradict what is there: " + why;
  } else if (done.error().code() != Code::BadState) {
    return pass_on(done);
  }
  work.mark = before;
  poi_.forget();
  done = connection_.execute("ROLLBACK TO parked; RELEASE parked");
  if (!done) return pass_on(done);
  return why;
}

Result<void> SqliteShard::write_parked(Repairing& work, const ParkedPlace& at) {
  Record record;
  auto text = event_text(work, at);
  if (!text) return pass_on(text);
  if (text->empty()) return refuse(Code::Corrupt, name_of(at) + " is not kept here");
  record.payload = std::move(*text);
  auto is_lost = has_later(work, work.place.tables->stream.lost_line, at, "");
  if (!is_lost) return pass_on(is_lost);
  if (*is_lost) {
    return refuse(Code::BadState, "the hub has begun a new epoch without it; skip it");
  }
  EventRows rows(*work.place.tables, house_, poi_, work.repair.store, work.place.bucket, work.now);
  const auto stamped = decode_event(record.payload);  // else the attempt says what is wrong with it
  if (stamped) {
    auto overtaken = is_overtaken(work, at, stamped->event);
    if (!overtaken) return pass_on(overtaken);
    if (!overtaken->empty()) return refuse(Code::BadState, *overtaken);
    auto is_told = is_stock_told(work, at, stamped->event);
    if (!is_told) return pass_on(is_told);
    auto moved = moved_since(work, at, stamped->event);
    if (!moved) return pass_on(moved);
    rows.stock_is_told(*is_told);
    rows.leave_levels(std::move(*moved));
  }
  auto parked = rows.write(at.epoch, at.seq, record);
  if (!parked) return pass_on(parked);
  if (*parked) return refuse(Code::BadState, "it still cannot be written: " + **parked);
  auto done = stamped ? follow_holds(rows, work, at, stamped->event) : Result<void>();
  if (!done) return done;
  work.mark.words_applied = std::max(work.mark.words_applied, rows.words_taken());
  work.mark.words_issued = std::max(work.mark.words_issued, work.mark.words_applied);
  return rows.finish();
}

}  // namespace larder::relay
