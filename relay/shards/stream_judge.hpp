// StreamJudge: what becomes of a batch, before anything is written (faults.md, cases 51 to 56).
// Life: one call of judge(). Reads the database it is given, changes nothing.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "relay/app/ports.hpp"
#include "relay/shards/tables.hpp"

namespace larder::relay {

struct Verdict {
  BatchFate fate = BatchFate::Applied;
  std::string reason;
  std::size_t skip = 0;        // records in front that are here already, with the same bytes
  std::vector<Sha256> hashes;  // of the records after those; zeros where they cannot be known
  bool begins_epoch = false;
  std::optional<Seq> forked_at;  // the first number that has two events; none: the chain is broken
};

class StreamJudge {
 public:
  StreamJudge(StreamTables& tables, unsigned bucket) : tables_(tables), bucket_(bucket) {}
  // `mark`: null when the store is not known.
  Result<Verdict> judge(const StreamMark* mark, const StoreBatch& batch);
  // The chain's hash before this number, on the store's own line; none when it was never seen here.
  Result<std::optional<Sha256>> hash_before(const StoreId& store, Seq first);

 private:
  Result<Verdict> judge_new(const StoreBatch& batch);
  Result<Verdict> judge_same_epoch(const StreamMark& mark, const StoreBatch& batch);
  Result<Verdict> judge_new_epoch(const StreamMark& mark, const StoreBatch& batch);
  // Compares what came again with what is kept, up to `up_to`; sets skip, or forked_at.
  Result<void> compare(const StoreBatch& batch, const StreamMark& mark, Verdict& verdict);

  StreamTables& tables_;
  unsigned bucket_;
};

}  // namespace larder::relay
