#include "edge/app/answers.hpp"

#include <utility>

#include "core/base/limits.hpp"
#include "lan-protocol/digest.hpp"

namespace larder::edge {

Answers::Answers(const std::vector<std::uint64_t>& kept_keys) : kept_(kept_keys) {}

std::uint64_t Answers::key_of(const CommandId& id) const {
  if (asked_ != id || id.empty()) {
    asked_key_ = answer_key(id.text());
    asked_ = id;
  }
  return asked_key_;
}

const StoredAnswer* Answers::recent(const CommandId& id) const {
  auto found = recent_.find(key_of(id));
  return found == recent_.end() || found->second.id != id ? nullptr : &found->second;
}

bool Answers::may_be_kept(const CommandId& id) const { return kept_.may_contain(key_of(id)); }

void Answers::remember(const StoredAnswer& answer) {
  const std::uint64_t key = key_of(answer.id);
  auto [place, is_new] = recent_.try_emplace(key);
  if (!is_new) bytes_ -= place->second.reply->size();
  place->second = answer;
  bytes_ += answer.reply->size();
  if (!is_new) return;
  if (!kept_.may_contain(key)) kept_.add(key);  // it may be back from the journal
  order_.push_back(key);
  while (order_.size() > kRecentAnswersMax || bytes_ > kRecentAnswerBytesMax) let_go_oldest();
}

void Answers::let_go_oldest() {
  auto oldest = recent_.find(order_.front());
  bytes_ -= oldest->second.reply->size();
  recent_.erase(oldest);
  order_.pop_front();
}

}  // namespace larder::edge
