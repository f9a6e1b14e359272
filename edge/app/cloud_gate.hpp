// CloudGate: what the uplink room may ask of the hub. All calls, and all calls back, on the network
// thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "edge/app/ports.hpp"
#include "lan-protocol/uplink.hpp"

namespace larder::edge {

// A word of HQ under its number; one that could not be read is an Error, and is answered as one.
struct NumberedWord {
  Seq number = 0;
  Result<Word> word;
  TimePoint issued_at = {};  // by the relay's clock; shown to people, decides nothing
};

// Whether the hub trusts its books, and what the screens say of them.
struct RecoveryView {
  KeptDoubt doubt;             // off: it does
  std::vector<HubId> was;      // whom the books belonged to before
  bool screens_agree = false;  // one has seen exactly what is here, and none more
};

class CloudGate {
 public:
  virtual ~CloudGate() = default;
  // Of what is on disk.
  virtual Head head() const = 0;
  virtual Seq words_applied() const = 0;

  // Committed events with seq > after, in order, at most `limit`, by the writer between two groups.
  virtual void read_events(Seq after, std::size_t limit,
                           std::function<void(Result<std::vector<StoredEvent>>)> got) = 0;
  virtual void keep_acked(Seq acked) = 0;

  // In order of number. Those that were taken before are passed over, and nothing after a gap is
  // taken. `taken` is called once everything before is on disk, with the last number taken.
  virtual void take_words(std::vector<NumberedWord> words, std::function<void(Seq)> taken) = 0;

  // This side's books of a day (UPLINK.md section 6).
  virtual void day_books(BusinessDay day, std::function<void(Result<DayBooks>)> got) = 0;
  // This side's stock, once the event that it counts in is on disk: the marks of at most
  // kStockMarksMax SKUs behind `after`, or the levels of `skus`.
  virtual void stock_books(const SkuId& after, const std::vector<SkuId>& skus,
                           std::function<void(StockBooks)> got) = 0;
  // One per number of from..to: 16 hex digits, or empty where there is no event.
  virtual void event_hashes(Seq from, Seq to,
                            std::function<void(Result<std::vector<std::string>>)> got) = 0;

  // Recovery.
  virtual RecoveryView recovery() const = 0;
  // Something speaks against the books: the hub sells nothing from now on.
  virtual void doubt(const KeptDoubt& raised) = 0;
  // Lost events, in order behind what is here; all or none of them. `done`: on disk, up to there.
  virtual void import_events(std::vector<StoredEvent> events,
                             std::function<void(Result<Seq>)> done) = 0;
  // Begins an epoch above `above` and every one that is known. `is_unverified`: events are lost.
  virtual void settle_doubt(Epoch above, const std::string& reason, bool is_unverified) = 0;
};

}  // namespace larder::edge
