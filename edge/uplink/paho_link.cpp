#include "edge/uplink/paho_link.hpp"

#include <mqtt/async_client.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <utility>

#include "platform/process/socket_options.hpp"

namespace larder::edge {

namespace {

constexpr int kReceiveMaximum = 32;
constexpr int kReceiveMaximumUnsaid = 65'535;  // MQTT 5, 3.2.2.3.3
constexpr int kBufferedBeyondWindow = 64;
constexpr int kTls12 = 3;  // Paho's number for TLS 1.2
constexpr auto kGoodbyeWithin = std::chrono::milliseconds(500);

std::string uri_of(const PahoLinkConfig& config) {
  const bool is_six = config.address.find(':') != std::string::npos;
  const std::string host = is_six ? "[" + config.address + "]" : config.address;
  return (config.is_tls ? "ssl://" : "tcp://") + host + ":" + std::to_string(config.port);
}

mqtt::ssl_options tls_of(const PahoLinkConfig& config) {
  mqtt::ssl_options tls;
  if (!config.ca_file.empty()) tls.set_trust_store(config.ca_file);
  if (!config.cert_file.empty()) tls.set_key_store(config.cert_file);
  if (!config.key_file.empty()) tls.set_private_key(config.key_file);
  tls.set_ssl_version(kTls12);
  tls.set_enable_server_cert_auth(true);
  tls.set_verify(true);
  return tls;
}

mqtt::connect_options options_of(const PahoLinkConfig& config) {
  mqtt::connect_options options;
  options.set_mqtt_version(MQTTVERSION_5);
  options.set_clean_start(true);
  options.set_automatic_reconnect(false);
  options.set_keep_alive_interval(config.keepalive_s);
  options.set_connect_timeout(static_cast<int>(kConnectWithin.micros / 2'000'000));
  options.set_max_inflight(config.max_inflight);
  mqtt::properties properties;
  properties.add(mqtt::property(mqtt::property::SESSION_EXPIRY_INTERVAL, 0));
  properties.add(mqtt::property(mqtt::property::RECEIVE_MAXIMUM, kReceiveMaximum));
  options.set_properties(properties);
  mqtt::properties of_will;
  of_will.add(mqtt::property(mqtt::property::WILL_DELAY_INTERVAL, config.will_delay_s));
  const Outgoing& will = config.will;
  if (!will.topic.empty()) {
    options.set_will(mqtt::will_options(will.topic, will.payload, will.is_sure ? 1 : 0,
                                        will.is_retained, of_will));
  }
  if (!config.user.empty()) options.set_user_name(config.user);
  if (!config.password.empty()) options.set_password(config.password);
  if (config.is_tls) options.set_ssl(tls_of(config));
  return options;
}

std::string why_failed(const mqtt::token& token) {
  const int reason = static_cast<int>(token.get_reason_code());
  if (reason >= 0x80) return "the broker refused: reason " + std::to_string(reason);
  return "the broker cannot be reached (" + std::to_string(token.get_return_code()) + ")";
}

}  // namespace

// The link as Paho's threads know it. `link` is looked at on the network thread alone.
struct PahoLink::Owner {
  // Never connects. Without it Paho would end its threads with each client, and whoever unmakes the
  // client, which is the network thread, would wait for them.
  mqtt::async_client anchor{"tcp://127.0.0.1:1", "larder-anchor"};
  PahoLink* link = nullptr;
  Post post;
  std::atomic<std::size_t> arrived{0};

  static void tell(const std::shared_ptr<Owner>& owner, std::function<void(PahoLink&)> what) {
    owner->post([owner, what = std::move(what)] {
      if (owner->link != nullptr) what(*owner->link);
    });
  }
};

// One connection, from connect() until it is lost. Its callbacks run on Paho's threads under Paho's
// lock: they copy and post.
struct PahoLink::Client {
  enum class Wants { Connect, Listen, Publish };

  class Ear final : public mqtt::iaction_listener {
   public:
    Ear(std::shared_ptr<Owner> owner, std::uint64_t generation, Wants wants)
        : owner_(std::move(owner)), generation_(generation), wants_(wants) {}

    void on_success(const mqtt::token& token) override {
      const int receive_maximum = wants_ == Wants::Connect ? receive_maximum_in(token) : 0;
      Owner::tell(owner_,
                  [generation = generation_, wants = wants_, receive_maximum](PahoLink& link) {
                    if (wants == Wants::Connect) link.connected(generation, receive_maximum);
                    if (wants == Wants::Listen) link.listening(generation);
                    if (wants == Wants::Publish) link.published(generation);
                  });
    }

    void on_failure(const mqtt::token& token) override {
      const bool is_publish = wants_ == Wants::Publish;
      Owner::tell(owner_,
                  [generation = generation_, is_publish, why = why_failed(token)](PahoLink& link) {
                    is_publish ? link.not_published(generation, why) : link.lost(generation, why);
                  });
    }

   private:
    static int receive_maximum_in(const mqtt::token& token) {
      try {
        const auto answer = token.get_connect_response();
        const auto& properties = answer.get_properties();
        if (!properties.contains(mqtt::property::RECEIVE_MAXIMUM)) return kReceiveMaximumUnsaid;
        return mqtt::get<std::uint16_t>(properties, mqtt::property::RECEIVE_MAXIMUM);
      } catch (const std::exception&) {
        return kReceiveMaximumUnsaid;
      }
    }

    std::shared_ptr<Owner> owner_;
    std::uint64_t generation_;
    Wants wants_;
  };

  Client(const PahoLinkConfig& config, std::shared_ptr<Owner> owner, std::uint64_t generation)
      : connect_ear(owner, generation, Wants::Connect),
        listen_ear(owner, generation, Wants::Listen),
        publish_ear(owner, generation, Wants::Publish),
        paho(uri_of(config), config.client_id,
             mqtt::create_options(MQTTVERSION_5, config.max_inflight + kBufferedBeyondWindow),
             nullptr) {
    paho.set_connection_lost_handler([owner, generation](const std::string& cause) {
      Owner::tell(owner, [generation, cause](PahoLink& link) {
        link.lost(generation, cause.empty() ? "the connection was lost" : cause);
      });
    });
    paho.set_disconnected_handler(
        [owner, generation](const mqtt::properties&, mqtt::ReasonCode reason) {
          const std::string why =
              "the broker closed: reason " + std::to_string(static_cast<int>(reason));
          Owner::tell(owner, [generation, why](PahoLink& link) { link.lost(generation, why); });
        });
    paho.set_message_callback([owner, generation](mqtt::const_message_ptr message) {
      if (message == nullptr || owner->arrived >= kArrivedMax) return;
      owner->arrived++;
      Owner::tell(owner, [owner, generation, topic = message->get_topic(),
                          payload = message->to_string()](PahoLink& link) {
        owner->arrived--;
        link.arrived(generation, topic, payload);
      });
    });
  }

  Ear connect_ear;
  Ear listen_ear;
  Ear publish_ear;
  mqtt::async_client paho;  // last: it uses the ears
};

PahoLink::PahoLink(PahoLinkConfig config, Post post, After after, std::function<double()> chance)
    : config_(std::move(config)),
      post_(std::move(post)),
      after_(std::move(after)),
      backoff_(config_.reconnect_first, config_.reconnect_most, std::move(chance)),
      owner_(std::make_shared<Owner>()) {
  owner_->link = this;
  owner_->post = post_;
}

PahoLink::~PahoLink() {
  owner_->link = nullptr;
  retire();
}

void PahoLink::start(LinkWatcher& watcher) {
  watcher_ = &watcher;
  connect();
}

void PahoLink::connect() {
  if (is_stopped_) return;
  generation_++;
  try {
    client_ = std::make_unique<Client>(config_, owner_, generation_);
    client_->paho.connect(options_of(config_), nullptr, client_->connect_ear);
  } catch (const std::exception& error) {
    post_([owner = owner_, generation = generation_, why = std::string(error.what())] {
      if (owner->link != nullptr) owner->link->lost(generation, why);
    });
    return;
  }
  // Paho has timeouts of its own; this one does not depend on them.
  after_(kConnectWithin, [owner = owner_, generation = generation_] {
    if (owner->link == nullptr || owner->link->is_up_) return;
    owner->link->lost(generation, "the broker did not answer in time");
  });
}

void PahoLink::connected(std::uint64_t generation, int receive_maximum) {
  if (generation != generation_ || client_ == nullptr) return;
  window_ =
      static_cast<std::size_t>(std::max(1, std::min(config_.max_inflight, receive_maximum) - 1));
  in_flight_ = 0;
  filters_left_ = config_.filters.size();
  send_small_messages_at_once(config_.port);
  try {
    for (const std::string& filter : config_.filters) {
      client_->paho.subscribe(filter, 1, nullptr, client_->listen_ear);
    }
  } catch (const std::exception& error) {
    lost(generation, error.what());
  }
}

void PahoLink::listening(std::uint64_t generation) {
  if (generation != generation_ || filters_left_ == 0) return;
  if (--filters_left_ > 0) return;
  is_up_ = true;
  connections_++;
  up_since_ = std::chrono::steady_clock::now();
  watcher_->link_up();
}

bool PahoLink::publish(Outgoing message) {
  if (!is_up_ || in_flight_ >= window_) return false;
  try {
    client_->paho.publish(mqtt::make_message(message.topic, std::move(message.payload),
                                             message.is_sure ? 1 : 0, message.is_retained),
                          nullptr, client_->publish_ear);
  } catch (const std::exception&) {
    return false;  // lost; the handler says so
  }
  in_flight_++;
  return true;
}

void PahoLink::published(std::uint64_t generation) {
  if (generation != generation_ || in_flight_ == 0) return;
  in_flight_--;
  watcher_->window_moved();
}

void PahoLink::not_published(std::uint64_t generation, const std::string& why) {
  if (generation != generation_) return;
  watcher_->refused(why);
  published(generation);
}

void PahoLink::arrived(std::uint64_t generation, const std::string& topic,
                       const std::string& payload) {
  // A retained word may come before the last of the filters is confirmed: it must not be missed.
  if (generation != generation_ || watcher_ == nullptr) return;
  if (!is_up_) {
    if (filters_left_ == 0) return;
    filters_left_ = 1;
    listening(generation);
  }
  watcher_->arrived(topic, payload);
}

void PahoLink::lost(std::uint64_t generation, const std::string& why) {
  if (generation != generation_ || client_ == nullptr) return;
  generation_++;
  const auto lasted = std::chrono::steady_clock::now() - up_since_;
  // Two machines under one name would throw each other off without a pause between.
  if (is_up_ && lasted >= std::chrono::microseconds(kLastedWell.micros)) backoff_.reset();
  is_up_ = false;
  filters_left_ = 0;
  retire();
  if (is_stopped_) return;
  watcher_->link_down(why);
  after_(backoff_.next(), [owner = owner_, expected = generation_] {
    if (owner->link != nullptr && owner->link->generation_ == expected) owner->link->connect();
  });
}

void PahoLink::retire() { client_.reset(); }

void PahoLink::cut(const std::string& why) {
  is_stopped_ = true;
  generation_++;
  is_up_ = false;
  retire();
  if (watcher_ != nullptr) watcher_->link_down(why);
}

void PahoLink::stop(Outgoing last) {
  is_stopped_ = true;
  generation_++;
  if (client_ == nullptr) return;
  try {
    if (is_up_) {
      auto told = client_->paho.publish(mqtt::make_message(last.topic, std::move(last.payload),
                                                           last.is_sure ? 1 : 0, last.is_retained));
      (void)told->wait_for(kGoodbyeWithin);
      (void)client_->paho.disconnect(0)->wait_for(kGoodbyeWithin);
    }
  } catch (const std::exception&) {  // it ends either way
  }
  is_up_ = false;
  retire();
}

}  // namespace larder::edge
