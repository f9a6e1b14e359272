#include "edge/app/day_scan.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "lan-protocol/envelope.hpp"
#include "lan-protocol/json.hpp"

namespace larder::edge {

namespace {

constexpr JsonLimits kEventLimits = {32, 8'000'000, 64 * 1024};

const Json* member(const Json& json, std::string_view name) { return json.find(std::string(name)); }

std::int64_t number_of(const Json* json) {
  const auto* number = json != nullptr ? json->as<std::int64_t>() : nullptr;
  return number != nullptr ? *number : 0;
}

bool may_move_stock(std::string_view event) {
  return event.starts_with("hold.") || event.starts_with("stock.") || event.starts_with("order.");
}

}  // namespace

DayScan::DayScan(Writer& writer, BusinessDay day, Seq head, Seq probe, Got got)
    : writer_(writer), day_(day), probe_(probe), got_(std::move(got)), upper_(head), last_(head) {
  found_.books.day = day;
}

void DayScan::start(Writer& writer, BusinessDay day, Seq head, Seq probe, Got got) {
  std::shared_ptr<DayScan> scan(new DayScan(writer, day, head, probe, std::move(got)));
  scan->step();
}

void DayScan::step() {
  writer_.run([self = shared_from_this()](Journal& journal) -> std::function<void()> {
    Result<bool> is_done = self->next_ == 0 ? self->find(journal) : self->walk(journal);
    return [self, is_done = std::move(is_done)] {
      if (!is_done) return self->got_(pass_on(is_done));
      if (!*is_done) return self->step();
      self->got_(std::move(self->found_));
    };
  });
}

// From the head backwards: a statement is mostly of today.
Result<bool> DayScan::find(Journal& journal) {
  const Seq after = upper_ > kFindStep ? upper_ - kFindStep : 0;
  auto events = journal.read(after, upper_ - after);
  if (!events) return pass_on(events);
  for (auto event = events->rbegin(); event != events->rend(); ++event) {
    const auto front = event_front(*event->data);
    if (!front) return pass_on(front);
    if (front->event != "day.opened") continue;
    const auto json = parse_json(*event->data, kEventLimits);
    if (!json) return pass_on(json);
    const Json* body = member(*json, "body");
    const auto opened = body != nullptr ? number_of(member(*body, "day")) : 0;
    if (opened < day_.yyyymmdd) return true;  // no such day here
    if (opened > day_.yyyymmdd) {
      last_ = event->seq - 1;
      continue;
    }
    next_ = event->seq;
    found_.books.first = event->seq;
    auto begun = begin_walk(journal);
    if (!begun) return pass_on(begun);
    return false;
  }
  upper_ = after;
  return upper_ == 0 || events->empty();
}

Result<void> DayScan::begin_walk(Journal& journal) {
  if (next_ <= 1) return {};
  auto before = journal.read(next_ - 2, 1);
  if (!before) return pass_on(before);
  if (!before->empty() && before->front().seq == next_ - 1) hash_ = before->front().hash;
  return {};
}

Result<bool> DayScan::walk(Journal& journal) {
  auto events = journal.read(next_ - 1, std::min<std::size_t>(kWalkStep, last_ - next_ + 1));
  if (!events) return pass_on(events);
  for (const StoredEvent& event : *events) {
    if (event.seq != next_) break;
    hash_ = chain(hash_, event.epoch, event.seq, *event.data);
    if (event.seq == probe_) found_.at_probe = hash_;
    auto counted = count(event);
    if (!counted) return pass_on(counted);
    next_++;
  }
  if (next_ <= last_ && !events->empty() && events->back().seq == next_ - 1) return false;
  if (next_ <= last_) {
    return refuse(Code::Corrupt, "event " + std::to_string(next_) + " is missing in the journal");
  }
  found_.books.last = last_;
  found_.books.digest = hash_;
  return true;
}

// An order counts with its total as it was placed: what a later event says of it may belong to
// another day, and both sides must come to the same sum. A movement is one change of one account.
Result<void> DayScan::count(const StoredEvent& event) {
  found_.books.events++;
  const auto front = event_front(*event.data);
  if (!front) return pass_on(front);
  if (!may_move_stock(front->event)) return {};
  const auto json = parse_json(*event.data, kEventLimits);
  if (!json) return pass_on(json);
  const Json* body = member(*json, "body");
  if (body == nullptr) return {};
  if (member(*body, "movement") != nullptr) found_.books.movements++;
  const Json* movements = member(*body, "movements");
  const auto* list = movements != nullptr ? movements->as<JsonArray>() : nullptr;
  if (list != nullptr) found_.books.movements += list->size();
  if (front->event == "order.placed") {
    found_.books.orders++;
    const Json* order = member(*body, "order");
    if (order != nullptr) found_.books.total_minor += number_of(member(*order, "total"));
  }
  return {};
}

Result<std::vector<std::string>> hashes_of(Journal& journal, Seq from, Seq to) {
  constexpr std::size_t kDigits = 16;
  const std::size_t count = std::min<std::size_t>(to - from + 1, kHashesMax);
  auto events = journal.read(from - 1, count);
  if (!events) return pass_on(events);
  std::vector<std::string> hashes(count);
  for (const StoredEvent& event : *events) {
    if (event.seq - from < count) {
      hashes[event.seq - from] = hex(sha256(*event.data)).substr(0, kDigits);
    }
  }
  return hashes;
}

}  // namespace larder::edge
