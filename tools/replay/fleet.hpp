// Fleet: the kiosks, tills and kitchen screens of one replay, all on one Network thread.
// Life: made with tokens that the hub knows, play() once. Thread: play() blocks its caller; the
// callbacks run on the Network's thread and touch the Plan, which is the caller's again afterwards.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tools/client/client.hpp"
#include "tools/replay/plan.hpp"

namespace larder::replay {

struct FleetOptions {
  std::string host;
  std::uint16_t port = 0;
  std::vector<std::string> kiosks;   // tokens
  std::vector<std::string> tills;    // for Pay::Counter
  std::vector<std::string> kitchen;  // kitchen screens that read every event
  std::vector<std::string> screens;  // kitchen screens that only receive
  std::vector<std::string> cooks;    // bump and serve what the first kitchen screen shows; or none
  double rate = 0;                   // orders a second; 0: each kiosk as fast as it gets answers
  bool through_crashes = false;      // lost connections are waited out, not an error
  std::chrono::seconds stuck_after{60};  // give up when nothing moves for so long
};

struct Progress {
  std::atomic<std::size_t> answered{0};
  std::atomic<std::size_t> shown{0};
};

struct FleetOutcome {
  double seconds = 0;                 // first send to last answer
  std::vector<std::string> failures;  // beside the books: what a screen saw wrong
  client::Counters kitchen;           // of all reading kitchen screens, summed
  client::Counters screens;
  client::Counters kiosks;
  std::vector<double> answer_ms;  // kiosk's send to its answer
  std::vector<double> shown_ms;   // kiosk's send to the kitchen screen's frame
  std::vector<double> late_ms;    // how much later than due an order was sent (with a rate)
};

class Fleet {
 public:
  Fleet(client::Network& network, Plan& plan, FleetOptions options);
  ~Fleet();

  // Connects everything and waits until all are live and follow the kitchen.
  Result<void> open();
  // `tick` is called about five times a second on the calling thread.
  FleetOutcome play(const std::function<void(const Progress&)>& tick);

 private:
  struct Work {  // finishing one order
    std::string order, command;
    std::vector<std::string> stations;
    std::size_t step = 0;
    std::size_t cook = 0;
  };

  Result<void> open_all(std::vector<std::unique_ptr<client::Client>>& clients,
                        const std::vector<std::string>& tokens, const std::string& name,
                        bool reads);
  void send_next(std::size_t kiosk);
  void send_due();
  void send(std::size_t kiosk, std::size_t sale);
  void placed(std::size_t kiosk, std::size_t sale, const client::Reply& reply);
  void pay(std::size_t sale);
  void over(std::size_t sale);
  void fail(std::string sentence);
  void follow_kitchen(std::size_t screen);
  void shown(std::size_t screen, const std::string& order, const client::TopicEvent* event);
  void finish(const Json& shown);
  void finish_step(const std::shared_ptr<Work>& work);
  bool is_everything_shown() const;
  void collect(FleetOutcome& outcome) const;

  client::Network& network_;
  Plan& plan_;
  FleetOptions options_;
  std::vector<std::unique_ptr<client::Client>> kiosks_, tills_, cooks_, kitchen_, screens_;
  std::shared_ptr<int> life_ = std::make_shared<int>();  // timers ask for it before they touch us
  std::vector<std::set<std::string>> shown_;             // per kitchen screen, the hub's order ids
  std::set<std::string> in_hand_;          // hub orders that the cooks finish or have finished
  std::map<std::string, Json> unclaimed_;  // shown by a snapshot, nobody's yet
  std::set<std::string> accepted_;         // hub orders of ours that must be shown
  std::vector<std::string> failures_;
  std::vector<double> late_ms_;
  std::size_t next_ = 0;
  client::Instant begun_{};
  client::Instant ended_{};
  std::atomic<std::uint64_t> finishing_{0};  // orders that the cooks have in hand
  std::atomic<bool> closing_{false};
  Progress progress_;
};

// The value below which `share` of them lie; 0 for none.
double percentile(std::vector<double> values, double share);

}  // namespace larder::replay
