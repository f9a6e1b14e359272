// Replayer: sends down what replays of other makes' tills have made of a store's stock, and has it
// merged anew where a hub's stock had moved on. Forgetting all of it does no harm: what is to be
// told are rows.
// Life: from start to the end of the shards' threads. Thread: the loop.
#pragma once

#include <functional>
#include <vector>

#include "relay/app/replay.hpp"

namespace larder::relay {

inline constexpr Duration kReplayLook = Duration::seconds(1);
inline constexpr std::size_t kReplayedAtOnce = 64;  // SKUs

class Replayer {
 public:
  struct Ports {
    Clock& clock;
    Shards& shards;
    Telemetry& telemetry;
    std::function<void(const StoreId&, const IssuedWord&)> on_word;
  };
  explicit Replayer(Ports ports);
  Replayer(const Replayer&) = delete;
  Replayer& operator=(const Replayer&) = delete;

  void tick();

 private:
  void look(std::size_t database);

  Ports ports_;
  std::vector<bool> is_looking_;
  Duration look_at_;
};

}  // namespace larder::relay
