#include "relay/app/figures.hpp"

#include <memory>
#include <utility>

namespace larder::relay {

Figures::Figures(Clock& clock, Shards& shards, Telemetry& telemetry)
    : clock_(clock), shards_(shards), telemetry_(telemetry), known_(shards.databases()) {}

void Figures::tick() {
  for (std::size_t database = 0; database < known_.size(); ++database) {
    const Known& known = known_[database];
    if (!known.is_asking && known.again_at <= clock_.steady()) ask(database);
  }
}

void Figures::ask(std::size_t database) {
  Known& known = known_[database];
  known.again_at = Duration{clock_.steady().micros + kFiguresEvery.micros};
  auto ran = shards_.run(database, [this, database](ShardStore& store) {
    auto outbox =
        std::make_shared<Result<ShardStore::OutboxFigures>>(store.outbox_figures(database));
    auto low = std::make_shared<Result<std::uint64_t>>(store.low_stock(database));
    RightsStore* const rights = store.rights();
    OversellStore* const records = store.oversell_rows();
    auto idle = std::make_shared<Result<IdleRights>>(IdleRights{});
    if (rights != nullptr) *idle = rights->idle_rights();
    auto oversells = std::make_shared<Result<std::uint64_t>>(std::uint64_t{0});
    if (records != nullptr) *oversells = records->open_oversells();
    return [this, database, outbox, low, idle, oversells] {
      Known& told = known_[database];
      told.is_asking = false;
      if (*outbox) told.outbox = **outbox;
      if (*low) told.low_stock = **low;
      if (*idle) told.idle = **idle;
      if (*oversells) told.oversells = **oversells;
      if (!*outbox || !*low || !*idle || !*oversells) telemetry_.shard_error(database);
    };
  });
  known.is_asking = ran.has_value();
}

ShardStore::OutboxFigures Figures::outbox() const {
  ShardStore::OutboxFigures sum;
  for (const Known& known : known_) {
    sum.waiting += known.outbox.waiting;
    sum.dead += known.outbox.dead;
    if (known.outbox.oldest && (!sum.oldest || *known.outbox.oldest < *sum.oldest)) {
      sum.oldest = known.outbox.oldest;
    }
  }
  return sum;
}

IdleRights Figures::idle_rights() const {
  IdleRights sum;
  for (const Known& known : known_) {
    sum.tenths += known.idle.tenths;
    sum.leases += known.idle.leases;
    const bool is_older = known.idle.oldest && (!sum.oldest || *known.idle.oldest < *sum.oldest);
    if (is_older) sum.oldest = known.idle.oldest;
  }
  return sum;
}

std::uint64_t Figures::open_oversells() const {
  std::uint64_t sum = 0;
  for (const Known& known : known_) sum += known.oversells;
  return sum;
}

std::uint64_t Figures::low_stock() const {
  std::uint64_t sum = 0;
  for (const Known& known : known_) sum += known.low_stock;
  return sum;
}

}  // namespace larder::relay
