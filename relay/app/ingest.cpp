#include "relay/app/ingest.hpp"

#include <algorithm>
#include <utility>

namespace larder::relay {
namespace {

constexpr Duration kBackoffFirst{50'000};
constexpr Duration kBackoffMax = Duration::seconds(5);

std::size_t bytes_of(const StoreBatch& batch) {
  std::size_t bytes = 0;
  for (const Record& record : batch.envelope.records) bytes += record.payload.size();
  return bytes;
}

// The world failed, not this batch: the same group may succeed later.
bool is_of_the_database(Code code) {
  return code == Code::Busy || code == Code::StorageFault || code == Code::StorageFull ||
         code == Code::Locked || code == Code::Unavailable || code == Code::Overloaded;
}

}  // namespace

Ingest::Ingest(std::size_t database, const RelaySettings& settings, Ports ports, Ends ends)
    : database_(database), settings_(settings), ports_(ports), ends_(std::move(ends)) {}

std::size_t Ingest::free_batches() const {
  if (queued_bytes_ >= settings_.queue_bytes_max || queued_ >= settings_.queue_batches_max)
    return 0;
  return std::min(settings_.queue_batches_max - queued_,
                  (settings_.queue_bytes_max - queued_bytes_) / kBatchBytes);
}

bool Ingest::is_over_mark() const {
  return queued_ >= settings_.queue_batches_max / 4 * 3 ||
         queued_bytes_ >= settings_.queue_bytes_max / 4 * 3;
}

bool Ingest::offer(StoreStream& stream, QueuedBatch batch) {
  if (queued_ >= settings_.queue_batches_max) return false;
  if (queued_bytes_ + batch.bytes > settings_.queue_bytes_max) return false;
  ++queued_;
  queued_bytes_ += batch.bytes;
  const Envelope& envelope = batch.batch.envelope;
  stream.pending.push_back(PendingEnd{envelope.last(), envelope.head});
  stream.pending_epoch = envelope.epoch;
  stream.queue.push_back(std::move(batch));
  if (!stream.in_lane) place(stream);
  commit_next();
  return true;
}

void Ingest::forget(StoreStream& stream) {
  for (const QueuedBatch& each : stream.queue) queued_bytes_ -= each.bytes;
  queued_ -= stream.queue.size();
  stream.pending.resize(stream.pending.size() - stream.queue.size());
  stream.queue.clear();  // its turn in a lane passes without effect
}

void Ingest::place(StoreStream& stream) {
  const bool is_live =
      !stream.queue.front().batch.envelope.is_catch_up && stream.queue.size() <= kLiveBatchesMax;
  (is_live ? live_ : catch_up_).turns.push_back(&stream);
  stream.in_lane = true;
}

void Ingest::take(Lane& lane, std::size_t events_max, std::vector<StoreBatch>& group) {
  while (!lane.turns.empty()) {
    StoreStream& stream = *lane.turns.front();
    if (!stream.queue.empty()) {
      QueuedBatch& next = stream.queue.front();
      const std::size_t events = next.batch.envelope.records.size();
      const bool fits =
          group_events_ + events <= events_max && group_bytes_ + next.bytes <= kGroupBytesMax;
      if (!fits && !group.empty()) return;
      group_events_ += events;
      group_bytes_ += next.bytes;
      group.push_back(std::move(next.batch));
      stream.queue.pop_front();
    }
    lane.turns.pop_front();
    stream.in_lane = false;
    if (!stream.queue.empty()) place(stream);
  }
}

// Some of it goes into every group, however much is live: a drain is slow then, but never stands.
std::size_t Ingest::catch_up_events_max() const {
  const auto fast = static_cast<std::size_t>(kGroupCatchUpTime.micros * 1'000 / nanos_per_event_);
  const std::size_t left = fast > group_events_ ? fast - group_events_ : 0;
  return std::min(kGroupEventsMax, group_events_ + std::max(left, kGroupCatchUpEventsMin));
}

Ingest::Group Ingest::next_group() {
  auto group = std::make_shared<std::vector<StoreBatch>>();
  group_events_ = group_bytes_ = 0;
  if (!singles_.empty()) {
    group->push_back(std::move(singles_.front()));
    singles_.pop_front();
    return group;
  }
  take(live_, kGroupEventsMax, *group);
  take(catch_up_, catch_up_events_max(), *group);
  return group;
}

void Ingest::commit_next() {
  if (group_) return;
  Group group = next_group();
  if (group->empty()) return;
  group_ = std::move(group);
  launch();
}

void Ingest::launch() {
  is_committing_ = true;
  launched_at_ = ports_.clock.steady();
  auto ran = ports_.shards.run(database_, [this, group = group_,
                                           now = ports_.clock.now()](ShardStore& store) {
    auto outcomes =
        std::make_shared<Result<std::vector<BatchOutcome>>>(store.apply(database_, *group, now));
    return [this, outcomes] { ended(std::move(*outcomes)); };
  });
  if (!ran) ended(pass_on(ran));
}

void Ingest::ended(Result<std::vector<BatchOutcome>> outcomes) {
  is_committing_ = false;
  if (outcomes && outcomes->size() != group_->size()) {
    outcomes = refuse(Code::StorageFault, "the database gave another number of outcomes");
  }
  if (!outcomes) {
    if (is_of_the_database(outcomes.error().code())) return failed(outcomes.error());
    part_group(outcomes.error());
  } else {
    succeeded(*outcomes);
  }
  commit_next();
  ends_.moved();
}

void Ingest::succeeded(const std::vector<BatchOutcome>& outcomes) {
  const Group group = std::exchange(group_, nullptr);
  const Duration took = ports_.clock.steady() - launched_at_;
  if (!why_down_.empty()) {
    ports_.telemetry.note("database " + std::to_string(database_) + " commits again");
    why_down_.clear();
  }
  backoff_ = {};
  std::size_t events = 0;
  for (std::size_t i = 0; i < group->size(); ++i) {
    const StoreBatch& batch = (*group)[i];
    events += batch.envelope.records.size();
    --queued_;
    queued_bytes_ -= bytes_of(batch);
    StoreStream* stream = ports_.streams.find(batch.store);
    stream->pending.pop_front();
    ends_.committed(*stream, batch, outcomes[i]);
  }
  const auto measured =
      took.micros * 1'000 / static_cast<std::int64_t>(std::max<std::size_t>(events, 1));
  // Small groups are mostly fsync and say little about the speed of large ones.
  if (events >= 128)
    nanos_per_event_ = std::max<std::int64_t>(1, (3 * nanos_per_event_ + measured) / 4);
  ports_.telemetry.group(database_, group->size(), events, took);
}

// The group stays as it is: nothing of it was committed, or it was and comes back as duplicates.
void Ingest::failed(const Error& error) {
  ports_.telemetry.shard_error(database_);
  if (why_down_.empty() && error.code() != Code::Busy) {
    ports_.telemetry.alarm("database " + std::to_string(database_) +
                           " does not commit, its stores wait: " + error.message());
  }
  if (error.code() != Code::Busy) why_down_ = error.message();
  backoff_ = std::min(kBackoffMax, Duration{std::max(kBackoffFirst.micros, 2 * backoff_.micros)});
  again_at_ = Duration{ports_.clock.steady().micros + backoff_.micros};
}

// One batch of the group is at fault; each is tried alone, so that it hurts nobody else.
void Ingest::part_group(const Error& error) {
  const Group group = std::exchange(group_, nullptr);
  if (group->size() > 1) {
    for (StoreBatch& batch : *group) singles_.push_back(std::move(batch));
    return;
  }
  const StoreBatch& batch = group->front();
  --queued_;
  queued_bytes_ -= bytes_of(batch);
  StoreStream* stream = ports_.streams.find(batch.store);
  stream->pending.pop_front();
  ends_.poisoned(*stream, batch, error);
}

void Ingest::tick() {
  if (!group_ || is_committing_ || ports_.clock.steady() < again_at_) return;
  launch();
}

}  // namespace larder::relay
