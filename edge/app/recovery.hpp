// From what the journal found at start to the books: snapshot, tail, and the head they end at.
#pragma once

#include "core/base/result.hpp"
#include "core/ledger/ledger.hpp"
#include "edge/app/hub.hpp"
#include "edge/app/ports.hpp"

namespace larder::edge {

struct Books {
  Ledger ledger;
  Head head;
};

// Corrupt when the snapshot or an event cannot be read, or they do not fit together; NewerSchema
// for an event of a later Larder.
Result<Books> rebuild_books(const Recovered& recovered);

}  // namespace larder::edge
