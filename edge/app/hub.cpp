#include "edge/app/hub.hpp"

#include <utility>

#include "lan-protocol/codec.hpp"
#include "lan-protocol/digest.hpp"

namespace larder::edge {

namespace {

// Refusals that say "not now": the same id may be sent again and is then decided afresh.
bool is_passing(Code code) {
  return code == Code::Overloaded || code == Code::Busy || code == Code::RateLimited ||
         code == Code::StorageFull || code == Code::InRecovery;
}

Bytes share(std::string bytes) { return std::make_shared<const std::string>(std::move(bytes)); }

}  // namespace

Hub::Hub(HubSettings settings, HubPorts ports, Ledger ledger, Head head,
         std::vector<std::uint64_t> answer_keys, Room room, KeptDoubt doubt, std::vector<HubId> was)
    : settings_(std::move(settings)),
      ports_(std::move(ports)),
      ledger_(std::move(ledger)),
      decided_(head),
      committed_(head),
      answers_(answer_keys),
      sign_ins_(Duration::seconds(settings_.staff_idle_seconds)),
      recent_(head.seq),
      snapshot_seq_(head.seq),
      doubt_(std::move(doubt)),
      was_(std::move(was)),
      words_committed_(ledger_.words_applied) {
  // What topics saw before this start is not known per topic: the head stands for all of them.
  last_decided_.fill(head.seq);
  last_committed_.fill(head.seq);
  doubt_since_ = ports_.clock.now().at;
  found_room(room);
}

Now Hub::now_in_books() {
  Now now = ports_.clock.now();
  if (now.at < ledger_.last_at) now.at = ledger_.last_at;
  return now;
}

// The rules know moments only. The digest of a body is of what was told, so that the same words
// under the same id are the same command on any day.
void Hub::read_local_time(Command& command, const Now& now) {
  auto* mark = std::get_if<MarkStock>(&command);
  if (mark == nullptr || !mark->restore_local) return;
  mark->restore_at = ports_.clock.moment_of(*mark->restore_local, now.at);
  mark->restore_local.reset();
}

Result<void> Hub::run_own(const Command& command) {
  Now now = now_in_books();
  auto decision = decide(ledger_, Asker{}, command, now);
  if (!decision) return pass_on(decision);
  if (!decision->events.empty()) {
    record(decision->events, CommandId(), Asker{}, now, open_batch());
    pump();
  }
  return {};
}

// In the order in which a device sends them, also past an id that is looked up first.
void Hub::submit(Submission submission) {
  auto line = behind_look_up_.find(submission.asker.device);
  if (line == behind_look_up_.end()) {
    take_up(std::move(submission));
    return;
  }
  if (line->second.size() >= kBehindLookUpMax || in_flight_ + waiting_ >= kInFlightCommandsMax) {
    turn_back(submission,
              Error(Code::Busy, "an earlier command is still looked up; send the same id again"));
    return;
  }
  line->second.push_back(std::move(submission));
  waiting_++;
}

void Hub::take_up(Submission submission) {
  if (const StoredAnswer* answer = answers_.recent(submission.id)) {
    answer_again(*answer, submission);
    return;
  }
  if (!answers_.may_be_kept(submission.id)) {
    submit_new(std::move(submission));
    return;
  }
  look_up(std::move(submission));
}

// An old answer: the journal has it. Ids that only share the key are decided as new ones.
void Hub::look_up(Submission submission) {
  behind_look_up_.try_emplace(submission.asker.device);
  auto shared = std::make_shared<Submission>(std::move(submission));
  ports_.writer.run([this, shared](Journal& journal) -> std::function<void()> {
    auto found = journal.answer(shared->id);
    return [this, shared, found = std::move(found)]() {
      const DeviceId device = shared->asker.device;
      if (!found) {
        shared->reply(share(
            write_refusal(shared->id.text(), committed_.epoch, committed_.seq, found.error())));
      } else if (const StoredAnswer* answer = answers_.recent(shared->id)) {
        answer_again(*answer, *shared);
      } else if (found->has_value()) {
        answers_.remember(**found);
        answer_again(**found, *shared);
      } else {
        submit_new(std::move(*shared));
      }
      submit_waiting(device);
    };
  });
}

// Should one of them be looked up in its turn, those after it wait again.
void Hub::submit_waiting(const DeviceId& device) {
  auto line = behind_look_up_.extract(device);
  waiting_ -= line.mapped().size();
  for (Submission& next : line.mapped()) submit(std::move(next));
}

void Hub::answer_again(const StoredAnswer& answer, const Submission& submission) {
  const bool is_body_known = answer.body != Digest{};  // not of an answer that was lost
  if (is_body_known && answer.body != submission.body) {
    ports_.telemetry.warn("command id used again with another body, by device " +
                          submission.asker.device.text());
    ports_.telemetry.command(submission.verb, code_name(Code::KeyReuse));
    Error error(Code::KeyReuse,
                "this command id was already used for another command; make a new id");
    when_committed([this, reply = submission.reply, id = submission.id, error]() {
      reply(share(write_refusal(id.text(), committed_.epoch, committed_.seq, error)));
    });
    return;
  }
  when_committed([reply = submission.reply, bytes = answer.reply]() { reply(bytes); });
}

// A device that was revoked after it sent this: its session ends when the revocation is durable,
// and what is still on the way is decided before or not at all.
bool Hub::is_revoked(const DeviceId& device) const {
  const auto known = ledger_.devices.find(device);
  return known != ledger_.devices.end() && known->second.revoked;
}

void Hub::submit_new(Submission submission) {
  if (is_revoked(submission.asker.device)) {
    turn_back(submission, Error(Code::Unauthorized, "this device was revoked"));
    return;
  }
  if (auto may = may_begin(submission.command); !may) {
    turn_back(submission, may.error());
    return;
  }
  const bool begins = std::holds_alternative<BeginEpoch>(submission.command);
  if (begins) rise_above_doubt();
  Now now = now_in_books();
  read_local_time(submission.command, now);
  auto decision = decide(ledger_, submission.asker, submission.command, now);
  if (!decision) {
    refuse(submission, decision.error());
    return;
  }
  Batch& batch = open_batch();
  Seq seq = record(decision->events, submission.id, submission.asker, now, batch);
  keep_answer(submission,
              share(write_reply(submission.id.text(), decided_.epoch, seq,
                                encode_outcome(submission.command, decision->outcome))),
              batch);
  ports_.telemetry.command(submission.verb, "ok");
  if (decision->outcome.note_masked) ports_.telemetry.masked();
  if (begins) end_doubt();
  pump();
}

void Hub::refuse(const Submission& submission, const Error& error) {
  ports_.telemetry.command(submission.verb, code_name(error.code()));
  Bytes bytes = share(write_refusal(submission.id.text(), decided_.epoch, decided_.seq, error));
  if (is_passing(error.code())) {
    when_committed([reply = submission.reply, bytes]() { reply(bytes); });
    return;
  }
  keep_answer(submission, bytes, open_batch());
  pump();
}

// Not now: said at once, because it shows nothing of the books, and the disk may be what is slow.
void Hub::turn_back(const Submission& submission, const Error& error) {
  ports_.telemetry.command(submission.verb, code_name(error.code()));
  submission.reply(
      share(write_refusal(submission.id.text(), committed_.epoch, committed_.seq, error)));
}

void Hub::keep_answer(const Submission& submission, Bytes reply, Batch& batch) {
  StoredAnswer answer;
  answer.id = submission.id;
  answer.body = submission.body;
  answer.at = now_in_books().at;
  answer.reply = reply;
  answers_.remember(answer);
  batch.group->answers.push_back(std::move(answer));
  batch.commands++;
  in_flight_++;
  batch.releases.push_back([this, to = submission.reply, reply]() {
    in_flight_--;
    to(reply);
  });
}

Seq Hub::record(const std::vector<Event>& events, const CommandId& command, const Asker& asker,
                const Now& now, Batch& batch) {
  for (const Event& event : events) {
    apply(ledger_, event, now.at, asker.staff);
    Bytes bytes =
        share(encode_event(StampedEvent{now.at, command, asker.device, asker.staff, event}));
    const Digest hash = chain(decided_.hash, ledger_.epoch, ledger_.seq, *bytes);
    put_in(StoredEvent{ledger_.epoch, ledger_.seq, hash, std::move(bytes)}, event, batch);
    watch_stock(event, now.at, batch);
  }
  return decided_.seq;
}

// An applied event goes into the group, and to the screens once that is on disk.
void Hub::put_in(StoredEvent stored, const Event& event, Batch& batch) {
  decided_ = Head{stored.epoch, stored.seq, stored.hash};
  TopicSet topics = topics_of(event);
  Bytes frame =
      share(write_event(decided_.epoch, decided_.seq, topics, last_decided_, *stored.data));
  for (Topic topic : kAllTopics) {
    if ((topics & topic_bit(topic)) != 0) {
      last_decided_[static_cast<std::size_t>(topic)] = decided_.seq;
    }
  }
  batch.group->events.push_back(std::move(stored));
  batch.published.push_back(PublishedEvent{decided_.seq, topics, std::move(frame)});
  obey(event);
}

}  // namespace larder::edge
