#include "edge/app/recent.hpp"

#include <utility>

#include "core/base/limits.hpp"

namespace larder::edge {

void RecentEvents::add(PublishedEvent event) {
  last_seq_ = event.seq;
  bytes_ += event.frame->size();
  events_.push_back(std::move(event));
  while (events_.size() > kRecentFramesMax || bytes_ > kRecentFrameBytesMax) {
    bytes_ -= events_.front().frame->size();
    events_.pop_front();
  }
}

bool RecentEvents::covers(Seq since) const {
  if (since > last_seq_) return false;
  return since == last_seq_ || (!events_.empty() && events_.front().seq <= since + 1);
}

std::vector<std::string_view> RecentEvents::after(Seq since, Topic topic) const {
  std::vector<std::string_view> frames;
  if (events_.empty() || since >= last_seq_) return frames;
  auto first = static_cast<std::ptrdiff_t>(since + 1 - events_.front().seq);
  for (auto event = events_.begin() + first; event != events_.end(); ++event) {
    if ((event->topics & topic_bit(topic)) != 0) frames.emplace_back(*event->frame);
  }
  return frames;
}

}  // namespace larder::edge
