// What a hub in recovery and the relay say to each other (UPLINK.md section 8): where the store
// stands, and the events that the hub does not have. Questions on up/tell, answers on dn/ask, lost
// events as an envelope "LRU1" on dn/ev. JSON; unknown members are passed over. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "lan-protocol/digest.hpp"

namespace larder {

inline constexpr std::size_t kTakeoverCodeLength = 8;
inline constexpr std::size_t kRescueEventsMax = 512;  // in one answer

struct RescueQuestion {
  enum class Ask {
    Head,    // where does the store stand, and may I go on from there
    Events,  // the events behind `seq`
  };
  std::string id;
  Ask ask = Ask::Head;
  HubId hub;               // who asks
  std::vector<HubId> was;  // whom its books belonged to before
  std::string machine;     // the asker's, as one word
  std::string boot;
  Epoch epoch = 0;  // where its books end
  Seq seq = 0;
  Sha256 head{};
  std::string code;  // HQ's permission to take the store over; empty: none
  bool operator==(const RescueQuestion&) const = default;
};

struct RescueAnswer {
  enum class State {
    Known,      // the store stands as said; the asker's books are a beginning of it, or the end
    Unknown,    // this relay has never heard of the store
    Alive,      // the hub is at work on another machine: the asker is a copy
    Elsewhere,  // another hub keeps the store: HQ's code is needed
    Forked,     // the relay has another event under the asker's newest number
    WrongCode,  // not HQ's, used up, or too late
    Gone,       // the events that were asked for are not here
  };
  std::string id;
  State state = State::Unknown;
  HubId hub;  // who keeps the store
  Epoch epoch = 0;
  Seq up_to = 0;
  Sha256 hash{};       // at up_to
  Epoch above = 0;     // the new epoch must be; a later run is told a higher one
  std::string reason;  // a sentence, when it is not Known
  bool operator==(const RescueAnswer&) const = default;
};

std::string_view wire_name(RescueAnswer::State state);

std::string encode(const RescueQuestion& question);
std::string encode(const RescueAnswer& answer);
// NotFound when the message is something else, such as a question about the books.
Result<RescueQuestion> decode_rescue_question(std::string_view json);
Result<RescueAnswer> decode_rescue_answer(std::string_view json);

}  // namespace larder
