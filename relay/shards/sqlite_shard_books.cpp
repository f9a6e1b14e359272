// The books of a day as this side has them, taken anew from the bytes and the rows, and what is
// wrong with them.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <variant>

#include "lan-protocol/codec.hpp"
#include "relay/shards/sqlite_shard.hpp"

namespace larder::relay {
namespace {

std::string name_of(Seq seq, Epoch epoch) {
  return "Event " + std::to_string(seq) + " of epoch " + std::to_string(epoch);
}

// The SKUs of an event's movements, in order.
struct MovedSkus {
  template <typename Any>
  std::vector<SkuId> operator()(const Any& event) const {
    if constexpr (requires { event.movements; }) return of(event.movements);
    if constexpr (requires { event.movement; }) return {event.movement.sku};
    return {};
  }
  static std::vector<SkuId> of(const std::vector<Movement>& movements) {
    std::vector<SkuId> skus;
    for (const Movement& movement : movements) skus.push_back(movement.sku);
    return skus;
  }
};

// Follows the chain over what is kept. Unknown (zeros) until an event that says its hash.
class ChainWalk {
 public:
  explicit ChainWalk(std::optional<Sha256> before) : at_(before) {}
  void step(Epoch epoch, Seq seq, const Sha256& kept, std::string_view data) {
    if (at_)
      at_ = chain(*at_, epoch, seq, data);
    else if (kept != Sha256{})
      at_ = kept;
  }
  Sha256 at() const { return at_.value_or(Sha256{}); }

 private:
  std::optional<Sha256> at_;
};

// An order's event and figures: as it was placed, and as it stands.
struct OrderTotals {
  Seq seq = 0;
  std::int64_t placed = 0, total = 0;
};

// The rows that a day's events must have, crossed off as they are met.
class ExpectedRows {
 public:
  using MovementKey = std::tuple<Seq, Epoch, std::uint32_t>;

  void add(Seq seq, Epoch epoch, std::string_view data) {
    epochs_[seq] = epoch;
    const auto stamped = decode_event(data);
    if (!stamped) return;  // parked: it has no rows
    if (const auto* placed = std::get_if<OrderPlaced>(&stamped->event)) {
      const std::int64_t total = placed->order.total.in_minor();
      orders_[placed->order.id.text()] = OrderTotals{seq, total, total};
    }
    if (const auto* event = std::get_if<OrderDiscounted>(&stamped->event)) {
      set_total(event->order, event->total);
    }
    if (const auto* event = std::get_if<OrderLineVoided>(&stamped->event)) {
      set_total(event->order, event->total);
    }
    std::uint32_t index = 0;
    for (SkuId& sku : std::visit(MovedSkus{}, stamped->event)) {
      movements_[{seq, epoch, index++}] = std::move(sku);
    }
  }

  // `is_final`: no event after the day has touched it.
  void meet_order(const std::string& order, const OrderTotals& row, bool is_final,
                  std::vector<std::string>& found) {
    const auto known = orders_.find(order);
    if (known == orders_.end() || known->second.seq != row.seq) {
      found.push_back("Order " + order +
                      " is here twice or without its event: its row names event " +
                      std::to_string(row.seq));
      return;
    }
    const OrderTotals& expected = known->second;
    if (expected.placed != row.placed || (is_final && expected.total != row.total)) {
      found.push_back("Order " + order + " of event " + std::to_string(row.seq) + " has totals " +
                      std::to_string(row.placed) + " and " + std::to_string(row.total) +
                      " here, its events say " + std::to_string(expected.placed) + " and " +
                      std::to_string(expected.total));
    }
    orders_.erase(known);
  }

  void meet_movement(const MovementKey& key, std::string_view sku,
                     std::vector<std::string>& found) {
    const auto known = movements_.find(key);
    if (known != movements_.end() && known->second.text() == sku) {
      movements_.erase(known);
      return;
    }
    // Movements of events that a restored hub has lost stay as well; they are not of this line.
    const auto line = epochs_.find(std::get<0>(key));
    if (line != epochs_.end() && line->second > std::get<1>(key)) return;
    found.push_back("A movement of " + std::string(sku) +
                    " is here twice or without its event: its row names event " +
                    std::to_string(std::get<0>(key)));
  }

  void name_the_rest(std::vector<std::string>& found) const {
    for (const auto& [order, of] : orders_) {
      found.push_back("Order " + order + " of event " + std::to_string(of.seq) +
                      " has no row here");
    }
    for (const auto& [key, sku] : movements_) {
      found.push_back("The movement of " + sku.text() + " of event " +
                      std::to_string(std::get<0>(key)) + " has no row here");
    }
  }

 private:
  void set_total(const OrderId& order, Money total) {
    const auto known = orders_.find(order.text());
    if (known != orders_.end()) known->second.total = total.in_minor();
  }

  std::map<Seq, Epoch> epochs_;
  std::map<std::string, OrderTotals> orders_;
  std::map<MovementKey, SkuId> movements_;
};

}  // namespace

Result<SqliteShard::DaySpan> SqliteShard::span_of(const StoreId& store, const Place& place,
                                                  BusinessDay day) {
  const auto known = marks_.find(store);
  if (known == marks_.end()) return DaySpan{};
  DaySpan span;
  {
    sql::Statement& find = place.tables->books.day;
    const sql::Scope scope(find);
    find.bind(1, place.bucket).bind_text(2, store.text()).bind(3, day.yyyymmdd);
    auto row = find.step();
    if (!row) return pass_on(row);
    if (!*row) return span;
    span.first = static_cast<Seq>(find.integer(0));
  }
  sql::Statement& next = place.tables->books.next_day;
  const sql::Scope scope(next);
  next.bind(1, place.bucket).bind_text(2, store.text());
  auto row = next.bind(3, static_cast<std::int64_t>(span.first)).step();
  if (!row) return pass_on(row);
  const auto following = static_cast<Seq>(next.integer(0));
  span.last = following > 0 ? following - 1 : known->second.up_to;
  return span;
}

Result<std::vector<KeptEvent>> SqliteShard::line_of(const StoreId& store, const Place& place,
                                                    Seq first, Seq last,
                                                    std::vector<std::string>* strays) {
  std::map<Epoch, Seq> begins;
  {
    sql::Statement& epochs = place.tables->books.epochs;
    const sql::Scope scope(epochs);
    epochs.bind(1, place.bucket).bind_text(2, store.text());
    for (;;) {
      auto row = epochs.step();
      if (!row) return pass_on(row);
      if (!*row) break;
      begins[static_cast<Epoch>(epochs.integer(0))] = static_cast<Seq>(epochs.integer(1));
    }
  }
  sql::Statement& rows = place.tables->books.events;
  const sql::Scope scope(rows);
  rows.bind(1, place.bucket).bind_text(2, store.text());
  rows.bind(3, static_cast<std::int64_t>(first)).bind(4, static_cast<std::int64_t>(last));
  std::vector<KeptEvent> line;
  for (;;) {
    auto row = rows.step();
    if (!row) return pass_on(row);
    if (!*row) return line;
    KeptEvent event{static_cast<Seq>(rows.integer(0)), static_cast<Epoch>(rows.integer(1)),
                    rows.digest(2), std::string(rows.text(3))};
    const auto epoch = begins.find(event.epoch);
    if (epoch == begins.end() || event.seq < epoch->second) {
      if (strays != nullptr) {
        strays->push_back(name_of(event.seq, event.epoch) +
                          " is here a second time: no hub sent it");
      }
      continue;
    }
    const bool is_lost = std::any_of(std::next(epoch), begins.end(), [&event](const auto& later) {
      return later.second <= event.seq;
    });
    if (!is_lost) line.push_back(std::move(event));
  }
}

Result<std::vector<KeptEvent>> SqliteShard::line(const StoreId& store, Seq after,
                                                 std::size_t limit) {
  auto place = place_of(store);
  if (!place) return pass_on(place);
  const auto known = marks_.find(store);
  if (known == marks_.end() || after >= known->second.up_to || limit == 0) {
    return std::vector<KeptEvent>();
  }
  const Seq last = std::min<Seq>(known->second.up_to, after + limit);
  return settle(line_of(store, *place, after + 1, last, nullptr));
}

Result<DayBooks> SqliteShard::day_books(const StoreId& store, BusinessDay day) {
  auto place = place_of(store);
  if (!place) return pass_on(place);
  DayBooks books;
  books.day = day;
  auto span = settle(span_of(store, *place, day));
  if (!span) return pass_on(span);
  if (span->first == 0) return books;
  auto line = settle(line_of(store, *place, span->first, span->last, nullptr));
  if (!line) return pass_on(line);
  auto before =
      settle(StreamJudge(place->tables->stream, place->bucket).hash_before(store, span->first));
  if (!before) return pass_on(before);
  ChainWalk walk(*before);
  std::set<std::pair<Seq, Epoch>> known;
  for (const KeptEvent& event : *line) {
    walk.step(event.epoch, event.seq, event.hash, event.data);
    known.emplace(event.seq, event.epoch);
  }
  books.first = span->first;
  books.last = span->last;
  books.events = line->size();
  books.digest = walk.at();
  const auto ask = [&](sql::Statement& statement) -> sql::Statement& {
    statement.bind(1, place->bucket).bind_text(2, store.text());
    return statement.bind(3, static_cast<std::int64_t>(span->first))
        .bind(4, static_cast<std::int64_t>(span->last));
  };
  {
    sql::Statement& orders = ask(place->tables->books.order_sum);
    const sql::Scope scope(orders);
    auto row = settle(orders.step());
    if (!row) return pass_on(row);
    books.orders = static_cast<std::uint64_t>(orders.integer(0));
    books.total_minor = orders.integer(1);
  }
  sql::Statement& movements = ask(place->tables->books.movement_count);
  const sql::Scope scope(movements);
  for (;;) {
    auto row = settle(movements.step());
    if (!row) return pass_on(row);
    if (!*row) return books;
    const std::pair<Seq, Epoch> of{static_cast<Seq>(movements.integer(0)),
                                   static_cast<Epoch>(movements.integer(1))};
    if (known.contains(of)) books.movements += static_cast<std::uint64_t>(movements.integer(2));
  }
}

Result<std::vector<std::string>> SqliteShard::event_hashes(const StoreId& store, Seq from, Seq to) {
  auto place = place_of(store);
  if (!place) return pass_on(place);
  if (from == 0 || to < from || to - from >= kHashesMax) {
    return refuse(Code::BadRequest,
                  "At most " + std::to_string(kHashesMax) + " hashes at a time, from event 1 on");
  }
  auto line = settle(line_of(store, *place, from, to, nullptr));
  if (!line) return pass_on(line);
  std::vector<std::string> hashes(to - from + 1);
  for (const KeptEvent& event : *line)
    hashes[event.seq - from] = hex(sha256(event.data)).substr(0, 16);
  return hashes;
}

Result<std::vector<std::string>> SqliteShard::audit_day(const StoreId& store, BusinessDay day) {
  auto place = place_of(store);
  if (!place) return pass_on(place);
  std::vector<std::string> found;
  auto span = settle(span_of(store, *place, day));
  if (!span) return pass_on(span);
  if (span->first == 0) return found;
  auto line = settle(line_of(store, *place, span->first, span->last, &found));
  if (!line) return pass_on(line);
  auto before =
      settle(StreamJudge(place->tables->stream, place->bucket).hash_before(store, span->first));
  if (!before) return pass_on(before);
  std::optional<Sha256> at = *before;
  Seq expected = span->first;
  for (const KeptEvent& event : *line) {
    for (; expected < event.seq; ++expected, at.reset()) {
      found.push_back("Event " + std::to_string(expected) + " is missing here");
    }
    if (at && chain(*at, event.epoch, event.seq, event.data) != event.hash) {
      found.push_back(name_of(event.seq, event.epoch) +
                      " was altered here: its bytes do not give the hash it came with");
    }
    at = event.hash == Sha256{} ? std::nullopt : std::optional(event.hash);
    ++expected;
  }
  for (; expected <= span->last; ++expected, at.reset()) {
    found.push_back("Event " + std::to_string(expected) + " is missing here");
  }
  const StreamMark& mark = marks_.at(store);
  if (at && span->last == mark.up_to && *at != mark.hash) {
    found.push_back("The mark at event " + std::to_string(mark.up_to) +
                    " has another hash than the event");
  }
  auto rows = settle(audit_rows(store, *place, *span, *line, found));
  if (!rows) return pass_on(rows);
  return found;
}

Result<void> SqliteShard::audit_rows(const StoreId& store, const Place& place, const DaySpan& span,
                                     const std::vector<KeptEvent>& events,
                                     std::vector<std::string>& found) {
  ExpectedRows expected;
  for (const KeptEvent& event : events) expected.add(event.seq, event.epoch, event.data);
  const auto ask = [&](sql::Statement& statement) -> sql::Statement& {
    statement.bind(1, place.bucket).bind_text(2, store.text());
    return statement.bind(3, static_cast<std::int64_t>(span.first))
        .bind(4, static_cast<std::int64_t>(span.last));
  };
  {
    sql::Statement& rows = ask(place.tables->books.orders);
    const sql::Scope scope(rows);
    for (;;) {
      auto row = rows.step();
      if (!row) return pass_on(row);
      if (!*row) break;
      const OrderTotals row_of{static_cast<Seq>(rows.integer(1)), rows.integer(2), rows.integer(3)};
      const bool is_final = static_cast<Seq>(rows.integer(4)) <= span.last;
      expected.meet_order(std::string(rows.text(0)), row_of, is_final, found);
    }
  }
  sql::Statement& rows = ask(place.tables->books.movements);
  const sql::Scope scope(rows);
  for (;;) {
    auto row = rows.step();
    if (!row) return pass_on(row);
    if (!*row) break;
    expected.meet_movement({static_cast<Seq>(rows.integer(0)), static_cast<Epoch>(rows.integer(1)),
                            static_cast<std::uint32_t>(rows.integer(2))},
                           rows.text(3), found);
  }
  expected.name_the_rest(found);
  return {};
}

}  // namespace larder::relay
