// Answers: what was said to which command id, so that the same id gets the same bytes again.
// Recent answers are in memory; of older ones only two bytes of their key are, and the journal is
// asked for the rest. Life: with the Hub, on the network thread. Limits: kRecentAnswersMax,
// kRecentAnswerBytesMax; KnownKeys for all that is kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include "edge/app/known_keys.hpp"
#include "edge/app/ports.hpp"

namespace larder::edge {

class Answers {
 public:
  explicit Answers(const std::vector<std::uint64_t>& kept_keys);

  // The answer, when it is recent. Null: see may_be_kept().
  const StoredAnswer* recent(const CommandId& id) const;
  // True when the journal may hold an answer that is not recent.
  bool may_be_kept(const CommandId& id) const;
  void remember(const StoredAnswer& answer);

 private:
  // The key of the id asked for last is not hashed again: a command asks three times.
  std::uint64_t key_of(const CommandId& id) const;
  void let_go_oldest();

  std::unordered_map<std::uint64_t, StoredAnswer> recent_;  // by key
  std::deque<std::uint64_t> order_;                         // of recent_, the oldest first
  std::size_t bytes_ = 0;
  KnownKeys kept_;
  mutable CommandId asked_;
  mutable std::uint64_t asked_key_ = 0;
};

}  // namespace larder::edge
