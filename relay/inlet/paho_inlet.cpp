#include "relay/inlet/paho_inlet.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "platform/process/socket_options.hpp"
#include "relay/inlet/paho_client_internal.hpp"

namespace larder::relay {
namespace {

constexpr auto kGoodbyeWithin = std::chrono::milliseconds(500);
constexpr int kPresenceSeconds = 90;  // a retained word of a relay that died goes by itself
constexpr Duration kPresenceAgain = Duration::seconds(30);

int qos_of(UplinkTopic topic) {
  return topic == UplinkTopic::Ack || topic == UplinkTopic::WordsAck ? 0 : 1;
}

}  // namespace

PahoInlet::PahoInlet(PahoInletConfig config, World world)
    : config_(std::move(config)), world_(std::move(world)), owner_(std::make_shared<Owner>()) {
  owner_->inlet = this;
  owner_->post = world_.post;
}

PahoInlet::~PahoInlet() {
  owner_->inlet = nullptr;
  client_.reset();
}

void PahoInlet::start(InletListener& listener) {
  listener_ = &listener;
  connect();
}

void PahoInlet::connect() {
  if (is_stopped_) return;
  ++generation_;
  try {
    client_ = std::make_unique<Client>(config_, owner_, generation_);
    client_->paho.connect(options_of(config_), nullptr, client_->connect_ear);
  } catch (const std::exception& error) {
    world_.post([owner = owner_, generation = generation_, why = std::string(error.what())] {
      if (owner->inlet != nullptr) owner->inlet->lost(generation, why);
    });
    return;
  }
  // Paho has timeouts of its own; this one does not depend on them.
  world_.after(kConnectWithin, [owner = owner_, generation = generation_] {
    if (owner->inlet == nullptr || owner->inlet->is_up_) return;
    owner->inlet->lost(generation, "the broker did not answer in time");
  });
}

void PahoInlet::connected(std::uint64_t generation, int receive_maximum) {
  if (generation != generation_ || client_ == nullptr) return;
  window_ =
      static_cast<std::size_t>(std::max(1, std::min(config_.max_inflight, receive_maximum) - 1));
  in_flight_ = 0;
  send_small_messages_at_once(config_.port);
  auto filters = std::make_shared<mqtt::string_collection>();
  for (const unsigned partition : config_.partitions) {
    for (const std::string& filter : relay_filters(partition)) filters->push_back(filter);
  }
  const mqtt::iasync_client::qos_collection qos(filters->size(), 1);
  try {
    client_->paho.subscribe(filters, qos, nullptr, client_->subscribe_ear);
  } catch (const std::exception& error) {
    lost(generation, error.what());
  }
}

void PahoInlet::subscribed(std::uint64_t generation, const std::string& refused) {
  if (generation != generation_ || client_ == nullptr) return;
  if (!refused.empty()) return lost(generation, refused);
  is_up_ = true;
  ++connections_;
  tries_ = 0;
  say_presence();
  listener_->inlet_up();
}

// The last will names one topic alone. For the other partitions the retained word runs out, and is
// said again for as long as this relay lives.
void PahoInlet::say_presence() {
  const std::string word = encode(RelayPresence{config_.relay, true});
  for (const unsigned partition : config_.partitions) {
    publish(Outgoing{relay_presence_topic(partition), word, 1, true});
  }
  world_.after(kPresenceAgain, [owner = owner_, generation = generation_] {
    PahoInlet* inlet = owner->inlet;
    if (inlet == nullptr || inlet->generation_ != generation || !inlet->is_up_) return;
    inlet->say_presence();
  });
}

void PahoInlet::send(const StoreId& store, UplinkTopic topic, std::string payload) {
  if (!is_up_) return;
  publish(Outgoing{topic_of(store, topic), std::move(payload), qos_of(topic), false});
}

// Paho is never given more of QoS 1 than its window: beyond that its sender falls asleep.
void PahoInlet::publish(Outgoing message) {
  const bool may_go = message.qos == 0 || in_flight_ < window_;
  if (outgoing_.empty() && may_go && publish_now(message)) return;
  if (outgoing_.size() >= kOutgoingMax) {
    outgoing_.pop_front();  // an older one: an Ack or a word that will be said again
    listener_->dropped("outgoing_full");
  }
  outgoing_.push_back(std::move(message));
}

bool PahoInlet::publish_now(const Outgoing& message) {
  try {
    mqtt::properties properties;
    if (message.is_presence) {
      properties.add(mqtt::property(mqtt::property::MESSAGE_EXPIRY_INTERVAL, kPresenceSeconds));
    }
    auto bytes = mqtt::message::create(message.topic, message.payload, message.qos,
                                       message.is_presence, properties);
    if (message.qos == 0) {
      client_->paho.publish(std::move(bytes));
    } else {
      client_->paho.publish(std::move(bytes), nullptr, client_->publish_ear);
      ++in_flight_;
    }
    return true;
  } catch (const std::exception&) {
    // Too much is buffered, or the connection is ending; tried again, or dropped with it.
    world_.after(Duration{20'000}, [owner = owner_, generation = generation_] {
      if (owner->inlet != nullptr && owner->inlet->generation_ == generation) {
        owner->inlet->drain();
      }
    });
    return false;
  }
}

void PahoInlet::drain() {
  while (is_up_ && !outgoing_.empty()) {
    if (outgoing_.front().qos != 0 && in_flight_ >= window_) return;
    if (!publish_now(outgoing_.front())) return;
    outgoing_.pop_front();
  }
}

void PahoInlet::published(std::uint64_t generation) {
  if (generation != generation_) return;
  if (in_flight_ > 0) --in_flight_;
  drain();
}

void PahoInlet::refused(std::uint64_t generation) {
  if (generation != generation_) return;
  listener_->dropped("refused_by_broker");
  published(generation);
}

void PahoInlet::arrived(std::uint64_t generation, const std::string& topic, std::string payload,
                        bool is_retained) {
  tell_drops();
  if (generation != generation_ || client_ == nullptr) return;
  const auto place = read_topic(topic);
  if (!place) return listener_->dropped("topic");
  // What a broker kept is nobody's word of now, but for who is there.
  if (is_retained && place->topic != UplinkTopic::Presence) return listener_->dropped("retained");
  listener_->received(*place, std::move(payload));
}

void PahoInlet::tell_drops() {
  for (std::size_t full = owner_->dropped.exchange(0); full > 0; --full) {
    listener_->dropped("arrived_full");
  }
}

void PahoInlet::lost(std::uint64_t generation, const std::string& why) {
  if (generation != generation_ || client_ == nullptr) return;
  ++generation_;
  is_up_ = false;
  outgoing_.clear();  // each is said again when the hub says hello
  client_.reset();
  if (is_stopped_) return;
  listener_->inlet_down(why);
  world_.after(pause(), [owner = owner_, expected = generation_] {
    if (owner->inlet != nullptr && owner->inlet->generation_ == expected) owner->inlet->connect();
  });
}

// Full jitter, so that many relays do not come back to a broker at one moment.
Duration PahoInlet::pause() {
  const int doublings = std::min(tries_++, 10);
  const std::int64_t most =
      std::min(config_.reconnect_most.micros, config_.reconnect_first.micros << doublings);
  return Duration{static_cast<std::int64_t>(world_.chance() * static_cast<double>(most))};
}

void PahoInlet::stop() {
  is_stopped_ = true;
  if (client_ != nullptr && is_up_) {
    const std::string word = encode(RelayPresence{config_.relay, false});
    try {
      // The broker confirms the last one: all before it have arrived then.
      mqtt::delivery_token_ptr last;
      for (const unsigned partition : config_.partitions) {
        last = client_->paho.publish(mqtt::message::create(relay_presence_topic(partition), word, 1,
                                                           true, mqtt::properties()));
      }
      static_cast<void>(last->wait_for(kGoodbyeWithin));
      static_cast<void>(client_->paho.disconnect(0)->wait_for(kGoodbyeWithin));
    } catch (const std::exception&) {  // it ends either way
    }
  }
  is_up_ = false;
  ++generation_;
  client_.reset();
}

}  // namespace larder::relay
