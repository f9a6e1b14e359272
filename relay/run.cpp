#include "relay/run.hpp"

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <utility>

#include "platform/process/exit_codes.hpp"
#include "platform/process/log.hpp"

namespace larder::relay {
namespace {

constexpr Duration kStopWithin{1'000'000};  // the broker's goodbye comes on top
constexpr Duration kTellEvery = Duration::seconds(5);
constexpr Duration kListenAfter = Duration::seconds(10);
// A database that failed is made whole by a start; its stores wait so long at most.
constexpr Duration kShardDownMax = Duration::seconds(60);

RelaySettings settings_of(const Config& config, TimePoint now) {
  RelaySettings settings;
  settings.relay = config.id;
  settings.lease = static_cast<std::uint64_t>(now.micros / 1'000'000);  // higher with every start
  settings.stores_max = config.stores;
  settings.queue_batches_max = config.queue_batches;
  settings.queue_bytes_max = config.queue_megabytes * 1024 * 1024;
  settings.catch_up_stores_max = config.catch_up_stores;
  settings.reconcile_every =
      Duration::seconds(static_cast<std::int64_t>(config.reconcile_every_minutes) * 60);
  return settings;
}

PahoInletConfig inlet_of(const Config& config, const std::string& password) {
  PahoInletConfig inlet;
  inlet.relay = config.id;
  inlet.address = config.broker_address;
  inlet.port = config.broker_port;
  inlet.is_tls = config.tls;
  inlet.user = config.user;
  inlet.password = password;
  inlet.ca_file = config.ca_file;
  inlet.cert_file = config.cert_file;
  inlet.key_file = config.key_file;
  inlet.partitions = config.partitions;
  return inlet;
}

}  // namespace

Run::Run(const Config& config, std::string config_file, const std::string& password,
         SqliteShardStore& store)
    : config_(config),
      config_file_(std::move(config_file)),
      telemetry_(metrics_),
      workers_(std::make_unique<ShardWorkers>(
          seats_of(store, clock_),
          [this](std::function<void()> job) { loop_.post(std::move(job)); }, kShardJobsMax,
          [this](std::size_t database, const Error& error) { lose(database, error); })),
      inlet_(inlet_of(config, password),
             {[this](std::function<void()> job) { loop_.post(std::move(job)); },
              [this](Duration delay, std::function<void()> job) {
                loop_.after(delay, std::move(job));
              },
              [this] { return std::uniform_real_distribution<double>(0, 1)(random_); }}),
      relay_(settings_of(config, clock_.now()),
             RelayPorts{clock_, *workers_, inlet_, telemetry_,
                        [this](std::size_t database) {
                          if (outbox_) outbox_->pump().wake(database);
                        },
                        [this](const StoreId& whose, const std::vector<LeaseNews>& news) {
                          on_leases(whose, news);
                        }}),
      keeper_(keeper_ports()),
      replayer_({clock_, *workers_, telemetry_,
                 [this](const StoreId& whose, const IssuedWord& word) {
                   relay_.words().issued(word, whose);
                 }}),
      payments_(*workers_),
      turnstile_(turnstile_ports()),
      desk_(relay_,
            RelayDesk::Ports{clock_, *workers_, telemetry_,
                             [this](std::size_t database) {
                               if (outbox_) outbox_->pump().look_again(database);
                             },
                             &turnstile_},
            [this] { return metrics(); }),
      figures_(clock_, *workers_, telemetry_) {}

LeaseKeeper::Ports Run::keeper_ports() {
  return {
      clock_,
      *workers_,
      telemetry_,
      relay_.streams(),
      [this](const NewWord& word) {
        relay_.words().issue(word, [this](const Result<IssuedWord>& issued) {
          if (!issued) telemetry_.warn("a lease is not asked for: " + issued.error().message());
        });
      },
      [this](const StoreId& store, const IssuedWord& word) { relay_.words().issued(word, store); }};
}

Turnstile::Ports Run::turnstile_ports() {
  return {
      clock_,
      *workers_,
      telemetry_,
      payments_,
      [this](std::size_t database) {
        if (outbox_) outbox_->pump().wake(database);
      },
      [this](const StoreId& store, const IssuedWord& word) { relay_.words().issued(word, store); },
      [this](const StoreId& store, const std::vector<RightsSeen>& seen) {
        return keeper_.wanted(store, seen);
      },
      [this](const StoreId& store) { return keeper_.is_there(store); }};
}

void Run::on_leases(const StoreId& store, const std::vector<LeaseNews>& news) {
  keeper_.heard(store, news);
  turnstile_.granted(store);
}

Run::~Run() {
  ticker_.reset();
#ifdef LARDER_RELAY_API
  api_.reset();
#endif
  outbox_.reset();
  workers_.reset();
}

Result<void> Run::start() {
  auto outbox = attach_outbox(loop_, *workers_, clock_, telemetry_, config_.data_dir);
  if (!outbox) return pass_on(outbox);
  outbox_ = std::move(*outbox);
  if (auto started = start_http(); !started) return started;
  relay_.start([this] { listen(); });
  // A database that does not come up must not keep the stores of the others waiting.
  loop_.after(kListenAfter, [this] { listen(); });
  ticker_ = loop_.every(kAckEvery, [this] { tick(); });
  loop_.on_signals({SIGTERM, SIGINT, SIGHUP}, [this](int number) {
    if (number == SIGHUP) return look_at_config();
    stop();
  });
  log_info("relay", "relay " + config_.id + ", broker " + config_.broker_address + ":" +
                        std::to_string(config_.broker_port) + ", " +
                        std::to_string(config_.databases) + " databases in " + config_.data_dir);
  supervisor_.ready();
  return {};
}

Result<void> Run::start_http() {
#ifdef LARDER_RELAY_API
  ApiConfig api;
  api.address = config_.http_address;
  api.port = config_.http_port;
  api.data_dir = config_.data_dir;
  api.web_root = config_.web_root;
  api.secure_cookie = config_.https_only;
  api.storefront = config_.storefront;
  api_ = std::make_unique<Api>(loop_, std::move(api), desk_, clock_, telemetry_);
  if (auto started = api_->start(); !started) return started;
  const auto file = std::filesystem::path(config_.data_dir) / "relay.address";
  const auto fresh = file.string() + ".new";
  std::ofstream out(fresh, std::ios::trunc);
  out << config_.http_address << ":" << api_->port() << "\n";
  out.close();
  if (!out || std::rename(fresh.c_str(), file.c_str()) != 0) {
    return refuse(Code::StorageFault, "Cannot write " + file.string());
  }
#endif
  return {};
}

int Run::serve() {
  loop_.run();
  return code_;
}

void Run::listen() {
  if (is_stopping_ || std::exchange(is_listening_, true)) return;
  inlet_.start(relay_);
}

void Run::tick() {
  relay_.tick();
  turnstile_.tick();
  keeper_.tick();
  replayer_.tick();
  desk_.tick();
  figures_.tick();
  watch_shards();
  supervisor_.alive();
  tell_status();
}

// For `systemctl status`; a glance over all stores, so not with every tick.
void Run::tell_status() {
  if (is_stopping_ || clock_.steady() - told_at_ < kTellEvery) return;
  told_at_ = clock_.steady();
  const EstateView estate = relay_.streams().estate();
  supervisor_.status(std::to_string(estate.live) + " of " + std::to_string(estate.stores) +
                     " stores live, " + std::to_string(estate.behind) + " events behind; " +
                     (relay_.health().inlet_up ? "the broker is there." : "no broker."));
}

void Run::watch_shards() {
  bool all_up = true;
  for (const ShardHealth& shard : relay_.health().shards) all_up = all_up && shard.is_up;
  if (all_up) {
    shard_down_since_ = clock_.steady();
  } else if (clock_.steady() - shard_down_since_ > kShardDownMax && !is_stopping_) {
    log_error("relay",
              "a database does not come back; the relay ends, what it acknowledged is kept");
    code_ = to_int(ExitCode::StorageFault);
    stop();
  }
}

// What was not acknowledged may or may not be on the disk: the next start reads what is.
void Run::lose(std::size_t database, const Error& error) {
  log_error("relay", "database " + std::to_string(database) +
                         " cannot be synced, the relay ends: " + error.message());
  code_ = to_int(ExitCode::StorageFault);
  stop();
}

void Run::look_at_config() {
  if (auto found = read_config(config_file_); !found) {
    return log_warn("config",
                    "refused; the relay goes on as it was started: " + found.error().message());
  }
  log_info("config", config_file_ + " is good; a restart takes it");
}

// What is being committed is acknowledged, the broker is told, then it ends. What was not taken is
// still at the hubs.
void Run::stop() {
  if (is_stopping_) return;
  is_stopping_ = true;
  supervisor_.stopping();
  supervisor_.status("Stopping: what is being committed is acknowledged.");
  log_info("relay", "stopping");
  relay_.stop([this] { leave(); });
  loop_.after(kStopWithin, [this] { leave(); });
}

void Run::leave() {
  if (std::exchange(is_leaving_, true)) return;
  inlet_.stop();
#ifdef LARDER_RELAY_API
  if (api_) {
    loop_.after(Duration{300'000}, [this] { loop_.stop(); });
    return api_->stop([this] { loop_.stop(); });
  }
#endif
  loop_.stop();
}

std::string Run::metrics() {
  Metrics::Gauges gauges;
  const Health health = relay_.health();
  gauges.estate = relay_.streams().estate();
  gauges.worst = relay_.worst(kWorstStoresMax);
  gauges.now = clock_.now();
  gauges.queued_batches = relay_.queued();
  gauges.draining_stores = relay_.draining();
  gauges.inlet_up = health.inlet_up;
  gauges.inlet_connections = inlet_.connections();
  gauges.shards = health.shards;
  gauges.uptime = clock_.steady();
  const auto outbox = figures_.outbox();
  gauges.outbox_waiting = outbox.waiting;
  gauges.outbox_dead = outbox.dead;
  if (outbox.oldest) gauges.outbox_age = gauges.now - *outbox.oldest;
  gauges.low_stock = figures_.low_stock();
  const IdleRights idle = figures_.idle_rights();
  gauges.stranded_units = static_cast<double>(idle.tenths) / 10;
  if (idle.oldest) gauges.stranded_age = gauges.now - *idle.oldest;
  gauges.open_oversells = figures_.open_oversells();
  return metrics_.expose(gauges);
}

}  // namespace larder::relay
