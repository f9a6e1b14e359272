#include "relay/outbox/lane.hpp"

#include <string>

namespace larder::relay {
namespace {

constexpr Duration kCheckEvery = Duration::seconds(1);

}  // namespace

OutboxLane::OutboxLane(std::size_t database, Shards& shards, Bus& bus, Clock& clock,
                       Telemetry& telemetry, const OutboxOptions& options)
    : database_(database),
      shards_(shards),
      bus_(bus),
      clock_(clock),
      telemetry_(telemetry),
      options_(options),
      next_sweep_(clock.steady() + options.look_again),
      next_check_(clock.steady() + kCheckEvery) {}

void OutboxLane::tick() {
  const Duration now = clock_.steady();
  release_held(now);
  if (now >= next_check_) {
    give_up_waiting(now);
    next_check_ = now + kCheckEvery;
  }
  probe(now);
  if (now >= next_sweep_ && !sweep_) look_again();
  is_woken_ = true;
  may_sweep_ = true;
  may_mark_ = true;
  ask();
}

void OutboxLane::wake() {
  is_woken_ = true;
  ask();
}

void OutboxLane::look_again() {
  // From a long backlog in memory it is known that all was seen: read again less often.
  next_sweep_ =
      clock_.steady() + (lines_.empty() ? options_.look_again : options_.look_again_in_backlog);
  sweep_ = 0;
  is_woken_ = true;
  ask();
}

OutboxCounts OutboxLane::counts() const {
  return OutboxCounts{sent_, failures_, dead_, in_hand_, lines_.size(), is_paused_};
}

void OutboxLane::took(const OutboxRow& row) {
  if (known_.contains(row.id)) return;
  const auto found = lines_.try_emplace(row.store).first;
  Line& line = found->second;
  if (line.is_behind) return;  // its turn comes when the line is read by itself
  if (line.is_held || line.rows.size() >= kOutboxStoreRows) {
    line.is_behind = true;
    return;
  }
  const TimePoint now = clock_.now();
  if (row.next_retry_at > now && !line.has_waited) {
    // Failed before this process began. A clock that was set must not hold it longer than a wait.
    line.is_behind = true;
    if (line.rows.empty()) {
      hold(found, std::min(row.next_retry_at - now, options_.longest_wait));
    }
    return;
  }
  line.has_waited = false;
  line.rows.push_back(row);
  known_.insert(row.id);
  ++in_hand_;
  if (line.rows.size() == 1) send_first(found);
}

void OutboxLane::send_first(Lines::iterator line) {
  if (is_paused_) {
    stalled_.push_back(line->first);
    return;
  }
  const OutboxRow& row = line->second.rows.front();
  line->second.is_sending = true;
  line->second.sent_at = clock_.steady();
  const std::uint64_t ticket = ++tickets_;
  line->second.ticket = ticket;
  bus_.send(Message{row.type, row.biz_key, row.store.text(), row.payload},
            [this, life = std::weak_ptr<int>(life_), store = row.store,
             ticket](const Result<void>& outcome) {
              if (life.expired()) return;
              if (outcome || outcome.error().code() != Code::Unavailable) {
                last_answer_at_ = clock_.steady();
              }
              answered(store, ticket, outcome);
            });
}

void OutboxLane::answered(const StoreId& store, std::uint64_t ticket, const Result<void>& outcome) {
  const auto line = lines_.find(store);
  // Too late, or of a row that was given up: the bus may have it twice, under one key.
  if (line == lines_.end() || !line->second.is_sending || line->second.ticket != ticket) return;
  line->second.is_sending = false;
  if (!outcome && outcome.error().code() == Code::Unavailable) {
    bus_away(line, outcome.error());
    return;
  }
  bus_back();
  if (outcome) {
    sent(line);
  } else {
    refused(line, outcome.error());
  }
}

void OutboxLane::sent(Lines::iterator line) {
  done_.push_back(line->second.rows.front().id);
  line->second.rows.pop_front();
  --in_hand_;
  ++sent_;
  go_on(line);
}

void OutboxLane::refused(Lines::iterator line, const Error& error) {
  const OutboxRow& row = line->second.rows.front();
  const int count = row.retry_count + 1;
  ++failures_;
  if (count >= options_.tries) {
    ++dead_;
    failed_.push_back(Failure{row.id, count, std::nullopt});
    telemetry_.alarm("the bus refused message " + row.biz_key + " of store " + row.store.text() +
                     " " + std::to_string(count) + " times (" + error.message() +
                     "): it is DEAD until a person sends it again");
    line->second.rows.pop_front();
    --in_hand_;
    go_on(line);
    return;
  }
  const Duration wait = doubled(options_.first_wait, count, options_.longest_wait);
  failed_.push_back(Failure{row.id, count, clock_.now() + wait});
  let_go_of_rows(line->second);
  line->second.is_behind = true;
  hold(line, wait);
  ask();
}

void OutboxLane::go_on(Lines::iterator line) {
  Line& at = line->second;
  if (!at.rows.empty()) {
    send_first(line);
  } else if (at.is_behind) {
    if (!at.is_fetching && !at.is_held) behind_.push_back(line->first);
  } else if (!at.is_held && !at.is_fetching) {
    lines_.erase(line);
  }
  ask();
}

void OutboxLane::hold(Lines::iterator line, Duration wait) {
  line->second.is_held = true;
  held_.emplace(clock_.steady() + wait, line->first);
}

// All but the first are read again after the wait; the first stays known until it is marked.
void OutboxLane::let_go_of_rows(Line& line) {
  for (std::size_t i = 1; i < line.rows.size(); ++i) known_.erase(line.rows[i].id);
  in_hand_ -= line.rows.size();
  line.rows.clear();
}

void OutboxLane::release_held(Duration now) {
  while (!held_.empty() && held_.begin()->first <= now) {
    const auto line = lines_.find(held_.begin()->second);
    held_.erase(held_.begin());
    if (line == lines_.end()) continue;
    line->second.is_held = false;
    line->second.has_waited = true;
    line->second.is_behind = true;
    behind_.push_back(line->first);
  }
}

void OutboxLane::give_up_waiting(Duration now) {
  std::vector<std::pair<StoreId, std::uint64_t>> silent;
  for (const auto& [store, line] : lines_) {
    if (line.is_sending && now - line.sent_at >= options_.answer_within) {
      silent.emplace_back(store, line.ticket);
    }
  }
  for (const auto& [store, ticket] : silent) {
    const auto line = lines_.find(store);
    if (line == lines_.end()) continue;
    // A bus that answers others is not to blame; one that answers nobody is away.
    const bool answers_others = last_answer_at_ > line->second.sent_at;
    answered(store, ticket,
             refuse(answers_others ? Code::Busy : Code::Unavailable, "the bus did not answer"));
  }
}

void OutboxLane::bus_away(Lines::iterator line, const Error& error) {
  stalled_.push_back(line->first);
  const bool was_probing = std::exchange(is_probing_, false);
  if (is_paused_ && !was_probing) return;  // one of several that were under way
  if (!is_paused_) telemetry_.warn("the bus is away, the outbox waits: " + error.message());
  is_paused_ = true;
  paused_until_ =
      clock_.steady() + doubled(options_.first_pause, ++pauses_, options_.longest_pause);
}

void OutboxLane::probe(Duration now) {
  if (!is_paused_ || is_probing_ || now < paused_until_) return;
  while (!stalled_.empty()) {
    const auto line = lines_.find(stalled_.front());
    stalled_.pop_front();
    if (line == lines_.end() || line->second.rows.empty() || line->second.is_sending) continue;
    is_probing_ = true;
    is_paused_ = false;  // for this one send
    send_first(line);
    is_paused_ = true;
    return;
  }
  bus_back();
}

void OutboxLane::bus_back() {
  is_probing_ = false;
  pauses_ = 0;
  if (!is_paused_) return;
  is_paused_ = false;
  telemetry_.note("the bus is back, the outbox goes on");
  for (auto waiting = std::exchange(stalled_, {}); const StoreId& store : waiting) {
    const auto line = lines_.find(store);
    if (line == lines_.end() || line->second.rows.empty() || line->second.is_sending) continue;
    send_first(line);
  }
}

}  // namespace larder::relay
