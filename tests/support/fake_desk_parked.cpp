// FakeDesk's events that were set aside: one of a kind nobody knows cannot be tried again, nor one
// that waits behind another; what waits goes with the first.
#include <algorithm>

#include "tests/support/fake_desk.hpp"

namespace larder::relay {

void FakeDesk::parked(const StoreId& store, Done<std::vector<ParkedEvent>> done) {
  give<std::vector<ParkedEvent>>(std::move(done), aside[store]);
}

void FakeDesk::repair_parked(const ParkedRepair& repair, Done<RepairOutcome> done) {
  repairs.push_back(repair);
  auto& events = aside[repair.store];
  const auto found = std::find_if(events.begin(), events.end(), [&repair](const ParkedEvent& e) {
    return e.epoch == repair.epoch && e.seq == repair.seq;
  });
  if (found == events.end()) {
    return give<RepairOutcome>(std::move(done),
                               refuse(Code::NotFound, "no such event is set aside"));
  }
  using Answer = Result<RepairOutcome>;
  if (!repair.skips && (found->name == "robot.danced" || found->behind)) {
    return give<RepairOutcome>(
        std::move(done),
        Answer(refuse(Code::BadState,
                      found->behind ? "it waits behind another" : "it still cannot be written")));
  }
  const ParkedPlace first{found->epoch, found->seq};
  events.erase(found);
  const std::size_t before = events.size();
  std::erase_if(events, [&first](const ParkedEvent& e) { return e.behind == first; });
  const std::size_t followers = before - events.size();
  views[repair.store].parked = events.size();
  RepairOutcome outcome;
  (repair.skips ? outcome.skipped : outcome.written) = 1 + followers;
  give<RepairOutcome>(std::move(done), outcome);
}

}  // namespace larder::relay
