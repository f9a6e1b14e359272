#include <algorithm>
#include <utility>

#include "relay/inlet/paho_client_internal.hpp"

namespace larder::relay {
namespace {

constexpr int kReceiveMaximumUnsaid = 65'535;  // MQTT 5, 3.2.2.3.3
constexpr int kTls12 = 3;                      // Paho's number for TLS 1.2
// Acks are of QoS 0 and pass through the same buffer: one per store and tick may be in it.
constexpr int kBufferedBeyondWindow = 16'384;

std::string uri_of(const PahoInletConfig& config) {
  const bool is_six = config.address.find(':') != std::string::npos;
  const std::string host = is_six ? "[" + config.address + "]" : config.address;
  return (config.is_tls ? "ssl://" : "tcp://") + host + ":" + std::to_string(config.port);
}

mqtt::ssl_options tls_of(const PahoInletConfig& config) {
  mqtt::ssl_options tls;
  if (!config.ca_file.empty()) tls.set_trust_store(config.ca_file);
  if (!config.cert_file.empty()) tls.set_key_store(config.cert_file);
  if (!config.key_file.empty()) tls.set_private_key(config.key_file);
  tls.set_ssl_version(kTls12);
  tls.set_enable_server_cert_auth(true);
  tls.set_verify(true);
  return tls;
}

int receive_maximum_in(const mqtt::token& token) {
  try {
    const auto answer = token.get_connect_response();
    const auto& properties = answer.get_properties();
    if (!properties.contains(mqtt::property::RECEIVE_MAXIMUM)) return kReceiveMaximumUnsaid;
    return mqtt::get<std::uint16_t>(properties, mqtt::property::RECEIVE_MAXIMUM);
  } catch (const std::exception&) {
    return kReceiveMaximumUnsaid;
  }
}

// A broker may refuse single filters of a subscription that it granted.
std::string refused_in(const mqtt::token& token) {
  const mqtt::subscribe_response answer = token.get_subscribe_response();
  for (const mqtt::ReasonCode code : answer.get_reason_codes()) {
    const int reason = static_cast<int>(code);
    if (reason >= 0x80)
      return "the broker refused a subscription: reason " + std::to_string(reason);
  }
  return {};
}

std::string why_failed(const mqtt::token& token) {
  const int reason = static_cast<int>(token.get_reason_code());
  if (reason >= 0x80) return "the broker refused: reason " + std::to_string(reason);
  return "the broker cannot be reached (" + std::to_string(token.get_return_code()) + ")";
}

}  // namespace

mqtt::connect_options options_of(const PahoInletConfig& config) {
  mqtt::connect_options options;
  options.set_mqtt_version(MQTTVERSION_5);
  options.set_clean_start(true);
  options.set_automatic_reconnect(false);
  options.set_keep_alive_interval(config.keepalive_s);
  options.set_connect_timeout(static_cast<int>(kConnectWithin.micros / 2'000'000));
  options.set_max_inflight(config.max_inflight);
  mqtt::properties properties;
  properties.add(mqtt::property(mqtt::property::SESSION_EXPIRY_INTERVAL, 0));
  properties.add(mqtt::property(mqtt::property::RECEIVE_MAXIMUM, kInletReceiveMaximum));
  options.set_properties(properties);
  options.set_will(mqtt::will_options(relay_presence_topic(config.partitions.front()),
                                      encode(RelayPresence{config.relay, false}), 1, true));
  if (!config.user.empty()) options.set_user_name(config.user);
  if (!config.password.empty()) options.set_password(config.password);
  if (config.is_tls) options.set_ssl(tls_of(config));
  return options;
}

void PahoInlet::Owner::tell(const std::shared_ptr<Owner>& owner,
                            std::function<void(PahoInlet&)> what) {
  owner->post([owner, what = std::move(what)] {
    if (owner->inlet != nullptr) what(*owner->inlet);
  });
}

bool PahoInlet::Owner::admit(std::size_t bytes) {
  if (arrived >= kArrivedMax || arrived_bytes + bytes > kArrivedBytesMax) {
    ++dropped;
    return false;
  }
  ++arrived;
  arrived_bytes += bytes;
  return true;
}

void PahoInlet::Client::Ear::on_success(const mqtt::token& token) {
  const int receive_maximum = wants_ == Wants::Connect ? receive_maximum_in(token) : 0;
  const std::string refused = wants_ == Wants::Subscribe ? refused_in(token) : std::string();
  Owner::tell(owner_, [generation = generation_, wants = wants_, receive_maximum,
                       refused](PahoInlet& inlet) {
    if (wants == Wants::Connect) inlet.connected(generation, receive_maximum);
    if (wants == Wants::Subscribe) inlet.subscribed(generation, refused);
    if (wants == Wants::Publish) inlet.published(generation);
  });
}

void PahoInlet::Client::Ear::on_failure(const mqtt::token& token) {
  // A message that the broker would not have is no reason to leave the others without a relay; a
  // connection that ended says so itself.
  if (wants_ == Wants::Publish) {
    Owner::tell(owner_,
                [generation = generation_](PahoInlet& inlet) { inlet.refused(generation); });
    return;
  }
  Owner::tell(owner_, [generation = generation_, why = why_failed(token)](PahoInlet& inlet) {
    inlet.lost(generation, why);
  });
}

PahoInlet::Client::Client(const PahoInletConfig& config, const std::shared_ptr<Owner>& owner,
                          std::uint64_t generation)
    : connect_ear(owner, generation, Wants::Connect),
      subscribe_ear(owner, generation, Wants::Subscribe),
      publish_ear(owner, generation, Wants::Publish),
      paho(uri_of(config), "larder-relay-" + config.relay,
           mqtt::create_options(MQTTVERSION_5, config.max_inflight + kBufferedBeyondWindow),
           nullptr) {
  paho.set_connection_lost_handler([owner, generation](const std::string& cause) {
    Owner::tell(owner, [generation, cause](PahoInlet& inlet) {
      inlet.lost(generation, cause.empty() ? "the connection was lost" : cause);
    });
  });
  paho.set_disconnected_handler(
      [owner, generation](const mqtt::properties&, mqtt::ReasonCode reason) {
        const bool is_taken_over = reason == mqtt::ReasonCode::SESSION_TAKEN_OVER;
        const std::string why =
            is_taken_over ? std::string("another relay connected under this id")
                          : "the broker closed: reason " + std::to_string(static_cast<int>(reason));
        Owner::tell(owner, [generation, why](PahoInlet& inlet) { inlet.lost(generation, why); });
      });
  paho.set_message_callback([owner, generation](mqtt::const_message_ptr message) {
    if (message == nullptr) return;
    const std::size_t bytes = message->get_payload_ref().size();
    if (!owner->admit(bytes)) return;
    Owner::tell(owner, [owner, generation, message, bytes](PahoInlet& inlet) {
      --owner->arrived;
      owner->arrived_bytes -= bytes;
      inlet.arrived(generation, message->get_topic(), message->to_string(), message->is_retained());
    });
  });
}

}  // namespace larder::relay
