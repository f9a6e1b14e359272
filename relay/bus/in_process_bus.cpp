#include "relay/bus/in_process_bus.hpp"

#include <utility>

namespace larder::relay {

InProcessBus::InProcessBus(Post post, Fault fault)
    : post_(std::move(post)), fault_(std::move(fault)) {}

void InProcessBus::subscribe(std::string topic, Subscriber subscriber) {
  subscriptions_.push_back(Subscription{std::move(topic), std::move(subscriber)});
}

void InProcessBus::send(const Message& message, Done done) {
  if (messages_ >= kBusMessagesMax) {
    post_([done = std::move(done)] {
      done(refuse(Code::Overloaded, "the bus has too many messages under way"));
    });
    return;
  }
  ++messages_;
  Group& group = groups_[message.group];
  group.parcels.push_back(Parcel{message, std::move(done)});
  if (group.parcels.size() == 1) begin(message.group);
}

void InProcessBus::begin(const std::string& name) {
  Group& group = groups_.at(name);
  const Message& message = group.parcels.front().message;
  group.outcome = fault_ ? fault_(message) : Result<void>();
  std::vector<const Subscriber*> takers;
  if (group.outcome) {
    for (const Subscription& one : subscriptions_) {
      if (one.topic.empty() || one.topic == message.topic) takers.push_back(&one.subscriber);
    }
  }
  group.open = takers.size() + 1;  // one for this function: no end before all have it
  const auto life = std::weak_ptr<int>(life_);
  for (const Subscriber* taker : takers) {
    (*taker)(message, [this, life, name](const Result<void>& outcome) {
      if (!life.expired()) answered(name, outcome);
    });
  }
  post_([this, life, name] {
    if (!life.expired()) answered(name, {});
  });
}

void InProcessBus::answered(const std::string& name, const Result<void>& outcome) {
  Group& group = groups_.at(name);
  if (!outcome && group.outcome) group.outcome = outcome;
  if (--group.open == 0) finish(name);
}

void InProcessBus::finish(const std::string& name) {
  const auto group = groups_.find(name);
  const Done done = std::move(group->second.parcels.front().done);
  const Result<void> outcome = group->second.outcome;
  group->second.parcels.pop_front();
  --messages_;
  if (group->second.parcels.empty()) {
    groups_.erase(group);
  } else {
    begin(name);
  }
  done(outcome);  // last: it may send again
}

}  // namespace larder::relay
