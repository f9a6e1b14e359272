// Metrics: what the relay counts, for GET /metrics (Prometheus text 0.0.4). The names without the
// prefix larder_ are the estate's. Lives from main() to shutdown; any thread.
// Limits: a label value that is not a plain word of at most 60 bytes, or one more than
// kLabelValuesMax of its kind, is counted as "other"; of the stores only the worst kWorstStoresMax
// have a line of their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.hpp"
#include "relay/app/view.hpp"

namespace larder::relay {

inline constexpr std::size_t kLabelValuesMax = 64;
inline constexpr std::size_t kWorstStoresMax = 20;

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  void count_batch(std::string_view fate, std::size_t events);
  void observe_group(std::size_t database, std::size_t batches, std::size_t events, Duration took);
  void count_drop(std::string_view reason);
  void count_shard_error(std::size_t database);
  // A reservation's step and how it ended: success rate and stock-out rate are made of these.
  void count_turn(std::string_view step, std::string_view outcome);
  // A store's stock held against its hub's.
  void count_reconciliation(std::string_view outcome, std::uint64_t differences);
  void count_alarm();
  void observe_request(std::string_view route, std::string_view code, Duration took);

  // Read from time to time, or just before expose().
  struct Gauges {
    EstateView estate;
    std::vector<StoreView> worst;  // furthest behind first
    TimePoint now;
    std::size_t queued_batches = 0;
    std::size_t draining_stores = 0;
    bool inlet_up = false;
    std::uint64_t inlet_connections = 0;
    std::uint64_t outbox_waiting = 0, outbox_dead = 0;
    Duration outbox_age;
    std::uint64_t low_stock = 0;
    double stranded_units = 0;  // leased, and nobody has asked for them
    Duration stranded_age;      // the longest that some lease of them has not changed
    std::uint64_t open_oversells = 0;
    std::vector<ShardHealth> shards;
    Duration uptime;
  };
  std::string expose(const Gauges& gauges);

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace larder::relay
