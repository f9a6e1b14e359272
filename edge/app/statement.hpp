// Statement: what was taken at the hub, sent to the cloud and applied there, for one business day,
// and where the two first differ when they do. Asks the relay for its books, reads the hub's own,
// compares the chain's hash at the relay's last event, and only when that differs looks for the
// event, by its hash. Life: shared by what it asks; it ends by calling `done` once, on the network
// thread. Limits: kHuntsMax questions for hashes.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "edge/app/day_scan.hpp"
#include "edge/app/ports.hpp"
#include "lan-protocol/json.hpp"
#include "lan-protocol/uplink.hpp"

namespace larder::edge {

inline constexpr std::size_t kHuntsMax = 100;  // of kHashesMax events each

class Statement : public std::enable_shared_from_this<Statement> {
 public:
  using Done = std::function<void(Result<std::string>)>;  // the reply's `result`

  // `cloud` may be null: this hub has none.
  static void start(Writer& writer, Cloud* cloud, BusinessDay day, Seq head, Done done);

 private:
  Statement(Writer& writer, Cloud* cloud, BusinessDay day, Seq head, Done done);

  void ask_relay();
  void scan();
  void compare(const ScannedDay& scanned);
  void hunt(Seq from);
  void compare_hashes(Seq from, const std::vector<std::string>& here,
                      const std::vector<std::string>& there);
  void finish();

  Writer& writer_;
  Cloud* cloud_;
  BusinessDay day_;
  Seq head_;
  Done done_;
  DayBooks taken_;
  std::optional<DayBooks> applied_;
  std::string no_answer_;  // why `applied` is absent
  bool is_equal_ = false;
  std::optional<Seq> differs_at_;
  std::string differs_in_;
  Seq hunt_to_ = 0;
  std::size_t hunts_ = 0;
};

// The members of a CloudState as status and statement show them.
void write_cloud(JsonWriter& out, const CloudState& state);

}  // namespace larder::edge
