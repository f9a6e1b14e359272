// InProcessBus: the bus of a relay that stands alone. A message is durable when every subscriber of
// its topic has taken it; what nobody subscribed to is dropped, as on a bus without consumers. In a
// group (a store) one message after the other, groups side by side; a message that failed does not
// hold the group, because its sender does. Life: shorter than its subscribers'. Thread: the loop.
// Limits: kBusMessagesMax under way or waiting, beyond that Overloaded.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "relay/app/ports.hpp"

namespace larder::relay {

inline constexpr std::size_t kBusMessagesMax = 20'000;

class InProcessBus final : public Bus {
 public:
  using Done = std::function<void(Result<void>)>;
  using Post = std::function<void(std::function<void()>)>;
  // Takes a message and answers once, on the loop.
  using Subscriber = std::function<void(const Message&, Done)>;
  // For tests: asked before each delivery; an error is the answer, and nobody gets the message.
  using Fault = std::function<Result<void>(const Message&)>;

  explicit InProcessBus(Post post, Fault fault = {});

  // Before the first send. An empty topic: all of them.
  void subscribe(std::string topic, Subscriber subscriber);
  void send(const Message& message, Done done) override;

 private:
  struct Parcel {
    Message message;
    Done done;
  };
  struct Group {
    std::deque<Parcel> parcels;  // the front one is under way
    std::size_t open = 0;        // answers that are still due for it
    Result<void> outcome;
  };
  struct Subscription {
    std::string topic;
    Subscriber subscriber;
  };
  void begin(const std::string& group);
  void answered(const std::string& group, const Result<void>& outcome);
  void finish(const std::string& group);

  Post post_;
  Fault fault_;
  std::vector<Subscription> subscriptions_;
  std::map<std::string, Group> groups_;
  std::size_t messages_ = 0;
  std::shared_ptr<int> life_ = std::make_shared<int>(0);  // what comes back late finds it gone
};

}  // namespace larder::relay
