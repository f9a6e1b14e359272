// Run: one run of larder-relay, from its databases to the last acknowledgement. Life: on the stack
// of main(); its destructor ends the shards' threads before what their jobs call back into.
// Thread: the loop, which is main's.
#pragma once

#include <memory>
#include <random>
#include <string>

#include "platform/loop/loop.hpp"
#include "platform/process/supervisor.hpp"
#include "relay/app/figures.hpp"
#include "relay/app/lease_keeper.hpp"
#include "relay/app/relay_desk.hpp"
#include "relay/app/replayer.hpp"
#include "relay/attach_outbox.hpp"
#include "relay/inlet/paho_inlet.hpp"
#include "relay/ops/config.hpp"
#include "relay/ops/house_lock.hpp"
#include "relay/ops/operator_telemetry.hpp"
#include "relay/ops/relay_clock.hpp"
#include "relay/shards/shard_workers.hpp"
#include "relay/shards/sqlite_shard_store.hpp"
#ifdef LARDER_RELAY_API
#include "relay/api/api.hpp"
#endif

namespace larder::relay {

class Run {
 public:
  Run(const Config& config, std::string config_file, const std::string& password,
      SqliteShardStore& store);
  ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  Result<void> start();
  int serve();  // until a signal; the exit code

 private:
  Result<void> start_http();
  void listen();
  void tick();
  // Asked to reload, the relay says what its next start would; the file is read at start alone.
  void look_at_config();
  void stop();
  void leave();
  void watch_shards();
  void lose(std::size_t database, const Error& error);
  void tell_status();
  void on_leases(const StoreId& store, const std::vector<LeaseNews>& news);
  LeaseKeeper::Ports keeper_ports();
  Turnstile::Ports turnstile_ports();
  std::string metrics();

  const Config& config_;
  std::string config_file_;
  Loop loop_;
  Supervisor supervisor_;
  RelayClock clock_;
  std::mt19937_64 random_{std::random_device{}()};
  Metrics metrics_;
  OperatorTelemetry telemetry_;
  std::unique_ptr<ShardWorkers> workers_;
  PahoInlet inlet_;
  Relay relay_;
  LeaseKeeper keeper_;
  Replayer replayer_;
  RecordedPayments payments_;
  Turnstile turnstile_;
  RelayDesk desk_;
  Figures figures_;
  std::unique_ptr<AttachedOutbox> outbox_;
#ifdef LARDER_RELAY_API
  std::unique_ptr<Api> api_;
#endif
  std::unique_ptr<Loop::Ticker> ticker_;
  Duration shard_down_since_;
  Duration told_at_;
  bool is_listening_ = false;
  bool is_stopping_ = false;
  bool is_leaving_ = false;
  int code_ = 0;
};

}  // namespace larder::relay
