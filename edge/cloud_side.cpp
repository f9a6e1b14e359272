#include "edge/cloud_side.hpp"

#include <fstream>
#include <random>
#include <utility>

#include "lan-protocol/uplink.hpp"
#include "platform/process/credentials.hpp"

namespace larder::edge {

namespace {

constexpr Duration kTick{250'000};
constexpr std::int64_t kSlackMicros = 1'000;  // timers and the hub's clock are not the same clock

Result<std::string> password_of(const Config& config) {
  if (config.uplink_password_file.empty()) return std::string();
  std::ifstream in(config.uplink_password_file);
  std::string line;
  if (!std::getline(in, line) || line.empty()) {
    return refuse(Code::BadConfig, config.uplink_password_file + ": holds no password");
  }
  return line;
}

// Tells two runs of one hub apart, and a hub from its copy.
std::string new_boot() {
  std::random_device chance;
  return std::to_string(chance()) + std::to_string(chance());
}

Outgoing will_of(const Config& config, const std::string& version, Epoch epoch) {
  Presence presence;
  presence.epoch = epoch;
  presence.version = version;
  return Outgoing{topic_of(config.store, UplinkTopic::Presence), encode(presence), true, true};
}

PahoLinkConfig link_of(const Config& config, std::string password, Outgoing will) {
  PahoLinkConfig link;
  link.address = config.uplink_address;
  link.port = config.uplink_port;
  link.client_id = config.store.text();
  link.user = config.uplink_user;
  link.password = std::move(password);
  link.is_tls = config.uplink_tls;
  link.ca_file = config.uplink_ca_file;
  link.cert_file = config.uplink_cert_file;
  link.key_file = config.uplink_key_file;
  link.max_inflight = config.uplink_max_inflight;
  link.will = std::move(will);
  link.filters = hub_filters(config.store);
  return link;
}

}  // namespace

Result<std::unique_ptr<CloudSide>> CloudSide::start(const Config& config, const HubId& hub_id,
                                                    const std::string& version, Seq acked,
                                                    CloudSideParts parts) {
  auto known = all_credentials_known({config.uplink_ca_file, config.uplink_cert_file,
                                      config.uplink_key_file, config.uplink_password_file});
  if (!known) return pass_on(known);
  auto password = password_of(config);
  if (!password) return pass_on(password);
  auto link =
      link_of(config, std::move(*password), will_of(config, version, parts.hub.ledger().epoch));
  UplinkSelf self{config.store, hub_id, new_boot(), version};
  std::unique_ptr<CloudSide> side(new CloudSide(std::move(link), std::move(self), acked, parts));
  parts.hub.follow(&side->uplink_);
  side->uplink_.start();
  return side;
}

CloudSide::CloudSide(PahoLinkConfig config, UplinkSelf self, Seq acked, CloudSideParts parts)
    : parts_(parts),
      link_(
          std::move(config),
          [this](std::function<void()> job) { parts_.loop.post(std::move(job)); },
          [this](Duration time, std::function<void()> job) {
            parts_.loop.after(time, std::move(job));
          },
          system_chance()),
      uplink_(std::move(self), link_, parts.hub,
              UplinkWorld{parts.clock, parts.telemetry, system_chance(),
                          [this](Duration time) {
                            parts_.loop.after(Duration{time.micros + kSlackMicros},
                                              [this] { uplink_.tick(); });
                          }},
              acked),
      ticker_(parts.loop.every(kTick, [this] { uplink_.tick(); })) {}

}  // namespace larder::edge
