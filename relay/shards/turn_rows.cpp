#include "relay/shards/turn_rows.hpp"

#include <algorithm>

#include "lan-protocol/codec.hpp"
#include "lan-protocol/json.hpp"

namespace larder::relay {
namespace {

constexpr std::string_view kExpired = "expired";

TurnOutcome refused(const Error& why) { return TurnOutcome{Refused(why), false, {}, {}}; }

template <typename T>
std::vector<Reservation> shown(const T& lines) {
  std::vector<Reservation> all;
  all.reserve(lines.size());
  for (const auto& line : lines) all.push_back(line.shown);
  return all;
}

template <typename T>
std::vector<Demand> demand_of(const T& lines) {
  std::vector<Demand> all;
  for (const auto& line : lines) all.push_back(Demand{line.draw.sku, line.draw.quantity});
  return all;
}

// What the rules say no to, as against what the database cannot do.
bool is_refusal(Code code) {
  return code == Code::OutOfStock || code == Code::UnknownSku || code == Code::BadQuantity ||
         code == Code::BadOrder || code == Code::WrongStore;
}

Error over(const std::string& number, std::string_view reason) {
  if (reason == kExpired) return {Code::Expired, "the reservation of order " + number + " ran out"};
  return {Code::Cancelled, "order " + number + " was released before: " + std::string(reason)};
}

Refused unknown(const std::string& number) {
  return refuse(Code::NotFound, "there is no reservation of order " + number);
}

}  // namespace

// What was written before an error must go again, with the group: no refusal may leave it behind.
Result<TurnOutcome> TurnRows::take(const Turn& turn) {
  has_written_ = false;
  auto outcome = std::visit([this](const auto& one) { return take(one); }, turn);
  if (outcome || !is_refusal(outcome.error().code())) return outcome;
  if (!has_written_) return refused(outcome.error());
  return refuse(Code::BadState, "half a turn was written: " + outcome.error().message());
}

// The same order again gets what it got, and takes nothing.
Result<TurnOutcome> TurnRows::take(const ReserveOrder& turn) {
  auto known = find_order(turn.store, turn.order);
  if (!known) return pass_on(known);
  if (*known) {
    const KnownOrder& order = **known;
    const bool is_same = order.store == turn.store && order.channel == turn.channel &&
                         order.is_cart == turn.is_cart && order.asked == asked_text(turn.items) &&
                         order.online_order == turn.online_order;
    if (!is_same) {
      return refused({Code::KeyReuse, "order " + turn.order + " was reserved with other contents"});
    }
    if (order.status == ReservationStatus::Unlock) return refused(over(turn.order, order.reason));
    if (order.status == ReservationStatus::Lock && order.expires_at <= now_) {
      return refused(over(turn.order, kExpired));
    }
    auto lines = lines_of(order, turn.order);
    if (!lines) return pass_on(lines);
    return TurnOutcome{shown(*lines), true, {}, {}};
  }
  auto till = till_of(turn.store);
  if (!till) return pass_on(till);
  auto reason = cancelled_before(turn.store, turn.order);
  if (!reason) return pass_on(reason);
  if (*reason) return land_cancelled(turn, **till, **reason);
  return reserve_new(turn, **till);
}

Result<TurnOutcome> TurnRows::reserve_new(const ReserveOrder& turn, Till& till) {
  if (turn.items.empty()) return refuse(Code::BadOrder, "an order reserves at least one SKU");
  for (const Demand& item : turn.items) {
    auto learned = learn(till, turn.store, item.sku);
    if (!learned) return pass_on(learned);
    if (till.sold.contains(item.sku)) continue;
    return refuse(Code::UnknownSku,
                  "store " + turn.store.text() + " has no stock record of " + item.sku.text(),
                  item.sku.text());
  }
  const auto moved = till.rights.lock(turn.items, turn.channel);
  if (!moved && !is_refusal(moved.error().code())) return pass_on(moved);
  if (!moved) return refuse_reserve(turn, till, moved.error());
  auto order = put_order(turn, till, ReservationStatus::Lock, {});
  if (!order) return pass_on(order);
  Result<void> written;
  const std::string_view reason = turn.is_cart ? "cart" : "order";
  const Cause cause{"reserve", "lock", turn.order, reason, turn.by};
  for (const DrawMovement& each : *moved) {
    if (written) written = put_line(turn, till, each.draw, ReservationStatus::Lock, *order);
    if (written && !each.draw.lease.empty()) {
      written = put_movement(turn.store, till, each, cause);
    }
  }
  if (written) {
    written =
        tell({"STOCK_RESERVED", turn.store, turn.order, turn.channel, {}, {}, turn.by.trace_id},
             turn.items);
  }
  if (!written) return pass_on(written);
  std::vector<Reservation> lines;
  TurnOutcome outcome{{}, false, {}, {}};
  for (const DrawMovement& each : *moved) {
    lines.push_back(Reservation{turn.store,
                                turn.order,
                                turn.channel,
                                each.draw.sku,
                                each.draw.quantity,
                                ReservationStatus::Lock,
                                {},
                                now_ + turn.life,
                                1});
    if (each.draw.lease.empty()) continue;
    outcome.seen.push_back(
        till.rights.seen(Demand{each.draw.sku, each.draw.quantity}, turn.channel, false));
  }
  std::sort(lines.begin(), lines.end(),
            [](const Reservation& a, const Reservation& b) { return a.sku < b.sku; });
  outcome.lines = std::move(lines);
  return outcome;
}

// Nothing is held of it. What fell short is what more is asked for.
Result<TurnOutcome> TurnRows::refuse_reserve(const ReserveOrder& turn, Till& till,
                                             const Error& why) {
  TurnOutcome outcome = refused(why);
  for (const Demand& item : turn.items) {
    const StockLevel level = till.rights.level(item.sku);
    const bool is_out = level.status == StockStatus::SoldOut;
    const ChannelAccount* const account = find_account(level, turn.channel);
    const bool is_out_there = account != nullptr && account->status == StockStatus::SoldOut;
    if (level.type == StockType::Unlimited || is_out || is_out_there) continue;
    RightsSeen seen = till.rights.seen(item, turn.channel, true);
    seen.is_refused = seen.idle < item.quantity;
    outcome.seen.push_back(std::move(seen));
  }
  if (!turn.tells_refusal) return outcome;
  auto written = tell({"STOCK_RESERVE_FAILED", turn.store, turn.order, turn.channel, why.message(),
                       why.subject(), turn.by.trace_id},
                      turn.items);
  if (!written) return pass_on(written);
  return outcome;
}

// Its cancellation came first: it is kept as released, so that asking shows it.
Result<TurnOutcome> TurnRows::land_cancelled(const ReserveOrder& turn, Till& till,
                                             const std::string& reason) {
  auto order = put_order(turn, till, ReservationStatus::Unlock, reason);
  if (!order) return pass_on(order);
  Result<void> written;
  for (const Demand& item : turn.items) {
    const Draw draw{item.sku, item.quantity, {}, 0, false};
    if (written) written = put_line(turn, till, draw, ReservationStatus::Unlock, *order);
  }
  if (!written) return pass_on(written);
  return refused(over(turn.order, reason));
}

Result<TurnOutcome> TurnRows::take(const ConfirmOrder& turn) {
  auto known = find_order(turn.store, turn.order);
  if (!known) return pass_on(known);
  if (!*known || (*known)->store != turn.store) return refused(unknown(turn.order).value());
  const KnownOrder& order = **known;
  if (order.status == ReservationStatus::Unlock) return refused(over(turn.order, order.reason));
  auto lines = lines_of(order, turn.order);
  if (!lines) return pass_on(lines);
  if (order.status == ReservationStatus::Out) return TurnOutcome{shown(*lines), true, {}, {}};
  if (order.expires_at <= now_ && !turn.is_known_paid) return refused(over(turn.order, kExpired));
  auto till = till_of(turn.store);
  if (!till) return pass_on(till);
  auto ended = end(order, **till, *lines, ReservationStatus::Out, "paid", turn.by);
  if (!ended) return pass_on(ended);
  const bool was_told = !order.online_order.empty();
  auto word = tell_hub(turn.order, turn.store, was_told ? order.online_order : turn.online_order,
                       **till, *lines);
  if (!word) return pass_on(word);
  auto after = lines_of(order, turn.order);
  if (!after) return pass_on(after);
  return TurnOutcome{shown(*after), false, {}, std::move(*word)};
}

Result<TurnOutcome> TurnRows::take(const ReleaseOrder& turn) {
  if (turn.store.empty()) return cancel_unseen(turn);
  auto known = find_order(turn.store, turn.order);
  if (!known) return pass_on(known);
  if (!*known) return cancel_unseen(turn);
  KnownOrder& order = **known;
  if (order.store != turn.store) return refused(unknown(turn.order).value());
  auto lines = lines_of(order, turn.order);
  if (!lines) return pass_on(lines);
  if (order.status == ReservationStatus::Unlock) return TurnOutcome{shown(*lines), true, {}, {}};
  if (order.status == ReservationStatus::Out) {
    return refused({Code::BadState, "order " + turn.order + " is confirmed already"});
  }
  if (turn.only_expired && now_ < order.expires_at) {
    return refused({Code::BadState, "the time of order " + turn.order + " is not over"});
  }
  auto till = till_of(turn.store);
  if (!till) return pass_on(till);
  order.reason = turn.only_expired ? std::string(kExpired) : turn.reason;
  auto ended = end(order, **till, *lines, ReservationStatus::Unlock, order.reason, turn.by);
  if (!ended) return pass_on(ended);
  auto after = lines_of(order, turn.order);
  if (!after) return pass_on(after);
  return TurnOutcome{shown(*after), false, {}, {}};
}

Result<TurnOutcome> TurnRows::cancel_unseen(const ReleaseOrder& turn) {
  has_written_ = true;
  has_cancelled_ = true;
  sql::Statement& put = house_.tables.cancel_unseen;
  put.bind_text(1, turn.order).bind_text(2, turn.store.text()).bind_text(3, turn.reason);
  auto written = put.bind(4, now_.micros).run();
  if (!written) return pass_on(written);
  return TurnOutcome{std::vector<Reservation>(), false, {}, {}};
}

// LOCK ends here and nowhere else: the row says whether it was still one. A SKU that went off the
// menu meanwhile ends as any other.
Result<void> TurnRows::end(const KnownOrder& order, Till& till, const Lines& lines,
                           ReservationStatus to, const std::string& reason, const Asker& by) {
  const bool is_sold = to == ReservationStatus::Out;
  const std::string& number = lines.front().shown.order;
  for (const Line& line : lines) {
    if (line.draw.lease.empty()) continue;
    auto learned = learn(till, order.store, line.draw.sku);
    if (!learned) return learned;
  }
  has_written_ = true;
  RightsTables& tables = till.place.tables->rights;
  for (sql::Statement* put : {&tables.end_order, &tables.end_lines}) {
    put->bind(1, till.place.bucket).bind_text(2, order.store.text());
    put->bind_text(4, status_name(to));
    if (put == &tables.end_order) put->bind(3, order.id).bind_text(5, reason).bind(6, now_.micros);
    if (put == &tables.end_lines) put->bind_text(3, number).bind(5, now_.micros);
    auto ended = put->run();
    if (!ended) return ended;
  }
  const Cause cause{is_sold ? "deduct" : "release", is_sold ? "out" : "unlock", number, reason, by};
  for (const Line& line : lines) {
    if (line.draw.lease.empty()) continue;
    const auto moved = is_sold ? till.rights.out(line.draw) : till.rights.unlock(line.draw);
    if (!moved) return pass_on(moved);
    auto written = put_movement(order.store, till, *moved, cause);
    if (!written) return written;
  }
  return tell({is_sold ? "STOCK_DEDUCTED" : "STOCK_RELEASED",
               order.store,
               number,
               order.channel,
               reason,
               {},
               by.trace_id},
              demand_of(lines));
}

// The word that makes it an order of the store tells what it drew, in place of a settlement.
Result<std::optional<IssuedWord>> TurnRows::tell_hub(const std::string& order, const StoreId& store,
                                                     std::string args, Till& till,
                                                     const Lines& lines) {
  if (args.empty()) return std::optional<IssuedWord>();
  JsonWriter draws;
  draws.begin_array();
  for (const Line& line : lines) {
    if (line.draw.lease.empty()) continue;
    till.rights.told(line.draw);
    draws.begin_object().member("lease", line.draw.lease.text());
    draws.key("quantity").raw(line.draw.quantity.text()).end_object();
  }
  draws.end_array();
  Word word;
  word.id = CommandId("online-" + order);
  word.verb = "online.order";
  word.args = std::move(args);
  word.args.pop_back();  // the brace that ends it
  word.args += word.args.size() > 1 ? ",\"draws\":" : "\"draws\":";
  word.args += draws.text() + "}";
  word.by = "relay";
  word.not_after = now_ + kOnlineOrderLife;
  auto issued = house_.say(store, std::move(word));
  if (!issued) return pass_on(issued);
  return std::optional(std::move(*issued));
}

}  // namespace larder::relay
