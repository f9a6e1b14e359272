#include "edge/cloud_side.hpp"

#include <algorithm>
#include <fstream>
#include <random>
#include <utility>

#include "lan-protocol/digest.hpp"
#include "lan-protocol/uplink.hpp"
#include "platform/process/credentials.hpp"

namespace larder::edge {

namespace {

constexpr Duration kTick{250'000};
constexpr std::size_t kMachineDigits = 16;
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

Outgoing will_of(const StoreId& store, const std::string& version, Epoch epoch) {
  Presence presence;
  presence.epoch = epoch;
  presence.version = version;
  return Outgoing{topic_of(store, UplinkTopic::Presence), encode(presence), true, true};
}

PahoLinkConfig link_of(const Config& config, std::string password) {
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
  link.filters = hub_filters(config.store);
  return link;
}

}  // namespace

Result<std::unique_ptr<CloudSide>> CloudSide::start(const Config& config, const CloudSelf& self,
                                                    Seq acked, CloudSideParts parts) {
  auto known = all_credentials_known({config.uplink_ca_file, config.uplink_cert_file,
                                      config.uplink_key_file, config.uplink_password_file});
  if (!known) return pass_on(known);
  auto password = password_of(config);
  if (!password) return pass_on(password);
  auto link = link_of(config, std::move(*password));
  const std::string machine =
      self.machine.empty() ? std::string() : hex(sha256(self.machine)).substr(0, kMachineDigits);
  UplinkSelf speaker{config.store, self.hub, new_boot(), self.version, machine, self.code};
  std::unique_ptr<CloudSide> side(new CloudSide(std::move(link), std::move(speaker), acked, parts));
  side->connect();
  return side;
}

CloudSide::CloudSide(PahoLinkConfig config, UplinkSelf self, Seq acked, CloudSideParts parts)
    : parts_(parts),
      config_(std::move(config)),
      self_(std::move(self)),
      acked_(acked),
      ticker_(parts.loop.every(kTick, [this] { tick(); })) {}

CloudSide::~CloudSide() { parts_.hub.follow(nullptr); }

UplinkWorld CloudSide::world() {
  return UplinkWorld{parts_.clock, parts_.telemetry, system_chance(), [this](Duration time) {
                       parts_.loop.after(Duration{time.micros + kSlackMicros}, [this] { tick(); });
                     }};
}

// In recovery under a name of its own: the hub that this one may be a copy of keeps its connection,
// and no last word of ours is taken for its.
void CloudSide::connect() {
  const bool is_in_doubt = parts_.hub.recovery().doubt.is_on();
  PahoLinkConfig config = config_;
  if (is_in_doubt) {
    config.client_id += "~" + self_.hub.text();
  } else {
    config.will = will_of(self_.store, self_.version, parts_.hub.ledger().epoch);
  }
  put_away();
  link_ = std::make_unique<PahoLink>(
      std::move(config), [this](std::function<void()> job) { parts_.loop.post(std::move(job)); },
      [this](Duration time, std::function<void()> job) { parts_.loop.after(time, std::move(job)); },
      system_chance());
  if (is_in_doubt) {
    rescue_ = std::make_unique<Rescue>(self_, *link_, parts_.hub, world());
    parts_.hub.follow(rescue_.get());
    rescue_->start();
  } else {
    uplink_ = std::make_unique<Uplink>(self_, *link_, parts_.hub, world(), acked_);
    parts_.hub.follow(uplink_.get());
    uplink_->start();
  }
}

// A doubt that begins or ends is rare: they are few.
void CloudSide::put_away() {
  parts_.hub.follow(nullptr);
  if (link_ == nullptr) return;
  link_->cut("the hub's trust in its books has changed");
  former_.push_back(Former{std::move(link_), std::move(uplink_), std::move(rescue_)});
}

void CloudSide::tick() {
  if (is_stopped_) return;
  const bool is_in_doubt = parts_.hub.recovery().doubt.is_on();
  if (is_in_doubt != (rescue_ != nullptr)) {
    acked_ = uplink_ ? uplink_->state().acked : std::max(acked_, rescue_->acked());
    return connect();
  }
  if (uplink_) uplink_->tick();
  if (rescue_) rescue_->tick();
}

void CloudSide::stop() {
  is_stopped_ = true;
  if (uplink_) uplink_->stop();
  if (rescue_) rescue_->stop();
}

CloudState CloudSide::state() const { return uplink_ ? uplink_->state() : rescue_->state(); }

}  // namespace larder::edge
