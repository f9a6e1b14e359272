#include "relay/shards/event_rows.hpp"

#include <algorithm>
#include <variant>

#include "lan-protocol/json.hpp"
#include "relay/shards/replay_rows.hpp"

namespace larder::relay {
namespace {

constexpr std::string_view kWordTaken = "hq.word_taken";
constexpr std::string_view kOnlineOrder = "online.order";

std::string text_of(const Json& object, std::string_view name) {
  const Json* value = object.find(name);
  const std::string* text = value == nullptr ? nullptr : value->as<std::string>();
  return text == nullptr ? std::string() : *text;
}

std::int64_t number_of(const Json& object, std::string_view name) {
  const Json* value = object.find(name);
  const std::int64_t* number = value == nullptr ? nullptr : value->as<std::int64_t>();
  return number == nullptr ? 0 : *number;
}

}  // namespace

Result<std::optional<std::string>> EventRows::write(Epoch epoch, Seq seq, const Record& record) {
  epoch_ = epoch;
  seq_ = seq;
  line_ = 0;
  const auto front = event_front(record.payload);
  if (!front) return std::optional(front.error().message());
  Result<void> written;
  if (front->event == kWordTaken) {
    const auto json = parse_json(record.payload, JsonLimits{32, 10'000, 64 * 1024});
    if (!json) return std::optional(json.error().message());
    const Json* body = json->find("body");
    if (body == nullptr || number_of(*body, "number") < 1 || text_of(*body, "id").empty()) {
      return std::optional<std::string>("event: hq.word_taken without the word's number and id");
    }
    stamped_.at = front->at;
    written = word_taken(*body);
  } else {
    auto stamped = decode_event(record.payload);
    if (!stamped) return std::optional(stamped.error().message());
    stamped_ = std::move(*stamped);
    const ParkedPlace* const first = blocker(stamped_.event);
    part_ = first != nullptr ? Part::Stock : asked_part_;
    written = std::visit([this](const auto& event) { return on(event); }, stamped_.event);
    if (written && first != nullptr) return std::optional(waits_behind(*first));
  }
  if (!written) return pass_on(written);
  return std::optional<std::string>();
}

// The first event of its order that is set aside; null: it need not wait.
const ParkedPlace* EventRows::blocker(const Event& event) const {
  if (held_ == nullptr || held_->empty()) return nullptr;
  const auto found = held_->find(changed_order(event));
  return found == held_->end() ? nullptr : &found->second;
}

sql::Statement& EventRows::keyed(sql::Statement& statement) {
  return statement.bind(1, bucket_).bind_text(2, store_.text());
}

Result<void> EventRows::message(std::string_view topic, std::uint32_t index,
                                std::string_view payload) {
  std::string key;
  key.reserve(96);
  key.append(store_.text()).append("/").append(std::to_string(epoch_)).append("/");
  key.append(std::to_string(seq_)).append("/").append(std::to_string(index)).append("/");
  key.append(topic);
  return put_message(topic, key, payload);
}

Result<void> EventRows::put_message(std::string_view topic, std::string_view key,
                                    std::string_view payload) {
  sql::Statement& put = house_.put_message;
  put.bind_text(1, topic).bind_text(2, key).bind_text(3, store_.text()).bind_text(4, payload);
  return put.bind(5, now_.micros).run();
}

// Counted downwards, as all movements of the relay's own stock.
Result<std::int64_t> EventRows::next_own_number() {
  sql::Statement& last = keyed(tables_.rights.last_turn);
  const sql::Scope scope(last);
  auto row = last.step();
  if (!row) return pass_on(row);
  return std::min<std::int64_t>(last.integer(0), 0) - 1;
}

Result<void> EventRows::word_taken(const Json& body) {
  const std::int64_t number = number_of(body, "number");
  const std::string id = text_of(body, "id");
  const std::string verb = text_of(body, "verb");
  const std::string by = text_of(body, "by");
  const std::string code = text_of(body, "code");
  const std::string sentence = text_of(body, "message");
  const std::string_view outcome = code.empty() ? std::string_view("ok") : std::string_view(code);
  if (verb == kOnlineOrder && outcome != "ok") {
    if (auto back = take_back(id); !back) return back;
  }
  for (sql::Statement* put : {&tables_.orders.word_learned, &tables_.orders.word_taken}) {
    keyed(*put).bind(3, number).bind(4, static_cast<std::int64_t>(seq_));
    put->bind(5, now_.micros).bind_text(6, outcome).bind_text(7, sentence);
    if (put == &tables_.orders.word_learned) {
      put->bind_text(8, id).bind_text(9, verb).bind_text(10, by);
    }
    auto written = put->run();
    if (!written) return written;
  }
  words_taken_ = std::max(words_taken_, static_cast<Seq>(number));
  // The close of a lease that was granted more meanwhile is refused by the rules: bad_state.
  const bool is_settlement = verb == "lease.settle" && outcome != "ok" && outcome != "bad_state";
  if (is_settlement) return settlement_refused(id, code, sentence);
  if (!id.starts_with(kReplayWord)) return {};
  return ReplayRows(tables_, bucket_, store_).word_ended(id, outcome);
}

Result<void> EventRows::on(const DayOpened& event) {
  sql::Statement& put = keyed(tables_.stream.put_day);
  return put.bind(3, event.day.yyyymmdd).bind(4, static_cast<std::int64_t>(seq_)).run();
}

Result<void> EventRows::on(const OrderPlaced& event) {
  const Order& order = event.order;
  if (orders_.has_placed(order.id)) {  // the table says what is wrong with that
    auto written = write_orders();
    if (!written) return written;
  }
  OrderDraft& draft = orders_.touch(order.id, seq_, stamped_.at);
  draft.placed = OrderDraft::Placed{order.day,     order.number,           order.channel,
                                    order.service, order.total.in_minor(), seq_,
                                    stamped_.at,   order.external,         order.source.text()};
  draft.state = order.state;
  return {};
}

Result<void> EventRows::on(const OrderPaid& event) {
  if (part_ != Part::Stock) orders_.touch(event.order, seq_, stamped_.at).is_paid = true;
  return state(event.order, event.state, {});
}

Result<void> EventRows::on(const OrderCancelled& event) {
  return state(event.order, OrderState::Cancelled, event.reason);
}

Result<void> EventRows::on(const OrderVoided& event) {
  auto moved = move(event.movements, Cause{"order", event.order.text(), event.order.text(),
                                           event.reason, event.by.text()});
  return moved ? state(event.order, OrderState::Voided, event.reason) : moved;
}

Result<void> EventRows::on(const OrderLineVoided& event) {
  auto done = shrink_hold(event);
  if (done) {
    done = move(event.movements, Cause{"order", event.order.text(), event.order.text(),
                                       event.reason, event.by.text()});
  }
  if (done) done = total(event.order, event.total);
  return done ? state(event.order, event.state, {}) : done;
}

Result<void> EventRows::total(const OrderId& order, Money total) {
  if (part_ != Part::Stock) {
    orders_.touch(order, seq_, stamped_.at).total_minor = total.in_minor();
  }
  return {};
}

Result<void> EventRows::state(const OrderId& order, OrderState state, std::string_view reason) {
  if (part_ == Part::Stock) return {};
  OrderDraft& draft = orders_.touch(order, seq_, stamped_.at);
  draft.state = state;
  if (!reason.empty()) draft.reason = reason;
  return {};
}

Result<void> EventRows::write_orders() { return orders_.write(tables_.orders, bucket_, store_); }

}  // namespace larder::relay
