// Rescues: hubs in recovery (UPLINK.md section 8). Says where a store stands, gives a hub the
// events that it lost, lets a new machine take a store over with HQ's code, and finds out whether
// the hub that a copy was made of is still at work. Life: with the Relay. Thread: the loop. Limits:
// kRescueQuestionsMax of one store at once; kProbesMax stores being asked for life; a code lasts
// kPermitLasts and bears kWrongCodesMax wrong tries.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "lan-protocol/rescue.hpp"
#include "relay/app/streams.hpp"

namespace larder::relay {

inline constexpr std::size_t kRescueQuestionsMax = 4;
inline constexpr std::size_t kProbesMax = 64;
inline constexpr Duration kProbePatience = Duration::seconds(3);
inline constexpr Duration kPermitLasts = Duration::seconds(30 * 60);
inline constexpr int kWrongCodesMax = 10;

class Rescues {
 public:
  struct Ports {
    Clock& clock;
    Shards& shards;
    Inlet& inlet;
    Telemetry& telemetry;
    Streams& streams;
  };
  struct Ends {
    std::function<void(StoreStream&, const std::string& reason)> freeze;
    std::function<void(StoreStream&)> taken_over;  // tells the hub that is there
    std::function<void(const StoreId&)> reload;
  };
  Rescues(Ports ports, Ends ends) : ports_(ports), ends_(std::move(ends)) {}
  Rescues(const Rescues&) = delete;
  Rescues& operator=(const Rescues&) = delete;

  void asked(StoreStream& stream, const RescueQuestion& question);
  // True: the message is the answer of a hub that was asked whether it is at work.
  bool is_at_work(StoreStream& stream, const BooksMessage& message);
  void tick();

  // A hub that has begun an epoch of its own shows HQ's code: the store is its from now on.
  bool shows_code(StoreStream& stream, const HubId& hub, const std::string& code);

  // At start: what was decided and promised before it.
  void remember(StoreStream& stream, const RescueRecord& record) const;
  // What was decided about the store is different now.
  void keep(const StoreStream& stream);

  // HQ lets a new machine take the store over; an earlier code is void. NotFound: no such store.
  Result<void> permit(const StoreId& store, const std::string& code, const std::string& by);

 private:
  struct Stand;
  struct Probe {
    StoreId store;
    RescueQuestion question;
    Duration until;
  };

  void answer(const StoreStream& stream, const RescueQuestion& question, RescueAnswer::State state,
              std::string reason);
  std::optional<RescueAnswer::State> use_code(StoreStream& stream, const HubId& hub,
                                              const std::string& code);
  void unfreeze(StoreStream& stream, std::function<void(StoreStream&)> then);
  bool is_replaced(const StoreStream& stream, const RescueQuestion& question) const;
  void turn_replaced_away(const StoreStream& stream, const RescueQuestion& question);
  void stands(StoreStream& stream, const RescueQuestion& question);
  void tell_stand(const StoreId& store, const RescueQuestion& question, const Stand& stand);
  void let_in(StoreStream& stream, const RescueQuestion& question);
  void give_events(StoreStream& stream, const RescueQuestion& question);
  void send_events(const StoreId& store, const RescueQuestion& question,
                   const std::vector<KeptEvent>& events);

  Ports ports_;
  Ends ends_;
  std::uint64_t next_probe_ = 0;
  std::map<std::string, Probe> probes_;  // by the id of the question to the hub that may be alive
};

}  // namespace larder::relay
