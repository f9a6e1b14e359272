// A group of batches in one transaction: judged one by one, each behind a savepoint, so that a bad
// store takes back its own rows and nobody else's.
#include <algorithm>
#include <utility>
#include <variant>

#include "lan-protocol/codec.hpp"
#include "relay/shards/event_rows.hpp"
#include "relay/shards/kept_events.hpp"
#include "relay/shards/sqlite_shard.hpp"

namespace larder::relay {
namespace {

constexpr std::uint64_t kWalBytesMax = 128ULL * 1024 * 1024;

BatchOutcome refused(BatchFate fate, StreamMark mark, std::string reason) {
  return BatchOutcome{fate, std::move(mark), std::move(reason)};
}

// None: the lost events had no menu, so that the rows have the store's. Where no menu is left, an
// empty one of version 0 stands for it until the hub imports the next.
Result<std::optional<StampedEvent>> menu_after_loss(KeptEvents& kept, Seq first) {
  auto lost = kept.menu_from(first);
  if (!lost || !*lost) return lost;
  auto left = kept.menu_before(first);
  if (!left || *left) return left;
  StampedEvent none = std::move(**lost);
  Menu empty;
  empty.currency = std::get<MenuImported>(none.event).menu.currency;
  none.event = MenuImported{std::move(empty)};
  return std::optional(std::move(none));
}

StreamMark new_mark(const StoreBatch& batch) {
  StreamMark mark;
  mark.store = batch.store;
  mark.hub = batch.hub;
  return mark;
}

}  // namespace

Result<std::vector<BatchOutcome>> SqliteShard::apply(std::size_t database,
                                                     std::span<const StoreBatch> group,
                                                     TimePoint now) {
  auto ready = check_ready(database);
  if (!ready) return pass_on(ready);
  auto outcomes = settle(apply_group(group, now));
  // Should nobody call maintain(), the -wal still ends here.
  if (outcomes && connection_.wal_bytes() > kWalBytesMax) {
    static_cast<void>(settle(connection_.checkpoint(false)));
  }
  return outcomes;
}

Result<std::vector<BatchOutcome>> SqliteShard::apply_group(std::span<const StoreBatch> group,
                                                           TimePoint now) {
  auto transaction = sql::Transaction::begin(connection_);
  if (!transaction) return pass_on(transaction);
  Marks drafts;
  std::vector<BatchOutcome> outcomes;
  outcomes.reserve(group.size());
  for (const StoreBatch& batch : group) {
    auto outcome = apply_batch(batch, drafts, now);
    if (!outcome) return pass_on(outcome);
    outcomes.push_back(std::move(*outcome));
  }
  auto committed = transaction->commit();
  if (!committed) return pass_on(committed);
  adopt(drafts);
  return outcomes;
}

Result<BatchOutcome> SqliteShard::apply_batch(const StoreBatch& batch, Marks& drafts,
                                              TimePoint now) {
  auto place = place_of(batch.store);
  if (!place) {
    if (place.error().code() != Code::WrongStore) return pass_on(place);
    return refused(BatchFate::Moved, StreamMark{}, place.error().message());
  }
  const auto draft = drafts.find(batch.store);
  const auto kept = marks_.find(batch.store);
  const StreamMark* before = draft != drafts.end()  ? &draft->second
                             : kept != marks_.end() ? &kept->second
                                                    : nullptr;
  auto verdict = StreamJudge(place->tables->stream, place->bucket).judge(before, batch);
  if (!verdict) return pass_on(verdict);
  StreamMark mark = before != nullptr ? *before : new_mark(batch);
  if (verdict->fate != BatchFate::Applied && verdict->fate != BatchFate::Forked) {
    return refused(verdict->fate, std::move(mark), std::move(verdict->reason));
  }
  Result<void> written;
  std::vector<LeaseNews> leases;
  if (verdict->fate == BatchFate::Applied) {
    written = take(batch, *verdict, *place, before, mark, leases, now);
    if (!written && connection_.broke_a_rule()) {
      // Not even the raw events fit: what is kept and the mark contradict each other.
      verdict->fate = BatchFate::Forked;
      verdict->reason = "The rows of this store contradict its mark: " + written.error().message();
      written = connection_.execute("ROLLBACK TO batch; RELEASE batch");
      poi_.forget();
      held_.forget(batch.store);
      mark = before != nullptr ? *before : new_mark(batch);
    }
  }
  if (written && verdict->fate == BatchFate::Forked) {
    written = freeze(batch, *verdict, *place, before, mark, now);
  }
  if (!written) return pass_on(written);
  BatchOutcome outcome{verdict->fate, mark, std::move(verdict->reason), {}};
  if (outcome.fate == BatchFate::Applied) outcome.leases = std::move(leases);
  if (outcome.fate == BatchFate::Applied && before != nullptr && mark.epoch != before->epoch &&
      batch.envelope.first <= before->up_to) {
    outcome.reason = "The hub began epoch " + std::to_string(mark.epoch) + " at event " +
                     std::to_string(batch.envelope.first) + "; " +
                     std::to_string(before->up_to - batch.envelope.first + 1) +
                     " events of epoch " + std::to_string(before->epoch) +
                     " are not in its books and are kept here";
  }
  drafts.insert_or_assign(batch.store, std::move(mark));
  return outcome;
}

// First without looking left or right; when a rule of the schema is broken the batch is taken back
// and gone through again, each event behind a savepoint of its own, and the one that breaks it is
// parked.
Result<void> SqliteShard::take(const StoreBatch& batch, const Verdict& verdict, const Place& place,
                               const StreamMark* before, StreamMark& mark,
                               std::vector<LeaseNews>& leases, TimePoint now) {
  const StreamMark untouched = mark;
  auto taken = connection_.execute("SAVEPOINT batch");
  if (!taken) return taken;
  for (const bool careful : {false, true}) {
    mark = untouched;
    if (verdict.begins_epoch) taken = begin_epoch(batch, place, before, mark, now);
    leases.clear();
    if (taken) taken = take_rows(batch, verdict, place, mark, leases, now, careful);
    if (taken) taken = put_mark(place.bucket, mark, before);
    if (taken || careful || !connection_.broke_a_rule()) break;
    poi_.forget();
    held_.forget(batch.store);
    taken = connection_.execute("ROLLBACK TO batch");
    if (!taken) return taken;
  }
  return taken ? connection_.execute("RELEASE batch") : taken;
}

Result<void> SqliteShard::take_rows(const StoreBatch& batch, const Verdict& verdict,
                                    const Place& place, StreamMark& mark,
                                    std::vector<LeaseNews>& leases, TimePoint now, bool careful) {
  const Envelope& envelope = batch.envelope;
  EventRows rows(*place.tables, house_, poi_, batch.store, place.bucket, now);
  const HeldOrders::OfStore* held = nullptr;
  for (std::size_t i = verdict.skip; i < envelope.records.size(); ++i) {
    auto done = put_event(batch, place, i, verdict.hashes[i - verdict.skip]);
    if (!done) return done;
    if (mark.parked > 0 && held == nullptr) {
      auto known = held_.of(place.tables->stream, place.bucket, batch.store);
      if (!known) return pass_on(known);
      held = *known;
      rows.hold_back(held);
    }
    EventRows::Levels levels;
    if (careful) {
      levels = rows.levels();
      done = connection_.execute("SAVEPOINT event");
      if (!done) return done;
    }
    auto parked = rows.write(envelope.epoch, envelope.first + i, envelope.records[i]);
    if (parked && careful) {
      done = rows.write_orders();
      if (!done) parked = pass_on(done);
    }
    if (!parked && careful && connection_.broke_a_rule()) {
      const std::string why = "its rows contradict what is there: " + parked.error().message();
      done = connection_.execute("ROLLBACK TO event");
      poi_.forget();
      rows.put_back(std::move(levels));
      parked = std::optional(why);
    }
    if (!parked) return pass_on(parked);
    if (done && careful) done = connection_.execute("RELEASE event");
    if (done && *parked) done = park(batch, place, i, **parked, mark, now);
    if (!done) return done;
  }
  auto finished = rows.finish();
  if (!finished) return finished;
  leases = rows.take_leases();
  mark.hub = batch.hub;
  mark.epoch = envelope.epoch;
  mark.up_to = envelope.last();
  mark.hash = verdict.hashes.back();
  mark.words_applied = std::max(mark.words_applied, rows.words_taken());
  mark.words_issued = std::max(mark.words_issued, mark.words_applied);
  mark.last_event_at = envelope.records.back().at;
  mark.last_commit_at = now;
  return {};
}

Result<void> SqliteShard::put_event(const StoreBatch& batch, const Place& place, std::size_t index,
                                    const Sha256& hash) {
  const Envelope& envelope = batch.envelope;
  const Record& record = envelope.records[index];
  sql::Statement& put = place.tables->stream.put_event;
  put.bind(1, place.bucket).bind_text(2, batch.store.text());
  put.bind(3, static_cast<std::int64_t>(envelope.first + index)).bind(4, envelope.epoch);
  put.bind(5, record.type).bind(6, record.at.micros).bind_digest(7, hash);
  return put.bind_bytes(8, record.payload).run();
}

Result<void> SqliteShard::park(const StoreBatch& batch, const Place& place, std::size_t index,
                               std::string_view reason, StreamMark& mark, TimePoint now) {
  ++mark.parked;
  const Envelope& envelope = batch.envelope;
  held_.add(batch.store, order_of_event(envelope.records[index].payload),
            ParkedPlace{envelope.epoch, envelope.first + index});
  sql::Statement& put = place.tables->stream.park;
  put.bind(1, place.bucket).bind_text(2, batch.store.text());
  put.bind(3, static_cast<std::int64_t>(envelope.first + index)).bind(4, envelope.epoch);
  put.bind(5, envelope.records[index].type).bind_text(6, reason);
  return put.bind(7, now.micros).run();
}

// Numbers go on from where the restored hub stood. What the old epoch had from there on stays in
// store_events; its orders leave the books, and HQ's words that it had taken are to be said again.
Result<void> SqliteShard::begin_epoch(const StoreBatch& batch, const Place& place,
                                      const StreamMark* before, StreamMark& mark, TimePoint now) {
  const Envelope& envelope = batch.envelope;
  const auto first = static_cast<std::int64_t>(envelope.first);
  StreamTables& tables = place.tables->stream;
  const Seq known = before == nullptr ? 0 : before->up_to;
  const Seq lost = known >= envelope.first ? known - envelope.first + 1 : 0;
  const auto keyed = [&](sql::Statement& statement) -> sql::Statement& {
    return statement.bind(1, place.bucket).bind_text(2, batch.store.text());
  };
  keyed(tables.put_epoch).bind(3, envelope.epoch).bind(4, first);
  auto done = tables.put_epoch.bind(5, static_cast<std::int64_t>(lost)).bind(6, now.micros).run();
  held_.forget(batch.store);  // what the new epoch has lost holds nothing back
  if (!done || before == nullptr) return done;
  done = log(batch.store, "hub " + batch.hub.text(),
             "began epoch " + std::to_string(envelope.epoch) + " at event " +
                 std::to_string(first) + "; events lost with the old one: " + std::to_string(lost),
             now);
  // The hub that begins anew has no leases: what it granted before sells no more and is settled.
  if (done) {
    done = keyed(place.tables->rights.end_epochs).bind(3, envelope.epoch).bind(4, now.micros).run();
  }
  if (!done || lost == 0) return done;
  done = keyed(tables.lose_orders).bind(3, first).bind(4, before->epoch).run();
  if (done) done = keyed(tables.lose_days).bind(3, first).run();
  if (done) done = keyed(tables.lose_words).bind(3, first).run();
  KeptEvents kept(connection_, static_cast<unsigned>(place.tables - tables_.data()), place.bucket,
                  batch.store);
  if (!done) return done;
  auto menu = menu_after_loss(kept, envelope.first);
  if (!menu) return pass_on(menu);
  if (*menu) {
    EventRows rows(*place.tables, house_, poi_, batch.store, place.bucket, now);
    const Record record{event_number(event_name((*menu)->event)), (*menu)->at,
                        encode_event(**menu)};
    // Its message to the estate bears the number of the epoch's first event, which is no menu.
    auto written = rows.write(envelope.epoch, envelope.first, record);
    done = written ? rows.finish() : pass_on(written);
    if (!done) return done;
  }
  const sql::Scope scope(tables.words_applied);
  auto row = keyed(tables.words_applied).step();
  if (!row) return pass_on(row);
  mark.words_applied = *row ? static_cast<Seq>(tables.words_applied.integer(0)) : 0;
  return {};
}

Result<void> SqliteShard::freeze(const StoreBatch& batch, const Verdict& verdict,
                                 const Place& place, const StreamMark* before, StreamMark& mark,
                                 TimePoint now) {
  mark.is_frozen = true;
  mark.frozen_reason = verdict.reason;
  mark.last_commit_at = now;
  if (before == nullptr) mark.epoch = batch.envelope.epoch;
  auto frozen = keep_forks(batch, verdict, place, now);
  if (frozen) frozen = put_mark(place.bucket, mark, before);
  if (!frozen) return frozen;
  return log(batch.store, "relay", "froze the stream: " + verdict.reason, now);
}

// Both copies of what has two: from the number that differs, or, when the chain alone tells, all.
Result<void> SqliteShard::keep_forks(const StoreBatch& batch, const Verdict& verdict,
                                     const Place& place, TimePoint now) {
  const Envelope& envelope = batch.envelope;
  sql::Statement& keep = house_.keep_fork;
  const auto put = [&](Seq seq, std::string_view side, std::string_view data) {
    keep.bind_text(1, batch.store.text()).bind_text(2, batch.hub.text()).bind(3, envelope.epoch);
    keep.bind(4, static_cast<std::int64_t>(seq)).bind_text(5, side).bind_bytes(6, data);
    return keep.bind(7, now.micros).run();
  };
  const Seq first = verdict.forked_at.value_or(envelope.first);
  for (Seq seq = first; seq <= envelope.last(); ++seq) {
    auto kept = put(seq, "theirs", envelope.records[seq - envelope.first].payload);
    if (!kept) return kept;
    sql::Statement& ours = place.tables->stream.event_at;
    const sql::Scope scope(ours);
    ours.bind(1, place.bucket).bind_text(2, batch.store.text());
    ours.bind(3, static_cast<std::int64_t>(seq)).bind(4, envelope.epoch);
    auto row = ours.step();
    if (!row) return pass_on(row);
    if (*row) kept = put(seq, "ours", ours.text(1));
    if (!kept) return kept;
  }
  return {};
}

}  // namespace larder::relay
