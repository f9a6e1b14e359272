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
    return [this, database, outbox, low] {
      Known& told = known_[database];
      told.is_asking = false;
      if (*outbox) told.outbox = **outbox;
      if (*low) told.low_stock = **low;
      if (!*outbox || !*low) telemetry_.shard_error(database);
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

std::uint64_t Figures::low_stock() const {
  std::uint64_t sum = 0;
  for (const Known& known : known_) sum += known.low_stock;
  return sum;
}

}  // namespace larder::relay
