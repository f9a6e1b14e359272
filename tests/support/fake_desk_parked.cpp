// FakeDesk's events that were set aside: one of a kind nobody knows cannot be tried again.
#include <algorithm>

#include "tests/support/fake_desk.hpp"

namespace larder::relay {

void FakeDesk::parked(const StoreId& store, Done<std::vector<ParkedEvent>> done) {
  give<std::vector<ParkedEvent>>(std::move(done), aside[store]);
}

void FakeDesk::repair_parked(const ParkedRepair& repair, Done<void> done) {
  repairs.push_back(repair);
  auto& events = aside[repair.store];
  const auto found = std::find_if(events.begin(), events.end(), [&repair](const ParkedEvent& e) {
    return e.epoch == repair.epoch && e.seq == repair.seq;
  });
  if (found == events.end()) {
    return give<void>(std::move(done), refuse(Code::NotFound, "no such event is set aside"));
  }
  if (!repair.skips && found->name == "robot.danced") {
    return give<void>(std::move(done), refuse(Code::BadState, "it still cannot be written"));
  }
  events.erase(found);
  views[repair.store].parked = events.size();
  give<void>(std::move(done), {});
}

}  // namespace larder::relay
