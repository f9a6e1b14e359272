// Whether a hub may trust its own books. A hub in doubt is in recovery: screens read, and are told
// why; nothing is sold, counted or acknowledged until the relay's copy, the screens that saw more,
// or a person has settled it and a new epoch has begun. The doubt is in the store file, so that a
// restart does not forget it.
#pragma once

#include <string>
#include <string_view>

#include "core/base/ids.hpp"

namespace larder::edge {

enum class Doubt {
  None,
  Restored,      // the file came from a backup
  OtherMachine,  // the file was made on, or last ran on, another machine
  Behind,        // a screen or the relay has seen more than the file holds
  Forked,        // somebody holds another event under a number that is used here
  TakenOver,     // the relay knows another hub's later epoch: another machine keeps this store
  Takeover,      // an empty file that is to become this store, by HQ's code
};

constexpr std::string_view wire_name(Doubt doubt) {
  switch (doubt) {
    case Doubt::None:
      return "";
    case Doubt::Restored:
      return "restored";
    case Doubt::OtherMachine:
      return "other_machine";
    case Doubt::Behind:
      return "behind";
    case Doubt::Forked:
      return "forked";
    case Doubt::TakenOver:
      return "taken_over";
    case Doubt::Takeover:
      return "takeover";
  }
  return "";
}

// None for a word that is not one of them.
constexpr Doubt doubt_named(std::string_view name) {
  for (const Doubt each : {Doubt::Restored, Doubt::OtherMachine, Doubt::Behind, Doubt::Forked,
                           Doubt::TakenOver, Doubt::Takeover}) {
    if (name == wire_name(each)) return each;
  }
  return Doubt::None;
}

// A doubt that only the relay or a person can settle; of the others the screens' word is enough.
constexpr bool needs_more_than_screens(Doubt doubt) {
  return doubt != Doubt::None && doubt != Doubt::Restored;
}

// As it stands in the store file.
struct KeptDoubt {
  Doubt doubt = Doubt::None;
  Epoch seen_epoch = 0;  // the highest that somebody else is known to have seen
  Seq seen_seq = 0;      // in that epoch
  std::string reason;    // a sentence for people
  bool operator==(const KeptDoubt&) const = default;
  bool is_on() const { return doubt != Doubt::None; }
};

}  // namespace larder::edge
