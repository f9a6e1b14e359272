#include "relay/shards/stream_judge.hpp"

#include <algorithm>
#include <variant>

#include "lan-protocol/codec.hpp"

namespace larder::relay {
namespace {

Verdict decided(BatchFate fate, std::string reason) {
  Verdict verdict;
  verdict.fate = fate;
  verdict.reason = std::move(reason);
  return verdict;
}

std::string span_of(const Envelope& envelope) {
  return std::to_string(envelope.first) + " to " + std::to_string(envelope.last());
}

Verdict gap(const Envelope& envelope, Seq expected) {
  return decided(BatchFate::Gap, "Events " + span_of(envelope) + " of epoch " +
                                     std::to_string(envelope.epoch) + " came, " +
                                     std::to_string(expected) + " is expected next");
}

// An epoch is opened by an event that says so, in front of everything else of it.
bool opens_its_epoch(const Envelope& envelope) {
  const auto front = event_front(envelope.records.front().payload);
  if (!front || front->event != "epoch.begun") return false;
  const auto stamped = decode_event(envelope.records.front().payload);
  const EpochBegun* begun = stamped ? std::get_if<EpochBegun>(&stamped->event) : nullptr;
  return begun != nullptr && begun->epoch == envelope.epoch;
}

// Chains the records after `skip` behind `before`; the last must be what the sender's journal has.
void chain_up(const Envelope& envelope, Sha256 before, Verdict& verdict) {
  for (std::size_t i = verdict.skip; i < envelope.records.size(); ++i) {
    before = chain(before, envelope.epoch, envelope.first + i, envelope.records[i].payload);
    verdict.hashes.push_back(before);
  }
  if (before == envelope.head) return;
  verdict.fate = BatchFate::Forked;
  verdict.reason = "The chain of events " + span_of(envelope) + " of epoch " +
                   std::to_string(envelope.epoch) +
                   " does not follow from what is kept here: an event before or among them is "
                   "another one";
}

// A store whose past this relay never saw: the end of the batch is taken on trust, what follows is
// chained to it.
Verdict taken_on_trust(const Envelope& envelope) {
  Verdict verdict;
  verdict.hashes.resize(envelope.records.size(), Sha256{});
  verdict.hashes.back() = envelope.head;
  verdict.begins_epoch = true;
  verdict.reason = "The store is new here and begins at event " + std::to_string(envelope.first) +
                   "; what came before was not seen";
  return verdict;
}

}  // namespace

Result<Verdict> StreamJudge::judge(const StreamMark* mark, const StoreBatch& batch) {
  const Envelope& envelope = batch.envelope;
  if (mark != nullptr && mark->is_frozen) return decided(BatchFate::Frozen, mark->frozen_reason);
  if (envelope.records.empty() || envelope.first == 0 || envelope.epoch == 0) {
    return decided(BatchFate::Gap, "A batch without events, number or epoch");
  }
  if (mark == nullptr) return judge_new(batch);
  if (envelope.epoch < mark->epoch) {
    return decided(BatchFate::StaleEpoch, "Epoch " + std::to_string(envelope.epoch) +
                                              " is over: this store is in epoch " +
                                              std::to_string(mark->epoch));
  }
  if (envelope.epoch > mark->epoch) return judge_new_epoch(*mark, batch);
  if (batch.hub != mark->hub) {
    return decided(BatchFate::StaleEpoch, "Epoch " + std::to_string(mark->epoch) +
                                              " of this store belongs to hub " + mark->hub.text() +
                                              ", not to " + batch.hub.text());
  }
  return judge_same_epoch(*mark, batch);
}

Result<Verdict> StreamJudge::judge_new(const StoreBatch& batch) {
  const Envelope& envelope = batch.envelope;
  if (envelope.first != 1) {
    return envelope.epoch > 1 && opens_its_epoch(envelope) ? taken_on_trust(envelope)
                                                           : gap(envelope, 1);
  }
  Verdict verdict;
  verdict.begins_epoch = true;
  chain_up(envelope, Sha256{}, verdict);
  return verdict;
}

Result<Verdict> StreamJudge::judge_same_epoch(const StreamMark& mark, const StoreBatch& batch) {
  const Envelope& envelope = batch.envelope;
  if (envelope.first > mark.up_to + 1) return gap(envelope, mark.up_to + 1);
  Verdict verdict;
  auto compared = compare(batch, mark, verdict);
  if (!compared) return pass_on(compared);
  if (verdict.fate == BatchFate::Forked) return verdict;
  if (verdict.skip == envelope.records.size()) {
    verdict.fate = BatchFate::Duplicate;
    verdict.reason = "Events " + span_of(envelope) + " are here already";
    return verdict;
  }
  verdict.begins_epoch = mark.up_to == 0;
  chain_up(envelope, mark.hash, verdict);
  return verdict;
}

Result<Verdict> StreamJudge::judge_new_epoch(const StreamMark& mark, const StoreBatch& batch) {
  const Envelope& envelope = batch.envelope;
  if (!opens_its_epoch(envelope)) {
    return decided(BatchFate::Gap, "Epoch " + std::to_string(envelope.epoch) +
                                       " is not known here, and event " +
                                       std::to_string(envelope.first) + " is not its beginning");
  }
  if (envelope.first > mark.up_to + 1) {
    return decided(BatchFate::Gap, "Events " + std::to_string(mark.up_to + 1) + " to " +
                                       std::to_string(envelope.first - 1) + " of epoch " +
                                       std::to_string(mark.epoch) + " are missing before epoch " +
                                       std::to_string(envelope.epoch));
  }
  if (batch.hub != mark.hub && envelope.first == 1) {
    return decided(BatchFate::StaleEpoch,
                   "Hub " + batch.hub.text() + " begins with empty books under a store that hub " +
                       mark.hub.text() + " keeps: restore a backup on it, or name another store");
  }
  auto before = hash_before(batch.store, envelope.first);
  if (!before) return pass_on(before);
  if (!*before) return taken_on_trust(envelope);
  Verdict verdict;
  verdict.begins_epoch = true;
  chain_up(envelope, **before, verdict);
  return verdict;
}

Result<std::optional<Sha256>> StreamJudge::hash_before(const StoreId& store, Seq first) {
  if (first == 1) return std::optional(Sha256{});
  sql::Statement& find = tables_.hash_before;
  const sql::Scope scope(find);
  find.bind(1, bucket_).bind_text(2, store.text()).bind(3, static_cast<std::int64_t>(first - 1));
  auto row = find.step();
  if (!row) return pass_on(row);
  if (!*row || find.digest(0) == Sha256{}) return std::optional<Sha256>();
  return std::optional(find.digest(0));
}

Result<void> StreamJudge::compare(const StoreBatch& batch, const StreamMark& mark,
                                  Verdict& verdict) {
  const Envelope& envelope = batch.envelope;
  const Seq last_known = std::min(envelope.last(), mark.up_to);
  sql::Statement& find = tables_.event_at;
  for (Seq seq = envelope.first; seq <= last_known; ++seq, ++verdict.skip) {
    const sql::Scope scope(find);
    find.bind(1, bucket_).bind_text(2, batch.store.text());
    find.bind(3, static_cast<std::int64_t>(seq)).bind(4, envelope.epoch);
    auto row = find.step();
    if (!row) return pass_on(row);
    const bool same = *row && find.text(1) == envelope.records[verdict.skip].payload;
    const bool same_head = seq != envelope.last() || (*row && find.digest(0) == envelope.head);
    if (same && same_head) continue;
    verdict.fate = BatchFate::Forked;
    verdict.forked_at = seq;
    verdict.reason = *row ? "Event " + std::to_string(seq) + " of epoch " +
                                std::to_string(envelope.epoch) +
                                " came a second time with other contents"
                          : "Event " + std::to_string(seq) + " came under epoch " +
                                std::to_string(envelope.epoch) + ", which began after it";
    return {};
  }
  return {};
}

}  // namespace larder::relay
