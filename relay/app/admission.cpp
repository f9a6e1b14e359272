#include "relay/app/admission.hpp"

#include <algorithm>

namespace larder::relay {

Admission::Admission(const RelaySettings& settings, std::size_t databases)
    : catch_up_stores_max_(settings.catch_up_stores_max), active_(databases) {}

void Admission::heard(StoreStream& stream, Duration now) {
  now_ = now;
  if (recent_.try_emplace(&stream, now).second) {
    ++active_[stream.database];
  } else {
    recent_[&stream] = now;
  }
}

void Admission::catches_up(StoreStream& stream) {
  if (!stream.is_catching_up) {
    stream.is_catching_up = true;
    waiting_.push_back(&stream);
  } else if (!stream.is_admitted &&
             std::find(waiting_.begin(), waiting_.end(), &stream) == waiting_.end()) {
    waiting_.push_back(&stream);
  }
  admit_next();
}

void Admission::is_current(StoreStream& stream) {
  if (!stream.is_catching_up) return;
  stream.is_catching_up = false;
  if (stream.is_admitted) {
    stream.is_admitted = false;
    --admitted_;
  }
  std::erase(waiting_, &stream);
  admit_next();
}

void Admission::admit_next() {
  while (admitted_ < catch_up_stores_max_ && !waiting_.empty()) {
    StoreStream& next = *waiting_.front();
    waiting_.pop_front();
    if (!next.is_live) continue;  // its next hello brings it back
    next.is_admitted = true;
    ++admitted_;
    heard(next, now_);  // its place is kept for as long as that of one that has just spoken
  }
}

std::uint16_t Admission::credit(const StoreStream& stream, const Ingest& ingest) const {
  if (!ingest.is_up() || ingest.free_batches() == 0) return 0;
  const bool is_live = !stream.is_catching_up;
  if (ingest.is_over_mark()) return is_live ? 1 : 0;
  if (!is_live && !stream.is_admitted) return 0;
  const std::size_t active = std::max<std::size_t>(1, active_[stream.database]);
  const std::size_t grown = std::max<std::size_t>(kCreditFirst, 2 * stream.granted);
  const std::size_t share = std::min({ingest.free_batches() / active, grown, kCreditMax});
  return static_cast<std::uint16_t>(is_live ? std::max<std::size_t>(1, share) : share);
}

void Admission::paused(StoreStream& stream) {
  if (stream.is_paused) return;
  stream.is_paused = true;
  paused_.push_back(&stream);
}

std::vector<StoreStream*> Admission::take_paused(std::size_t limit) {
  std::vector<StoreStream*> taken;
  while (!paused_.empty() && taken.size() < limit) {
    taken.push_back(paused_.front());
    paused_.pop_front();
    taken.back()->is_paused = false;
  }
  return taken;
}

void Admission::tick(Duration now) {
  now_ = now;
  std::erase_if(recent_, [this, now](const auto& each) {
    StoreStream& stream = *each.first;
    const Duration silent = now - each.second;
    // Who drains keeps its place over a pause that we may have caused ourselves.
    const Duration limit = stream.is_admitted ? kDrainIdle : kActiveFor;
    if (stream.is_pending() || silent < limit) return false;
    --active_[stream.database];
    if (stream.is_admitted) {
      stream.is_admitted = false;
      --admitted_;
    }
    return true;
  });
  admit_next();
}

}  // namespace larder::relay
