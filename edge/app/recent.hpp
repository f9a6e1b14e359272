// RecentEvents: the last committed events as the screens get them, for resuming with `since`.
// Life: with the Hub, on the network thread. Limits: kRecentFramesMax, kRecentFrameBytesMax; the
// oldest leave first.
#pragma once

#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "edge/app/ports.hpp"
#include "lan-protocol/topics.hpp"

namespace larder::edge {

struct PublishedEvent {
  Seq seq = 0;
  TopicSet topics = 0;
  Bytes frame;  // write_event()
};

class RecentEvents {
 public:
  // Nothing before `head` can be resumed.
  explicit RecentEvents(Seq head) : last_seq_(head) {}

  void add(PublishedEvent event);
  // True when every event after `since` is still here.
  bool covers(Seq since) const;
  // The frames of `topic` after `since`, in order. Only when covers(since).
  std::vector<std::string_view> after(Seq since, Topic topic) const;
  Seq last() const { return last_seq_; }

 private:
  std::deque<PublishedEvent> events_;
  std::size_t bytes_ = 0;
  Seq last_seq_ = 0;
};

}  // namespace larder::edge
