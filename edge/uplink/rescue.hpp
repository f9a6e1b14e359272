// Rescue: the hub's end of the way to the cloud while it is in recovery (UPLINK.md section 8), in
// the place of the Uplink. Asks the relay where the store stands, brings the events that this hub
// lost into its journal as they were, and has it begin a new epoch; else it says why not and asks
// again. Connects under a name of its own, so that a copy does not take the connection from the hub
// it was copied from. Life: made when a doubt is on, unmade when it is off. Thread: the network's.
// Limits: one question at a time, kRescueEventsMax events in an answer.
#pragma once

#include <string>
#include <vector>

#include "edge/app/cloud_gate.hpp"
#include "edge/app/ports.hpp"
#include "edge/uplink/outbox_pump.hpp"
#include "lan-protocol/rescue.hpp"

namespace larder::edge {

inline constexpr Duration kRescuePatience = Duration::seconds(5);
inline constexpr Duration kRescueAgain = Duration::seconds(30);  // after a no

class Rescue final : public Cloud, private LinkWatcher {
 public:
  Rescue(UplinkSelf self, Link& link, CloudGate& gate, UplinkWorld world);

  void start();
  void tick();
  void stop();
  // How far the relay is known to have what is here.
  Seq acked() const { return acked_; }

  void committed(const std::vector<StoredEvent>&) override {}
  CloudState state() const override;
  void ask(BooksQuestion question, std::function<void(Result<BooksAnswer>)> answered) override;

 private:
  enum class Step {
    Down,       // no link
    Asking,     // where does the store stand
    Fetching,   // lost events are on their way
    Importing,  // and into the journal
    Refused,    // asked again later
    Done,       // the new epoch begins
  };

  void link_up() override;
  void link_down(const std::string& why) override;
  void arrived(const std::string& topic, const std::string& payload) override;
  void refused(const std::string& why) override;
  void window_moved() override {}

  void say(RescueQuestion::Ask ask);
  void answered(const RescueAnswer& answer);
  void known(const RescueAnswer& answer);
  void turned_away(const RescueAnswer& answer);
  void forked(std::string reason);
  void take_events(const std::string& bytes);
  void imported(const Result<Seq>& up_to);
  void check_end(const RescueAnswer& answer);
  void finish(const RescueAnswer& answer);
  void wait(std::string reason);
  void go_to(Step step);

  UplinkSelf self_;
  Link& link_;
  CloudGate& gate_;
  UplinkWorld world_;
  Step step_ = Step::Down;
  Duration asked_at_;
  std::uint64_t last_question_ = 0;
  std::string question_;  // the id of the one that is open
  RescueAnswer stands_;
  Seq began_at_ = 0;  // our head before anything came back
  Seq acked_ = 0;
  std::string reason_ = "not connected yet";
  TimePoint since_;
  std::uint64_t generation_ = 0;  // of the link: what was begun on an earlier one is dropped
};

}  // namespace larder::edge
