// BooksDesk: questions about the books of a day, ours to the relay and the relay's to us (UPLINK.md
// section 6). Life: with the Uplink, on the network thread. Limits: kQuestionsMax of each side at
// once; a question of ours that has no answer after kAnswerWithin is answered Unavailable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "edge/app/cloud_gate.hpp"
#include "edge/app/ports.hpp"
#include "lan-protocol/uplink.hpp"

namespace larder::edge {

inline constexpr std::size_t kQuestionsMax = 8;
inline constexpr Duration kAnswerWithin = Duration::seconds(5);

class BooksDesk {
 public:
  using Answered = std::function<void(Result<BooksAnswer>)>;

  // `tell` sends a message up; false when it cannot be sent now. `boot` makes our ids unlike those
  // of an earlier run.
  BooksDesk(CloudGate& gate, Clock& clock, std::string boot, std::function<bool(std::string)> tell);

  void ask(BooksQuestion question, Answered answered);
  // From dn/ask. Answers why it was dropped, or nothing.
  std::string arrived(const std::string& json);
  // Questions that waited too long.
  void tick();
  // The link is gone: no answer will come.
  void give_up();

 private:
  struct Waiting {
    Answered answered;
    Duration until;
  };

  std::string answer(const BooksQuestion& question);
  void answer_day(const BooksQuestion& question);
  void answer_hashes(const BooksQuestion& question);
  void answer_levels(const BooksQuestion& question);

  CloudGate& gate_;
  Clock& clock_;
  std::string boot_;
  std::function<bool(std::string)> tell_;
  std::map<std::string, Waiting> waiting_;
  std::uint64_t last_ = 0;
  std::size_t answering_ = 0;
};

}  // namespace larder::edge
