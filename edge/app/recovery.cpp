#include "edge/app/recovery.hpp"

#include <algorithm>
#include <utility>

#include "core/ledger/snapshot.hpp"
#include "lan-protocol/codec.hpp"

namespace larder::edge {

Result<Books> rebuild_books(const Recovered& recovered) {
  Books books;
  if (recovered.snapshot) {
    auto ledger = from_snapshot(recovered.snapshot->ledger);
    if (!ledger) return pass_on(ledger);
    books.ledger = std::move(*ledger);
    if (books.ledger.seq != recovered.snapshot->seq) {
      return refuse(Code::Corrupt, "the snapshot is not of the place it names");
    }
  }
  for (const StoredEvent& stored : recovered.tail) {
    auto event = decode_event(*stored.data);
    if (!event) {
      return refuse(event.error().code(),
                    "event " + std::to_string(stored.seq) + ": " + event.error().message());
    }
    if (stored.seq != books.ledger.seq + 1) {
      return refuse(Code::Corrupt, "event " + std::to_string(stored.seq) + " follows " +
                                       std::to_string(books.ledger.seq));
    }
    apply(books.ledger, event->event, event->at, event->staff);
  }
  if (books.ledger.seq != recovered.seq) {
    return refuse(Code::Corrupt, "the books end at " + std::to_string(books.ledger.seq) +
                                     ", the journal at " + std::to_string(recovered.seq));
  }
  // In doubt the next epoch must be above any that this machine has known. What is here keeps its
  // own: screens and relay compare by it, and lost events of an older epoch come back behind it.
  books.ledger.epoch = std::max(books.ledger.epoch, recovered.epoch_floor);
  books.head = Head{recovered.epoch, recovered.seq, recovered.hash};
  return books;
}

}  // namespace larder::edge
