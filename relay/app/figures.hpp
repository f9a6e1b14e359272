// Figures: what only the databases know and the metrics show: the outboxes, the SKUs that run
// low, rights that lie idle and what is oversold, asked for every kFiguresEvery and added up. Life:
// from main() to the end of the shards' threads. Thread: the loop. Limit: one question under way
// per database.
#pragma once

#include <vector>

#include "relay/app/oversells.hpp"
#include "relay/app/turns.hpp"

namespace larder::relay {

inline constexpr Duration kFiguresEvery = Duration::seconds(10);

class Figures {
 public:
  Figures(Clock& clock, Shards& shards, Telemetry& telemetry);
  Figures(const Figures&) = delete;
  Figures& operator=(const Figures&) = delete;

  void tick();
  ShardStore::OutboxFigures outbox() const;
  std::uint64_t low_stock() const;
  IdleRights idle_rights() const;
  std::uint64_t open_oversells() const;

 private:
  struct Known {
    ShardStore::OutboxFigures outbox;
    std::uint64_t low_stock = 0;
    IdleRights idle;
    std::uint64_t oversells = 0;
    bool is_asking = false;
    Duration again_at;
  };
  void ask(std::size_t database);

  Clock& clock_;
  Shards& shards_;
  Telemetry& telemetry_;
  std::vector<Known> known_;
};

}  // namespace larder::relay
