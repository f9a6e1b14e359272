// DayScan: the books of one business day, read from the journal. A day is from its day.opened up to
// the event before the next one's. Runs as small jobs of the writer, between groups, so that no
// commit waits for more than one step. Life: shared by the jobs it hands out; it ends by calling
// `got` once, on the network thread. Limits: kFindStep and kWalkStep events in one job.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "edge/app/ports.hpp"
#include "lan-protocol/uplink.hpp"

namespace larder::edge {

inline constexpr std::size_t kFindStep = 250;
inline constexpr std::size_t kWalkStep = 100;

struct ScannedDay {
  DayBooks books;                  // `first` is 0 when the journal has no such day
  std::optional<Digest> at_probe;  // the chain's hash at `probe`, when the day holds it
};

class DayScan : public std::enable_shared_from_this<DayScan> {
 public:
  using Got = std::function<void(Result<ScannedDay>)>;

  // `head`: the last event that counts. The digest is the chain's hash at the day's last event,
  // taken anew: from the stored hash of the event before the day's first, over the bytes of every
  // event of the day, as chain() says. A journal whose bytes were changed gives another one.
  static void start(Writer& writer, BusinessDay day, Seq head, Seq probe, Got got);

 private:
  DayScan(Writer& writer, BusinessDay day, Seq head, Seq probe, Got got);

  void step();
  // Both on the writer thread; true when there is no more to do.
  Result<bool> find(Journal& journal);
  Result<bool> walk(Journal& journal);
  Result<void> begin_walk(Journal& journal);
  Result<void> count(const StoredEvent& event);

  Writer& writer_;
  BusinessDay day_;
  Seq probe_;
  Got got_;
  ScannedDay found_;
  Seq upper_;     // while looking for the day: events after it were looked at
  Seq last_;      // of the day, as far as it is known
  Seq next_ = 0;  // of the walk; 0: the day is not found yet
  Digest hash_{};
};

// One per number of from..to, at most kHashesMax: 16 hex digits, or empty where there is no event.
Result<std::vector<std::string>> hashes_of(Journal& journal, Seq from, Seq to);

}  // namespace larder::edge
