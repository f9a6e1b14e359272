#include "relay/app/replayer.hpp"

#include <memory>
#include <utility>

namespace larder::relay {

Replayer::Replayer(Ports ports) : ports_(std::move(ports)) {
  is_looking_.resize(ports_.shards.databases());
}

void Replayer::tick() {
  const Duration now = ports_.clock.steady();
  if (now < look_at_) return;
  look_at_ = now + kReplayLook;
  for (std::size_t database = 0; database < is_looking_.size(); ++database) look(database);
}

void Replayer::look(std::size_t database) {
  if (is_looking_[database]) return;
  is_looking_[database] = true;
  auto ran =
      ports_.shards.run(database, [this, database, now = ports_.clock.now()](ShardStore& store) {
        ReplayStore* const replays = store.replays();
        using Words = Result<std::vector<StoreWord>>;
        auto words = std::make_shared<Words>(
            replays != nullptr ? replays->tell_replayed(now, kReplayedAtOnce) : Words());
        return [this, database, words] {
          is_looking_[database] = false;
          if (!*words) return ports_.telemetry.shard_error(database);
          for (const StoreWord& each : **words) ports_.on_word(each.store, each.word);
        };
      });
  if (!ran) is_looking_[database] = false;  // the next tick tries again
}

}  // namespace larder::relay
