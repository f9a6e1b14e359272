#include "relay/app/rescues.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace larder::relay {
namespace {

using State = RescueAnswer::State;

bool is_one_of(const HubId& hub, const RescueQuestion& question) {
  return hub == question.hub ||
         std::find(question.was.begin(), question.was.end(), hub) != question.was.end();
}

// A run of the hub on another machine is said to be there.
bool may_be_at_work(const StoreStream& stream, const RescueQuestion& question) {
  if (!stream.is_live || stream.boots.empty()) return false;
  const BootSeen& last = stream.boots.back();
  if (last.boot == question.boot) return false;
  const bool is_same_machine = !last.machine.empty() && last.machine == question.machine;
  return !is_same_machine || stream.hub != question.hub;
}

Envelope envelope_of(const std::vector<KeptEvent>& events, std::size_t count) {
  Envelope envelope;
  envelope.epoch = events.front().epoch;
  envelope.first = events.front().seq;
  for (std::size_t i = 0; i < count; ++i) {
    const auto front = event_front(events[i].data);
    Record record;
    record.type = front ? event_number(front->event) : std::uint16_t{0};
    record.at = front ? front->at : TimePoint{};
    record.payload = events[i].data;
    envelope.records.push_back(std::move(record));
  }
  envelope.head = events[count - 1].hash;
  return envelope;
}

}  // namespace

Result<void> Rescues::permit(const StoreId& store, const std::string& code, const std::string& by) {
  StoreStream* stream = ports_.streams.find(store);
  if (stream == nullptr || stream->mark.hub.empty()) {
    return refuse(Code::NotFound, "No store " + store.text() + " has ever spoken to this relay");
  }
  TakeoverPermit permit;
  permit.code = sha256(code);
  permit.by = by;
  permit.until = ports_.clock.steady() + kPermitLasts;
  stream->permit = std::move(permit);
  keep(*stream);
  ports_.telemetry.note("store " + store.text() + ": " + by +
                        " lets a new machine take it over, for 30 minutes");
  return {};
}

void Rescues::remember(StoreStream& stream, const RescueRecord& record) const {
  stream.suspect = record.suspect;
  stream.denied = record.denied;
  if (!record.hub.empty() && record.above >= stream.mark.epoch) {
    stream.rescued = Rescued{record.hub, record.boot, record.above};
  }
  // By the wall for as long as nobody runs, and never for longer than it was given.
  const Duration left = std::min(record.permitted_until - ports_.clock.now(), kPermitLasts);
  const bool is_open = !record.permitted_by.empty() && record.permit_epoch == stream.mark.epoch;
  if (!is_open || left.micros <= 0) return;
  stream.permit =
      TakeoverPermit{record.permit_code, record.permitted_by, ports_.clock.steady() + left,
                     record.wrong_codes, record.permitted_hub};
}

void Rescues::keep(const StoreStream& stream) {
  RescueRecord record;
  record.store = stream.store;
  record.suspect = stream.suspect;
  record.denied = stream.denied;
  if (const auto& permit = stream.permit) {
    record.permit_code = permit->code;
    record.permitted_by = permit->by;
    record.permitted_until = ports_.clock.now() + (permit->until - ports_.clock.steady());
    record.permit_epoch = stream.mark.epoch;
    record.wrong_codes = permit->wrong;
    record.permitted_hub = permit->hub;
  }
  auto ran = ports_.shards.run_for(stream.store, [this, record](ShardStore& shard) {
    auto kept = std::make_shared<Result<void>>(shard.keep_rescue(record));
    return [this, record, kept] {
      if (*kept) return;
      ports_.telemetry.warn("store " + record.store.text() +
                            ": what was decided is not noted: " + kept->error().message());
    };
  });
  if (!ran) ports_.telemetry.warn("store " + stream.store.text() + ": the decision is not noted");
}

// Another machine takes the store over, and has not begun its epoch yet.
bool Rescues::is_replaced(const StoreStream& stream, const RescueQuestion& question) const {
  return stream.is_fenced(question.hub, question.epoch, ports_.clock.steady());
}

void Rescues::turn_replaced_away(const StoreStream& stream, const RescueQuestion& question) {
  answer(stream, question, State::Elsewhere,
         "hub " + stream.permit->hub.text() + " takes this store over, with HQ's permission");
}

void Rescues::asked(StoreStream& stream, const RescueQuestion& question) {
  if (stream.questions >= kRescueQuestionsMax) return ports_.telemetry.dropped("rescues");
  if (question.ask == RescueQuestion::Ask::Events) return give_events(stream, question);
  if (stream.mark.hub.empty()) {
    return answer(stream, question, State::Unknown, "this relay has nothing of this store");
  }
  if (!question.code.empty()) {
    if (const auto wrong = use_code(stream, question.hub, question.code)) {
      return answer(stream, question, *wrong,
                    "this code is not HQ's, was used by another machine, or is too late");
    }
    return let_in(stream, question);
  }
  if (is_replaced(stream, question)) return turn_replaced_away(stream, question);
  if (question.seq == 0 || !is_one_of(stream.mark.hub, question)) {
    return answer(stream, question, State::Elsewhere,
                  "hub " + stream.mark.hub.text() + " keeps this store, in epoch " +
                      std::to_string(stream.mark.epoch) +
                      "; HQ's page gives a code for another machine");
  }
  if (!may_be_at_work(stream, question)) return stands(stream, question);
  if (probes_.size() >= kProbesMax) return ports_.telemetry.dropped("rescues");
  // It may have died a moment ago: only an answer proves that it has not.
  BooksQuestion probe;
  probe.id = "alive-" + std::to_string(++next_probe_);
  probe.ask = BooksQuestion::Ask::Hashes;
  probe.from = probe.to = 1;
  probes_[probe.id] = Probe{stream.store, question, ports_.clock.steady() + kProbePatience};
  ports_.inlet.send(stream.store, UplinkTopic::Ask, encode(probe));
}

bool Rescues::is_at_work(StoreStream& stream, const BooksMessage& message) {
  if (!message.answer) return false;
  const auto probe = probes_.find(message.answer->id);
  if (probe == probes_.end() || probe->second.store != stream.store) return false;
  const RescueQuestion question = std::move(probe->second.question);
  probes_.erase(probe);
  const std::string reason = "hub " + stream.mark.hub.text() +
                             " is at work, and a copy of it on another machine (hub " +
                             question.hub.text() + ") asks to go on";
  if (stream.denied != question.hub) {
    stream.suspect = question.hub;
    keep(stream);
    ends_.freeze(stream, reason);
  }
  answer(stream, question, State::Alive,
         reason + "; stop one of them, or have HQ give this one a code");
  return true;
}

void Rescues::tick() {
  const Duration now = ports_.clock.steady();
  for (auto each = probes_.begin(); each != probes_.end();) {
    if (each->second.until > now) {
      ++each;
      continue;
    }
    const Probe probe = std::move(each->second);
    each = probes_.erase(each);
    if (StoreStream* stream = ports_.streams.find(probe.store)) stands(*stream, probe.question);
  }
}

// None: it is good, and this hub's from now on.
std::optional<State> Rescues::use_code(StoreStream& stream, const HubId& hub,
                                       const std::string& code) {
  auto& permit = stream.permit;
  if (!permit || ports_.clock.steady() >= permit->until) return State::WrongCode;
  const bool is_taken = !permit->hub.empty() && permit->hub != hub;
  const bool is_good = permit->code == sha256(code) && !is_taken;
  if (is_good) {
    permit->hub = hub;
  } else if (++permit->wrong >= kWrongCodesMax) {
    permit.reset();
  }
  keep(stream);
  if (is_good) return std::nullopt;
  return State::WrongCode;
}

// With HQ's permission: who keeps the store now is fenced off before it is said where it stands.
void Rescues::let_in(StoreStream& stream, const RescueQuestion& question) {
  ends_.taken_over(stream);
  unfreeze(stream, [this, question](StoreStream& stream_now) { stands(stream_now, question); });
}

bool Rescues::shows_code(StoreStream& stream, const HubId& hub, const std::string& code) {
  if (use_code(stream, hub, code)) return false;
  unfreeze(stream, [](StoreStream&) {});
  return true;
}

void Rescues::unfreeze(StoreStream& stream, std::function<void(StoreStream&)> then) {
  if (!stream.mark.is_frozen) return then(stream);
  auto ran = ports_.shards.run_for(
      stream.store, [this, id = stream.store, then = std::move(then), by = stream.permit->by,
                     now = ports_.clock.now()](ShardStore& shard) {
        auto done = std::make_shared<Result<void>>(shard.unfreeze(id, by, now));
        return [this, id, then, done] {
          if (!*done)
            return ports_.telemetry.warn("store " + id.text() +
                                         " stays frozen: " + done->error().message());
          ends_.reload(id);
          then(*ports_.streams.find(id));
        };
      });
  if (!ran) ports_.telemetry.dropped("rescues");
}

// Where a store stands, by its database: what is on its way into it is not promised to anybody yet.
struct Rescues::Stand {
  Result<std::optional<StreamMark>> mark = std::optional<StreamMark>();
  Result<std::vector<KeptEvent>> at = std::vector<KeptEvent>();  // under the asker's newest number
  Result<Epoch> above = Epoch{0};

  bool is_read() const { return mark && *mark && at; }
  bool has_other(const Sha256& head) const {
    return !at->empty() && at->front().hash != Sha256{} && at->front().hash != head;
  }
};

void Rescues::stands(StoreStream& stream, const RescueQuestion& question) {
  auto ran =
      ports_.shards.run_for(stream.store, [this, id = stream.store, question](ShardStore& shard) {
        auto stand = std::make_shared<Stand>();
        stand->mark = shard.mark(id);
        if (question.seq > 0) stand->at = shard.line(id, question.seq - 1, 1);
        if (stand->is_read() && !stand->has_other(question.head)) {
          stand->above = shard.promise(id, question.hub, question.boot);
        }
        return [this, id, question, stand] { tell_stand(id, question, *stand); };
      });
  if (ran) ++stream.questions;
}

void Rescues::tell_stand(const StoreId& store, const RescueQuestion& question, const Stand& stand) {
  StoreStream& stream = *ports_.streams.find(store);
  --stream.questions;
  if (!stand.is_read() || !stand.above) {
    return answer(stream, question, State::Unknown, "the relay's books cannot be read now");
  }
  if (is_replaced(stream, question)) return turn_replaced_away(stream, question);
  if (stand.has_other(question.head)) {
    return answer(stream, question, State::Forked,
                  "event " + std::to_string(question.seq) + " is another one here than at hub " +
                      question.hub.text());
  }
  stream.rescued = Rescued{question.hub, question.boot, *stand.above};
  RescueAnswer said;
  said.id = question.id;
  said.state = State::Known;
  said.hub = (*stand.mark)->hub;
  said.epoch = (*stand.mark)->epoch;
  said.up_to = (*stand.mark)->up_to;
  said.hash = (*stand.mark)->hash;
  said.above = *stand.above;
  ports_.inlet.send(store, UplinkTopic::Ask, encode(said));
}

void Rescues::give_events(StoreStream& stream, const RescueQuestion& question) {
  const bool is_let_in = stream.rescued && stream.rescued->hub == question.hub &&
                         stream.rescued->boot == question.boot;
  if (!is_let_in) {
    return answer(stream, question, State::Elsewhere, "ask first where the store stands");
  }
  auto ran =
      ports_.shards.run_for(stream.store, [this, id = stream.store, question](ShardStore& shard) {
        auto events = std::make_shared<Result<std::vector<KeptEvent>>>(
            shard.line(id, question.seq, kRescueEventsMax));
        return [this, id, question, events] {
          StoreStream& stream_now = *ports_.streams.find(id);
          --stream_now.questions;
          if (!*events) {
            return answer(stream_now, question, State::Gone, events->error().message());
          }
          if ((*events)->empty() || (*events)->front().seq != question.seq + 1) {
            return answer(stream_now, question, State::Gone,
                          "event " + std::to_string(question.seq + 1) + " is not here");
          }
          send_events(id, question, **events);
        };
      });
  if (ran) ++stream.questions;
}

// As many as follow one another in one epoch and fit into a message.
void Rescues::send_events(const StoreId& store, const RescueQuestion& question,
                          const std::vector<KeptEvent>& events) {
  std::size_t count = 1;
  while (count < events.size() && events[count].epoch == events.front().epoch &&
         events[count].seq == events.front().seq + count) {
    ++count;
  }
  for (; count > 0; count /= 2) {
    auto bytes = encode_envelope(envelope_of(events, count));
    if (bytes) return ports_.inlet.send(store, UplinkTopic::Lost, std::move(*bytes));
  }
  answer(*ports_.streams.find(store), question, State::Gone,
         "event " + std::to_string(question.seq + 1) + " is too large for the way down");
}

void Rescues::answer(const StoreStream& stream, const RescueQuestion& question, State state,
                     std::string reason) {
  RescueAnswer said;
  said.id = question.id;
  said.state = state;
  said.hub = stream.mark.hub;
  said.epoch = stream.mark.epoch;
  said.up_to = stream.mark.up_to;
  said.hash = stream.mark.hash;
  said.reason = std::move(reason);
  ports_.inlet.send(stream.store, UplinkTopic::Ask, encode(said));
}

}  // namespace larder::relay
