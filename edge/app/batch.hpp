// Batch: what one group commit makes durable, and everything that may leave the process once it is.
// Replies, snapshots and query answers all wait here: nothing that shows an uncommitted state gets
// out. Life: filled while the batch before it is on its way to the disk; released on the network
// thread after its own commit.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "edge/app/ports.hpp"
#include "edge/app/recent.hpp"

namespace larder::edge {

struct Batch {
  std::shared_ptr<Group> group = std::make_shared<Group>();
  std::vector<PublishedEvent> published;        // the events of the group, for the screens
  std::vector<std::function<void()>> releases;  // run in order after the events were published
  std::unique_ptr<Snapshot> snapshot;           // to keep once the group is on disk
  std::size_t commands = 0;

  bool needs_disk() const { return !group->events.empty() || !group->answers.empty(); }
  bool empty() const { return !needs_disk() && releases.empty(); }
};

}  // namespace larder::edge
