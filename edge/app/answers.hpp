// Answers: what was said to which command id, so that the same id gets the same bytes again.
// Recent answers are in memory; of older ones only the 8-byte key is, and the journal is asked for
// the rest. Life: with the Hub, on the network thread. Limits: kRecentAnswersMax,
// kRecentAnswerBytesMax; 8 bytes per kept answer.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "edge/app/ports.hpp"

namespace larder::edge {

class Answers {
 public:
  explicit Answers(std::vector<std::uint64_t> kept_keys);

  // The answer, when it is recent. Null: see may_be_kept().
  const StoredAnswer* recent(const CommandId& id) const;
  // True when the journal may hold an answer that is not recent.
  bool may_be_kept(const CommandId& id) const;
  void remember(const StoredAnswer& answer);

 private:
  std::unordered_map<CommandId, StoredAnswer> recent_;
  std::deque<CommandId> order_;
  std::size_t bytes_ = 0;
  std::vector<std::uint64_t> kept_keys_;        // sorted: those of earlier runs
  std::unordered_set<std::uint64_t> new_keys_;  // since this start
};

}  // namespace larder::edge
