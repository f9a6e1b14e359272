// RelayClock: the relay's Clock on a real machine. Lives from main() to shutdown. Any thread: it
// holds nothing but the moment it was made.
#pragma once

#include "relay/app/ports.hpp"

namespace larder::relay {

class RelayClock final : public Clock {
 public:
  RelayClock();
  TimePoint now() override;
  Duration steady() override;

 private:
  std::int64_t started_micros_;
};

}  // namespace larder::relay
