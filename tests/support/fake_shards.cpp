#include "tests/support/fake_shards.hpp"

#include <algorithm>

#include "relay/app/bucket.hpp"

namespace larder::relay {
namespace {

Refused absent() { return refuse(Code::NotFound, "this fake has none"); }

std::string short_hash(const std::string& data) { return hex(sha256(data)).substr(0, 16); }

}  // namespace

std::size_t FakeShardStore::database_of(const StoreId& store) const { return bucket_of(store) % 2; }

BatchOutcome FakeShardStore::take(Rows& kept, const StoreBatch& batch, TimePoint now) {
  StreamMark& mark = kept.mark;
  const Envelope& envelope = batch.envelope;
  mark.store = batch.store;
  if (moved.contains(batch.store)) return {BatchFate::Moved, {}, "moved: to another database"};
  if (mark.is_frozen) return {BatchFate::Frozen, mark, mark.frozen_reason};
  if (envelope.epoch < mark.epoch) return {BatchFate::StaleEpoch, mark, "stale_epoch"};
  if (envelope.first > mark.up_to + 1) return {BatchFate::Gap, mark, "expected an earlier one"};
  const auto freeze = [&](const std::string& reason) {
    mark.is_frozen = true;
    mark.frozen_reason = reason;
    return BatchOutcome{BatchFate::Forked, mark, reason};
  };
  std::vector<Kept> events = kept.events;
  if (envelope.epoch > mark.epoch) events.resize(envelope.first - 1);
  const std::size_t before = events.size();
  for (std::size_t i = 0; i < envelope.records.size(); ++i) {
    const Seq number = envelope.first + i;
    const std::string& data = envelope.records[i].payload;
    if (number <= events.size()) {
      if (events[number - 1].data != data) return freeze("other bytes under a known number");
      continue;
    }
    const Sha256 last = events.empty() ? Sha256{} : events.back().hash;
    events.push_back(Kept{envelope.epoch, chain(last, envelope.epoch, number, data), data});
  }
  if (events[envelope.last() - 1].hash != envelope.head) return freeze("the chain does not hold");
  const bool is_new = events.size() > before || envelope.epoch > mark.epoch;
  if (!is_new) return {BatchFate::Duplicate, mark, {}};
  for (std::size_t at = before; at < events.size(); ++at) {
    for (IssuedWord& word : kept.words) {
      if (events[at].data.find("\"cmd\":\"" + word.word.id.text() + "\"") == std::string::npos) {
        continue;
      }
      word.applied_at = now;
      word.outcome = "ok";
      mark.words_applied = std::max(mark.words_applied, word.number);
    }
  }
  kept.events = std::move(events);
  mark.hub = batch.hub;
  mark.epoch = envelope.epoch;
  mark.up_to = kept.events.size();
  mark.hash = kept.events.back().hash;
  mark.last_event_at = envelope.records.back().at;
  mark.last_commit_at = now;
  return {BatchFate::Applied, mark, {}};
}

Result<std::vector<BatchOutcome>> FakeShardStore::apply(std::size_t,
                                                        std::span<const StoreBatch> group,
                                                        TimePoint now) {
  if (fail_before > 0) {
    --fail_before;
    return refuse(failure, "the disk said no");
  }
  std::map<StoreId, Rows> changed;
  std::vector<BatchOutcome> outcomes;
  std::vector<StoreId> stores;
  for (const StoreBatch& batch : group) {
    if (poison.contains(batch.store)) return refuse(Code::Corrupt, "this batch cannot be kept");
    Rows& touched = changed.try_emplace(batch.store, rows[batch.store]).first->second;
    outcomes.push_back(take(touched, batch, now));
    stores.push_back(batch.store);
  }
  for (auto& [store, touched] : changed) rows[store] = std::move(touched);
  groups.push_back(std::move(stores));
  if (fail_after > 0) {
    --fail_after;
    return refuse(failure, "the answer was lost");
  }
  return outcomes;
}

Result<std::vector<StreamMark>> FakeShardStore::marks(std::size_t database) {
  std::vector<StreamMark> found;
  for (const auto& [store, kept] : rows) {
    if (database_of(store) == database && !kept.mark.store.empty()) found.push_back(kept.mark);
  }
  return found;
}

Result<std::optional<StreamMark>> FakeShardStore::mark(const StoreId& store) {
  const auto found = rows.find(store);
  if (found == rows.end()) return std::nullopt;
  return found->second.mark;
}

Result<void> FakeShardStore::unfreeze(const StoreId& store, const std::string&, TimePoint) {
  rows[store].mark.is_frozen = false;
  return {};
}

Result<void> FakeShardStore::freeze(const StoreId& store, const std::string& reason, TimePoint) {
  if (!rows.contains(store)) return absent();
  rows[store].mark.is_frozen = true;
  rows[store].mark.frozen_reason = reason;
  return {};
}

Result<std::vector<KeptEvent>> FakeShardStore::line(const StoreId& store, Seq after,
                                                    std::size_t limit) {
  std::vector<KeptEvent> found;
  const auto& events = rows[store].events;
  for (Seq seq = after + 1; seq <= events.size() && found.size() < limit; ++seq) {
    const Kept& kept = events[seq - 1];
    found.push_back(KeptEvent{seq, kept.epoch, kept.hash, kept.data});
  }
  return found;
}

Result<std::vector<RescueRecord>> FakeShardStore::rescues(std::size_t database) {
  std::vector<RescueRecord> found;
  for (const auto& [store, kept] : rows) {
    if (database_of(store) == database && !kept.rescue.store.empty()) found.push_back(kept.rescue);
  }
  return found;
}

Result<Epoch> FakeShardStore::promise(const StoreId& store, const HubId& hub,
                                      const std::string& boot) {
  if (!rows.contains(store)) return absent();
  rows[store].rescue.store = store;
  return promise_epoch(rows[store].rescue, rows[store].mark.epoch, hub, boot);
}

Result<void> FakeShardStore::keep_rescue(const RescueRecord& record) {
  take_decisions(rows[record.store].rescue, record);
  return {};
}

Result<IssuedWord> FakeShardStore::issue(const NewWord& word, TimePoint now) {
  Rows& kept = rows[word.store];
  kept.mark.store = word.store;
  for (const IssuedWord& each : kept.words) {
    if (each.word.id != word.word.id) continue;
    if (each.word == word.word) return each;
    return refuse(Code::KeyReuse, "this id was another word");
  }
  kept.words.push_back(IssuedWord{kept.words.size() + 1, word.word, now, {}, {}, {}});
  kept.mark.words_issued = kept.words.size();
  return kept.words.back();
}

Result<std::vector<IssuedWord>> FakeShardStore::words_after(const StoreId& store, Seq after,
                                                            std::size_t limit) {
  std::vector<IssuedWord> found;
  for (const IssuedWord& word : rows[store].words) {
    if (word.number > after && found.size() < limit) found.push_back(word);
  }
  return found;
}

Result<std::vector<IssuedWord>> FakeShardStore::last_words(const StoreId& store, std::size_t) {
  return rows[store].words;
}

Result<std::vector<StockRecord>> FakeShardStore::stock(const StoreId&) {
  return std::vector<StockRecord>{};
}
Result<std::optional<StockRecord>> FakeShardStore::stock_of(const StoreId&, const SkuId&) {
  return std::optional<StockRecord>{};
}
Result<std::vector<StockRecord>> FakeShardStore::stock_of_sku(std::size_t database,
                                                              const SkuId& sku, std::size_t) {
  StockRecord record;
  record.store = StoreId(database == 0 ? "s-b" : "s-a");
  record.sku = sku;
  return std::vector<StockRecord>{record};
}
Result<std::vector<OrderRecord>> FakeShardStore::last_orders(const StoreId&, std::size_t) {
  return std::vector<OrderRecord>{};
}

Result<DayBooks> FakeShardStore::day_books(const StoreId& store, BusinessDay day) {
  const auto& events = rows[store].events;
  DayBooks books;
  books.day = day;
  if (events.empty()) return books;
  books.first = 1;
  books.last = events.size();
  Sha256 digest{};
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].data.empty()) continue;
    ++books.events;
    digest = chain(digest, events[i].epoch, i + 1, events[i].data);
  }
  books.digest = digest;
  return books;
}

Result<std::vector<std::string>> FakeShardStore::event_hashes(const StoreId& store, Seq from,
                                                              Seq to) {
  std::vector<std::string> hashes;
  const auto& events = rows[store].events;
  for (Seq number = from; number <= to; ++number) {
    const bool is_there = number <= events.size() && !events[number - 1].data.empty();
    hashes.push_back(is_there ? short_hash(events[number - 1].data) : std::string());
  }
  return hashes;
}

Result<std::vector<std::string>> FakeShardStore::audit_day(const StoreId& store, BusinessDay) {
  return faults[store];
}

Result<PoiStock> FakeShardStore::sync_from_pos(const PoiStock& stock, TimePoint) { return stock; }
Result<std::vector<PoiStock>> FakeShardStore::find_to_pos(const StoreId&,
                                                          std::optional<TimePoint>) {
  return std::vector<PoiStock>{};
}
Result<std::uint64_t> FakeShardStore::low_stock(std::size_t) { return 0; }
Result<std::vector<OutboxRow>> FakeShardStore::outbox_waiting(std::size_t, std::int64_t,
                                                              std::size_t) {
  return std::vector<OutboxRow>{};
}
Result<std::vector<OutboxRow>> FakeShardStore::outbox_waiting_of(std::size_t, const StoreId&,
                                                                 std::size_t) {
  return std::vector<OutboxRow>{};
}
Result<void> FakeShardStore::outbox_done(std::size_t, std::span<const std::int64_t>) { return {}; }
Result<void> FakeShardStore::outbox_failed(std::size_t, std::int64_t, int,
                                           std::optional<TimePoint>) {
  return absent();
}
Result<std::vector<OutboxRow>> FakeShardStore::outbox_dead(std::size_t database, std::size_t) {
  std::vector<OutboxRow> found;
  for (const OutboxRow& row : dead) {
    if (row.database == database) found.push_back(row);
  }
  return found;
}
Result<bool> FakeShardStore::outbox_resend(std::size_t database, std::int64_t id, TimePoint) {
  return std::erase_if(dead, [&](const OutboxRow& row) {
           return row.database == database && row.id == id;
         }) != 0;
}
Result<ShardStore::OutboxFigures> FakeShardStore::outbox_figures(std::size_t database) {
  OutboxFigures figures;
  figures.waiting = 1;
  figures.dead = outbox_dead(database, 1'000)->size();
  figures.oldest = TimePoint{static_cast<std::int64_t>(database) + 1};
  return figures;
}

Result<void> StepShards::run(std::size_t database, ShardJob job) {
  if (refuses) return refuse(Code::Busy, "the queue of this database is full");
  jobs_[database].push_back(std::move(job));
  return {};
}

bool StepShards::work_only() {
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    auto& queue = jobs_[turn_++ % jobs_.size()];
    if (queue.empty()) continue;
    ShardJob job = std::move(queue.front());
    queue.pop_front();
    ends_.push_back(job(store_));
    return true;
  }
  return false;
}

void StepShards::deliver() {
  while (!ends_.empty()) {
    auto end = std::move(ends_.front());
    ends_.pop_front();
    if (end) end();
  }
}

bool StepShards::step() {
  const bool worked = work_only();
  deliver();
  return worked;
}

void StepShards::run_all() {
  while (step()) {
  }
}

void StepShards::forget() {
  for (auto& queue : jobs_) queue.clear();
  ends_.clear();
}

std::vector<Ack> SaidInlet::acks(const StoreId& store) const {
  std::vector<Ack> found;
  for (const Said& each : said) {
    if (each.store == store && each.topic == UplinkTopic::Ack) {
      found.push_back(*decode_ack(each.payload));
    }
  }
  return found;
}

}  // namespace larder::relay
