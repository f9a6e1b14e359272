// Throttle: so many tries at once, then one each `every`, counted by key. Time is an argument. One
// thread. Limits: keys_max keys; when all of them are in use, a new key is refused.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include "core/base/time.hpp"

namespace larder::relay {

class Throttle {
 public:
  Throttle(int burst, Duration every, std::size_t keys_max = 10'000)
      : burst_(burst), every_(every), keys_max_(keys_max) {}

  // True, and one try less, when there is one left.
  bool admit(const std::string& key, Duration now);

 private:
  void forget_rested(Duration now);

  int burst_;
  Duration every_;
  std::size_t keys_max_;
  // When all tries of the key are back.
  std::unordered_map<std::string, Duration> rested_at_;
};

}  // namespace larder::relay
