// DurableConsumer: one consumer group of the in-process bus. Its effect and the memory of it are
// one transaction of its ConsumeLog, many messages at a time. Life: longer than the bus it is
// subscribed to; its end finishes what was taken in. Thread: deliver() on the loop, the log and the
// effect on a thread of its own, answers come back through `post`. Limits: kConsumerQueueMax.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "relay/bus/consume_log.hpp"

namespace larder::relay {

inline constexpr std::size_t kConsumerQueueMax = 10'000;
inline constexpr std::size_t kConsumerBatch = 100;

class DurableConsumer {
 public:
  using Post = std::function<void(std::function<void()>)>;
  using Done = std::function<void(Result<void>)>;

  // `now` is asked on the consumer's thread. `post` may be called from any thread.
  DurableConsumer(std::string group, ConsumeLog log, Effect effect, std::function<TimePoint()> now,
                  Post post);
  ~DurableConsumer();
  DurableConsumer(const DurableConsumer&) = delete;
  DurableConsumer& operator=(const DurableConsumer&) = delete;

  // `done` on the loop: ok when the effect is durable, now or since before. Overloaded when the
  // queue is full.
  void deliver(const Message& message, Done done);

 private:
  struct Delivery {
    Message message;
    Done done;
  };
  void work();
  std::deque<Delivery> next();

  const std::string group_;
  ConsumeLog log_;
  Effect effect_;
  std::function<TimePoint()> now_;
  Post post_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Delivery> waiting_;
  bool stopping_ = false;
  int batches_ = 0;     // worker only
  std::thread thread_;  // last: it uses everything above
};

}  // namespace larder::relay
