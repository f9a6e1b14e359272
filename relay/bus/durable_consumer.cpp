#include "relay/bus/durable_consumer.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace larder::relay {
namespace {

constexpr int kBatchesPerPrune = 100;
constexpr std::int64_t kPruneRows = 20'000;  // more than came in since the last time

}  // namespace

DurableConsumer::DurableConsumer(std::string group, ConsumeLog log, Effect effect,
                                 std::function<TimePoint()> now, Post post)
    : group_(std::move(group)),
      log_(std::move(log)),
      effect_(std::move(effect)),
      now_(std::move(now)),
      post_(std::move(post)),
      thread_([this] { work(); }) {}

DurableConsumer::~DurableConsumer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void DurableConsumer::deliver(const Message& message, Done done) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() < kConsumerQueueMax) {
      waiting_.push_back(Delivery{message, std::move(done)});
      wake_.notify_one();
      return;
    }
  }
  post_([done = std::move(done)] {
    done(refuse(Code::Overloaded, "the consumer has too many messages waiting"));
  });
}

std::deque<DurableConsumer::Delivery> DurableConsumer::next() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
  const auto count = static_cast<std::ptrdiff_t>(std::min(waiting_.size(), kConsumerBatch));
  std::deque<Delivery> batch(std::make_move_iterator(waiting_.begin()),
                             std::make_move_iterator(waiting_.begin() + count));
  waiting_.erase(waiting_.begin(), waiting_.begin() + count);
  return batch;
}

void DurableConsumer::work() {
  while (true) {
    auto batch = std::make_shared<std::deque<Delivery>>(next());
    if (batch->empty()) return;  // stopping, and nothing is left
    std::vector<Message> messages;
    for (Delivery& delivery : *batch) messages.push_back(std::move(delivery.message));
    const TimePoint now = now_();
    auto outcomes = std::make_shared<std::vector<Result<Consumed>>>(
        log_.consume(group_, messages, effect_, now));
    post_([batch, outcomes] {
      for (std::size_t i = 0; i < batch->size(); ++i) {
        const Result<Consumed>& one = outcomes->at(i);
        Result<void> answer;
        if (!one) answer = pass_on(one);
        (*batch)[i].done(std::move(answer));
      }
    });
    if (++batches_ % kBatchesPerPrune == 0) {
      // Not a reason to stop: what is not let go of today is let go of next time.
      static_cast<void>(log_.prune(now, kPruneRows));
    }
  }
}

}  // namespace larder::relay
