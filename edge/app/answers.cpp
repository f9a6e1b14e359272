#include "edge/app/answers.hpp"

#include <algorithm>
#include <utility>

#include "core/base/limits.hpp"
#include "lan-protocol/digest.hpp"

namespace larder::edge {

Answers::Answers(std::vector<std::uint64_t> kept_keys) : kept_keys_(std::move(kept_keys)) {
  std::sort(kept_keys_.begin(), kept_keys_.end());
}

const StoredAnswer* Answers::recent(const CommandId& id) const {
  auto found = recent_.find(id);
  return found == recent_.end() ? nullptr : &found->second;
}

bool Answers::may_be_kept(const CommandId& id) const {
  std::uint64_t key = answer_key(id.text());
  return new_keys_.contains(key) || std::binary_search(kept_keys_.begin(), kept_keys_.end(), key);
}

void Answers::remember(const StoredAnswer& answer) {
  auto [place, is_new] = recent_.insert_or_assign(answer.id, answer);
  if (!is_new) return;
  new_keys_.insert(answer_key(answer.id.text()));
  order_.push_back(answer.id);
  bytes_ += answer.reply->size();
  while (order_.size() > kRecentAnswersMax || bytes_ > kRecentAnswerBytesMax) {
    auto oldest = recent_.find(order_.front());
    bytes_ -= oldest->second.reply->size();
    recent_.erase(oldest);
    order_.pop_front();
  }
}

}  // namespace larder::edge
