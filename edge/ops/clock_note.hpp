// ClockNote: a jump of the machine's clock that is doubted, in a file of the data directory, so
// that a restart of the process does not believe it. It counts in one boot of the machine alone:
// after another one the machine has been told the time anew. Life: main() to shutdown; network
// thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "edge/ops/system_clock.hpp"

namespace larder::edge {

// The kernel's word for this boot of the machine; empty: it says none, and nothing is noted.
std::string this_boot();

class ClockNote {
 public:
  ClockNote(std::filesystem::path file, std::string boot);

  // What an earlier run noted in this boot; none also when the file cannot be read.
  std::optional<DoubtedJump> read() const;
  // Called often; the file is written or removed when what the clock doubts has changed.
  void follow(const std::optional<DoubtedJump>& jump);

 private:
  void write(const DoubtedJump& jump) const;

  std::filesystem::path file_;
  std::string boot_;
  std::optional<DoubtedJump> noted_;
  bool is_followed_ = false;
};

}  // namespace larder::edge
