// Line: one non-blocking TCP connection to a server on this machine. Life: connected from
// construction to destruction. Thread: one. Limits: none of its own; a bench has one command, or
// one window of them, under way.
#pragma once

#include <cstdint>
#include <string>

#include "bench/load/speaker.hpp"

namespace larder::bench {

// A line broke, or a server did: the run is void.
[[noreturn]] void give_up(const std::string& why);

class Line {
 public:
  explicit Line(std::uint16_t port);
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  int descriptor() const { return descriptor_; }
  Inbox& in() { return in_; }
  std::string& out() { return out_; }
  // Takes what has come; false when nothing was there.
  bool read();
  // Sends what `out` holds. A bench's messages fit the socket's buffer.
  void flush();

 private:
  int descriptor_ = -1;
  Inbox in_;
  std::string out_;
};

}  // namespace larder::bench
