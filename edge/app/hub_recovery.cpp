// Recovery at the Hub: whether it trusts its books, how lost events come back, and how it begins
// anew. What the screens have seen of the books: hub_witness.cpp.
#include <algorithm>
#include <utility>
#include <variant>

#include "edge/app/hub.hpp"
#include "lan-protocol/codec.hpp"
#include "lan-protocol/digest.hpp"

namespace larder::edge {

namespace {

// With the cloud out of reach for so long, what the screens remember is all there is to ask.
constexpr Duration kCloudPatience = Duration::seconds(30);

int weight_of(Doubt doubt) {
  switch (doubt) {
    case Doubt::None:
      return 0;
    case Doubt::Restored:
      return 1;
    case Doubt::Behind:
      return 2;
    case Doubt::Takeover:
      return 3;
    case Doubt::OtherMachine:
      return 4;
    case Doubt::TakenOver:
      return 5;
    case Doubt::Forked:
      return 6;
  }
  return 0;
}

// What the command of a lost answer is told when it comes again: that it was done, and of an order
// its number. The rest of the answer is lost with the answer.
std::string answer_of(const Event& event) {
  Outcome outcome;
  PlaceOrder placed;
  if (const auto* order = std::get_if<OrderPlaced>(&event)) {
    outcome.order = order->order.id;
    outcome.number = order->order.number;
    outcome.total = order->order.total;
    outcome.state = order->order.state;
    return encode_outcome(placed, outcome);
  }
  return "{}";
}

}  // namespace

RecoveryView Hub::recovery() const {
  RecoveryView view;
  view.doubt = doubt_;
  view.was = was_;
  view.screens_agree = screens_agree_;
  return view;
}

// In front of the rules: what a hub in doubt does not do.
Result<void> Hub::may_while_in_doubt(const Command& command) const {
  const bool begins = std::holds_alternative<BeginEpoch>(command);
  if (begins && !doubt_.is_on()) {
    return larder::refuse(Code::BadState, "this hub is not in recovery: it goes on as it is");
  }
  const bool has_other = doubt_.doubt == Doubt::TakenOver || doubt_.doubt == Doubt::Takeover;
  if (begins && has_other) {
    return larder::refuse(Code::BadState, "this store is kept elsewhere: " + doubt_.reason +
                                              "; take it over with a code from HQ");
  }
  if (!doubt_.is_on() || begins) return {};
  return larder::refuse(Code::InRecovery,
                        "this hub is in recovery and sells nothing: " + doubt_.reason);
}

void Hub::doubt(const KeptDoubt& raised) {
  KeptDoubt next = doubt_;
  if (weight_of(raised.doubt) >= weight_of(doubt_.doubt)) {
    next.doubt = raised.doubt;
    next.reason = raised.reason;
  }
  const bool is_more =
      std::pair(raised.seen_epoch, raised.seen_seq) > std::pair(next.seen_epoch, next.seen_seq);
  if (is_more) {
    next.seen_epoch = raised.seen_epoch;
    next.seen_seq = raised.seen_seq;
  }
  if (next == doubt_) return;
  if (!doubt_.is_on()) doubt_since_ = ports_.clock.now().at;
  doubt_ = std::move(next);
  screens_agree_ = false;
  ports_.telemetry.warn("recovery: " + doubt_.reason + "; nothing is sold until it is settled");
  keep_doubt();
  beat();
}

// Behind what was decided before: that was promised, and is written under its own epoch.
void Hub::keep_doubt() {
  when_committed([this] {
    ports_.writer.run([this, doubt = doubt_](Journal& journal) -> std::function<void()> {
      auto kept = journal.keep_doubt(doubt);
      return [this, kept = std::move(kept)] {
        if (!kept) ports_.telemetry.warn("the doubt could not be noted: " + kept.error().message());
      };
    });
  });
}

// Without the cloud, and with a screen that saw exactly what is here and none that saw more, a
// restored backup has lost nothing that anybody was told.
void Hub::look_at_screens(Duration now) {
  if (!doubt_.is_on()) return;
  const CloudState cloud = cloud_ != nullptr ? cloud_->state() : CloudState{};
  const bool is_heard = cloud.lost == CloudState::Lost::Nothing || cloud.needs_a_person;
  const bool is_reached = cloud_ != nullptr && is_heard;
  if (is_reached || !cloud_lost_since_) cloud_lost_since_ = now;
  if (needs_more_than_screens(doubt_.doubt) || !screens_agree_ || is_reached) return;
  if (now - *cloud_lost_since_ < kCloudPatience) return;
  begin_anew(doubt_.reason + "; the screens have seen nothing that is not in it", false);
}

void Hub::import_events(std::vector<StoredEvent> events, std::function<void(Result<Seq>)> done) {
  // Nothing of our own is under way then, and the group is of imports alone.
  when_committed([this, events = std::move(events), done = std::move(done)]() mutable {
    auto decoded = readable(events);
    if (!decoded) return done(pass_on(decoded));
    Batch& batch = open_batch();
    batch.group->is_import = true;
    for (std::size_t i = 0; i < events.size(); ++i) {
      const StampedEvent& stamped = (*decoded)[i];
      const Epoch known = ledger_.epoch;  // an epoch's own beginning sets it back to that one
      apply(ledger_, stamped.event, stamped.at, stamped.staff);
      ledger_.epoch = std::max(known, events[i].epoch);
      keep_imported_answer(stamped, events[i], batch);
      put_in(std::move(events[i]), stamped.event, batch);
    }
    batch.releases.push_back([this, done] {
      words_committed_ = std::max(words_committed_, ledger_.words_applied);
      done(committed_.seq);
    });
    pump();
  });
}

// All of them fit behind what is here, byte for byte; else none is taken.
Result<std::vector<StampedEvent>> Hub::readable(const std::vector<StoredEvent>& events) const {
  if (!doubt_.is_on() || stopping_) {
    return larder::refuse(Code::BadState, "this hub is not in recovery");
  }
  std::vector<StampedEvent> decoded;
  Head at = decided_;
  for (const StoredEvent& event : events) {
    const bool follows = event.seq == at.seq + 1 && event.epoch >= at.epoch && event.epoch != 0 &&
                         event.data != nullptr;
    if (!follows || event.hash != chain(at.hash, event.epoch, event.seq, *event.data)) {
      return larder::refuse(Code::Corrupt, "event " + std::to_string(event.seq) +
                                               " does not follow from what this hub has");
    }
    auto stamped = decode_event(*event.data);
    if (!stamped) {
      return larder::refuse(stamped.error().code(), "event " + std::to_string(event.seq) + ": " +
                                                        stamped.error().message());
    }
    decoded.push_back(std::move(*stamped));
    at = Head{event.epoch, event.seq, event.hash};
  }
  return decoded;
}

// So that a screen whose command was done before the loss, and who asks again, is not served twice.
void Hub::keep_imported_answer(const StampedEvent& stamped, const StoredEvent& event,
                               Batch& batch) {
  if (stamped.command.empty()) return;
  const StoredAnswer* before = answers_.recent(stamped.command);
  const bool says_more = before != nullptr && before->body == Digest{} &&
                         !std::holds_alternative<OrderPlaced>(stamped.event);
  if (says_more) return;
  StoredAnswer answer;
  answer.id = stamped.command;  // its body is not known: any is taken for the same
  answer.at = stamped.at;
  answer.reply = std::make_shared<const std::string>(
      write_reply(stamped.command.text(), event.epoch, event.seq, answer_of(stamped.event)));
  answers_.remember(answer);
  batch.group->answers.push_back(std::move(answer));
}

void Hub::settle_doubt(Epoch above, const std::string& reason, bool is_unverified) {
  when_committed([this, above, reason, is_unverified] {
    if (!doubt_.is_on() || stopping_) return;
    ledger_.epoch = std::max(ledger_.epoch, above);
    begin_anew(reason, is_unverified);
  });
}

void Hub::begin_anew(const std::string& reason, bool is_unverified) {
  rise_above_doubt();
  (void)run_own(BeginEpoch{reason, is_unverified});
  end_doubt();
}

// The next epoch is above every one that anybody is known to have seen.
void Hub::rise_above_doubt() { ledger_.epoch = std::max(ledger_.epoch, doubt_.seen_epoch); }

// The event that begins the epoch is decided: what follows it is sold in the new one. The file
// forgets the doubt with that event.
void Hub::end_doubt() {
  doubt_ = {};
  screens_agree_ = false;
  ports_.telemetry.note("recovery ends: epoch " + std::to_string(decided_.epoch) +
                        " begins at event " + std::to_string(decided_.seq));
  when_committed([this] { beat(); });
}

RecoveryNotice Hub::recovery_notice() const {
  if (!doubt_.is_on()) return {};
  return RecoveryNotice{wire_name(doubt_.doubt), doubt_.reason, doubt_since_,
                        std::max(doubt_.seen_seq, committed_.seq)};
}

}  // namespace larder::edge
