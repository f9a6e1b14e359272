#include "edge/uplink/rescue.hpp"

#include <algorithm>
#include <utility>

#include "lan-protocol/envelope.hpp"

namespace larder::edge {
namespace {

using State = RescueAnswer::State;

// What the relay's no means for this hub.
Doubt doubt_of(State state, Doubt now) {
  if (state == State::Forked) return Doubt::Forked;
  if (state == State::Alive) return Doubt::OtherMachine;
  if (state == State::Elsewhere && now != Doubt::Takeover) return Doubt::TakenOver;
  return now;
}

std::string events_text(Seq count) {
  return std::to_string(count) + (count == 1 ? " event" : " events");
}

}  // namespace

Rescue::Rescue(UplinkSelf self, Link& link, CloudGate& gate, UplinkWorld world)
    : self_(std::move(self)),
      link_(link),
      gate_(gate),
      world_(std::move(world)),
      began_at_(gate.head().seq) {
  since_ = world_.clock.now().at;
}

void Rescue::start() { link_.start(*this); }
void Rescue::stop() { link_.stop(Outgoing{}); }

void Rescue::go_to(Step step) {
  step_ = step;
  since_ = world_.clock.now().at;
}

void Rescue::link_up() {
  ++generation_;
  reason_.clear();
  say(RescueQuestion::Ask::Head);
}

void Rescue::link_down(const std::string& why) {
  ++generation_;
  reason_ = why;
  if (step_ != Step::Done) go_to(Step::Down);
}

void Rescue::refused(const std::string& why) {
  world_.telemetry.warn("the cloud's broker does not take what this hub sends: " + why);
}

void Rescue::say(RescueQuestion::Ask ask) {
  const Head head = gate_.head();
  RescueQuestion question;
  question.id = "r" + self_.boot + "-" + std::to_string(++last_question_);
  question.ask = ask;
  question.hub = self_.hub;
  question.was = gate_.recovery().was;
  question.machine = self_.machine;
  question.boot = self_.boot;
  question.epoch = head.epoch;
  question.seq = head.seq;
  question.head = head.hash;
  question.code = self_.code;
  question_ = question.id;
  asked_at_ = world_.clock.steady();
  go_to(ask == RescueQuestion::Ask::Head ? Step::Asking : Step::Fetching);
  (void)link_.publish(
      Outgoing{topic_of(self_.store, UplinkTopic::Tell), encode(question), true, false});
  world_.wake_within(kRescuePatience);
}

void Rescue::tick() {
  const Duration waited = world_.clock.steady() - asked_at_;
  switch (step_) {
    case Step::Asking:
      if (waited >= kRescuePatience) say(RescueQuestion::Ask::Head);
      return;
    case Step::Fetching:  // from the head: the relay may have begun anew and forgotten us
      if (waited >= kRescuePatience) say(RescueQuestion::Ask::Head);
      return;
    case Step::Refused:
      if (waited >= kRescueAgain) say(RescueQuestion::Ask::Head);
      return;
    case Step::Done:  // somebody has raised a doubt since
      if (waited >= kRescuePatience && gate_.recovery().doubt.is_on()) {
        say(RescueQuestion::Ask::Head);
      }
      return;
    case Step::Down:
    case Step::Importing:
      return;
  }
}

// What the relay says to the hub that is at work comes here as well, and is not ours.
void Rescue::arrived(const std::string& topic, const std::string& payload) {
  const auto place = read_topic(topic);
  if (!place || place->store != self_.store) return;
  if (place->topic == UplinkTopic::Lost) return take_events(payload);
  if (place->topic != UplinkTopic::Ask || payload.size() > kSmallMessageBytesMax) return;
  const auto answer = decode_rescue_answer(payload);
  if (answer && answer->id == question_) answered(*answer);
}

void Rescue::answered(const RescueAnswer& answer) {
  if (step_ != Step::Asking && step_ != Step::Fetching) return;
  question_.clear();
  if (answer.state == State::Known) return known(answer);
  turned_away(answer);
}

void Rescue::known(const RescueAnswer& answer) {
  stands_ = answer;
  const Head head = gate_.head();
  if (answer.up_to > head.seq) return say(RescueQuestion::Ask::Events);
  check_end(answer);
}

void Rescue::forked(std::string reason) {
  RescueAnswer answer;
  answer.state = State::Forked;
  answer.reason = std::move(reason);
  turned_away(answer);
}

void Rescue::turned_away(const RescueAnswer& answer) {
  const Doubt now = gate_.recovery().doubt.doubt;
  const Doubt next = doubt_of(answer.state, now);
  if (next != now || answer.state == State::Alive) {
    const bool is_kept_elsewhere = answer.state == State::Elsewhere;
    gate_.doubt(KeptDoubt{next, is_kept_elsewhere ? answer.epoch : 0, 0, answer.reason});
  }
  wait(answer.reason);
}

void Rescue::wait(std::string reason) {
  if (reason != reason_) world_.telemetry.warn("recovery: " + reason);
  reason_ = std::move(reason);
  asked_at_ = world_.clock.steady();
  go_to(Step::Refused);
}

void Rescue::take_events(const std::string& bytes) {
  if (step_ != Step::Fetching) return;
  auto envelope = decode_envelope(bytes, EnvelopeKind::Up);
  if (!envelope) return world_.telemetry.refusal("uplink_unreadable");
  Head at = gate_.head();
  if (envelope->first != at.seq + 1) return;  // the answer to an earlier question
  std::vector<StoredEvent> events;
  for (Record& record : envelope->records) {
    auto data = std::make_shared<const std::string>(std::move(record.payload));
    const Digest hash = chain(at.hash, envelope->epoch, at.seq + 1, *data);
    at = Head{envelope->epoch, at.seq + 1, hash};
    events.push_back(StoredEvent{at.epoch, at.seq, at.hash, std::move(data)});
  }
  if (at.hash != envelope->head) {
    return forked("what the relay holds does not follow from what is here");
  }
  go_to(Step::Importing);
  gate_.import_events(std::move(events), [this, generation = generation_](Result<Seq> up_to) {
    if (generation == generation_) imported(up_to);
  });
}

// Once all is here the relay is asked again: more may have become durable meanwhile.
void Rescue::imported(const Result<Seq>& up_to) {
  if (!up_to) return wait("lost events cannot be taken back: " + up_to.error().message());
  say(*up_to < stands_.up_to ? RescueQuestion::Ask::Events : RescueQuestion::Ask::Head);
}

// The relay ends where we do, or before: then its end must be one of our events.
void Rescue::check_end(const RescueAnswer& answer) {
  const Head head = gate_.head();
  if (answer.up_to == 0 || answer.up_to == head.seq) return finish(answer);
  go_to(Step::Importing);
  gate_.read_events(
      answer.up_to - 1, 1,
      [this, answer, generation = generation_](Result<std::vector<StoredEvent>> events) {
        if (generation != generation_) return;
        const bool is_ours = events && !events->empty() && events->front().hash == answer.hash;
        if (is_ours) return finish(answer);
        forked("the relay has another event " + std::to_string(answer.up_to));
      });
}

void Rescue::finish(const RescueAnswer& answer) {
  const Head head = gate_.head();
  const KeptDoubt doubt = gate_.recovery().doubt;
  acked_ = answer.up_to;
  go_to(Step::Done);
  // Also where it was a false alarm, as far as anybody here can tell: a new epoch costs the leases
  // of the old one, and numbers that somebody may have seen are not used again.
  const Seq back = head.seq - began_at_;
  const bool is_seen = doubt.seen_epoch >= head.epoch && doubt.seen_seq > head.seq;
  const Seq lost = is_seen ? doubt.seen_seq - head.seq : 0;
  std::string reason = doubt.reason + "; " + events_text(back) + " came back from the relay";
  if (lost != 0) reason += ", " + events_text(lost) + " that a screen has seen are lost";
  gate_.settle_doubt(std::max({answer.epoch, answer.above, head.epoch}), reason, lost != 0);
}

CloudState Rescue::state() const {
  CloudState state;
  state.since = since_;
  state.reason = reason_;
  switch (step_) {
    case Step::Down:
      state.lost = CloudState::Lost::Internet;
      break;
    case Step::Asking:
      state.lost = CloudState::Lost::Relay;
      if (state.reason.empty()) state.reason = "the relay does not answer";
      break;
    case Step::Refused:
      state.lost = CloudState::Lost::Relay;
      state.needs_a_person = true;
      break;
    case Step::Fetching:
    case Step::Importing:
    case Step::Done:
      state.lost = CloudState::Lost::Nothing;
      break;
  }
  const Seq head = gate_.head().seq;
  state.acked = acked_;
  state.behind = head > acked_ ? head - acked_ : 0;
  return state;
}

void Rescue::ask(BooksQuestion, std::function<void(Result<BooksAnswer>)> answered) {
  answered(refuse(Code::Unavailable, "this hub is in recovery"));
}

}  // namespace larder::edge
