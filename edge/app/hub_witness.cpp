// Witnesses at the Hub: what the screens have seen of its books, and what that proves.
#include <algorithm>
#include <utility>

#include "edge/app/hub.hpp"

namespace larder::edge {

namespace {

// A number far above our own is not a memory of ours but nonsense, and would use the epochs up.
constexpr Epoch kEpochsAheadMax = 1'000;
constexpr std::size_t kLostEpochsMax = 16;  // of which losses are told

std::string place_text(Epoch epoch, Seq seq) {
  return "event " + std::to_string(seq) + " of epoch " + std::to_string(epoch);
}

// Where this journal's events of `epoch`, and of those before it, end: at `to` or before.
Result<Seq> end_of(Journal& journal, Epoch epoch, Seq to) {
  Seq known = 0;  // not later than the end
  while (known < to) {
    const Seq middle = to - (to - known) / 2;
    auto events = journal.read(middle - 1, 1);
    if (!events) return pass_on(events);
    const bool is_before = !events->empty() && events->front().epoch <= epoch;
    if (is_before) {
      known = middle;
    } else {
      to = middle - 1;
    }
  }
  return known;
}

}  // namespace

// Before anything of this client is taken. Who has seen more than is here proves a loss, and who
// has seen something else under our newest number proves that there are two of us.
void Hub::hear_witness(const ClientMessage::Witness& witness) {
  const bool is_ours = witness.hub.empty() || witness.hub == settings_.hub ||
                       std::find(was_.begin(), was_.end(), witness.hub) != was_.end();
  if (!is_ours || committed_.seq == 0) return;
  // An epoch that is decided has settled what was seen of the one before.
  const Head& known = decided_.epoch > committed_.epoch ? decided_ : committed_;
  if (witness.epoch > known.epoch + kEpochsAheadMax) {
    return ports_.telemetry.refusal("witness_nonsense");
  }
  const auto place = std::pair(witness.epoch, witness.seq);
  const auto here = std::pair(known.epoch, known.seq);
  if (place > here) {
    return doubt(KeptDoubt{Doubt::Behind, witness.epoch, witness.seq,
                           "a screen has seen " + place_text(witness.epoch, witness.seq) +
                               ", the books end at " + place_text(known.epoch, known.seq)});
  }
  if (place < here) return compare_earlier(witness);
  if (!witness.head) return;
  if (*witness.head == known.hash) {
    screens_agree_ = true;
  } else {
    tell_fork(witness.epoch, witness.seq);
  }
}

void Hub::compare_earlier(const ClientMessage::Witness& witness) {
  if (witness.seq == 0 || witness.epoch == 0) return;
  ports_.writer.run([this, witness](Journal& journal) -> std::function<void()> {
    auto events = journal.read(witness.seq - 1, 1);
    if (!events) return [] {};
    const bool is_there = !events->empty() && events->front().epoch == witness.epoch;
    if (is_there && witness.head && events->front().hash != *witness.head) {
      return [this, witness] { tell_fork(witness.epoch, witness.seq); };
    }
    const auto end = end_of(journal, witness.epoch, witness.seq);
    if (is_there || !end) return [] {};
    return [this, witness, end = *end] { tell_loss(witness.epoch, witness.seq, end); };
  });
}

// The epoch after it has begun, and the hub sells on. That the screen came too late to be asked
// makes no difference to the shelf: somebody has to look, and hears of it once.
void Hub::tell_loss(Epoch epoch, Seq seq, Seq end) {
  const auto told = losses_.find(epoch);
  if (told != losses_.end() && told->second.seen >= seq) return;
  if (told == losses_.end() && losses_.size() >= kLostEpochsMax) {
    return ports_.telemetry.refusal("witness_nonsense");
  }
  losses_[epoch] = SeenLoss{seq, end, ports_.clock.now().at};
  ports_.telemetry.warn("events are lost: a screen has seen " + place_text(epoch, seq) +
                        ", which these books do not have; they hold that epoch up to event " +
                        std::to_string(end) + ". Count the limited stock, look at the orders");
}

void Hub::tell_fork(Epoch epoch, Seq seq) {
  doubt(KeptDoubt{Doubt::Forked, epoch, seq,
                  "a screen knows another " + place_text(epoch, seq) +
                      " than this hub: there are two hubs under one identity"});
}

}  // namespace larder::edge
