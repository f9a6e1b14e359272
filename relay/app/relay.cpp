// Relay: start, end, and what comes in. relay_batches.cpp takes the events, relay_acks.cpp answers.
#include "relay/app/relay.hpp"

#include <algorithm>
#include <utility>

namespace larder::relay {
namespace {

constexpr Duration kLoadAgain = Duration::seconds(1);

}  // namespace

Relay::Relay(RelaySettings settings, RelayPorts ports)
    : settings_(std::move(settings)),
      ports_(std::move(ports)),
      streams_(settings_.stores_max),
      words_({ports_.clock, ports_.shards, ports_.inlet, ports_.telemetry, streams_}),
      books_({ports_.clock, ports_.shards, ports_.inlet, ports_.telemetry, streams_}),
      reconciler_({ports_.clock, ports_.shards, ports_.inlet, ports_.telemetry, streams_,
                   settings_.reconcile_every,
                   [this](std::size_t database) {
                     if (ports_.on_committed) ports_.on_committed(database);
                   }}),
      rescues_({ports_.clock, ports_.shards, ports_.inlet, ports_.telemetry, streams_},
               Rescues::Ends{[this](StoreStream& stream, const std::string& reason) {
                               freeze(stream, reason);
                             },
                             [this](StoreStream& stream) { tell_taken_over(stream); },
                             [this](const StoreId& store) { reload(store); }}),
      admission_(settings_, ports_.shards.databases()) {
  const std::size_t databases = ports_.shards.databases();
  loaded_.resize(databases);
  is_loading_.resize(databases);
  load_why_.resize(databases);
  load_again_at_.resize(databases);
  for (std::size_t database = 0; database < databases; ++database) {
    Ingest::Ends ends;
    ends.committed = [this](StoreStream& stream, const StoreBatch& batch,
                            const BatchOutcome& outcome) { on_outcome(stream, batch, outcome); };
    ends.poisoned = [this](StoreStream& stream, const StoreBatch& batch, const Error& error) {
      on_poison(stream, batch, error);
    };
    ends.moved = [this, database] {
      if (ports_.on_committed) ports_.on_committed(database);
      end_if_idle();
    };
    ingests_.push_back(std::make_unique<Ingest>(
        database, settings_, Ingest::Ports{ports_.clock, ports_.shards, ports_.telemetry, streams_},
        std::move(ends)));
  }
}

void Relay::start(std::function<void()> loaded) {
  on_loaded_ = std::move(loaded);
  for (std::size_t database = 0; database < loaded_.size(); ++database) load(database);
}

void Relay::load(std::size_t database) {
  is_loading_[database] = true;
  const auto fail = [this, database](const Error& error) {
    is_loading_[database] = false;
    load_why_[database] = error.message();
    load_again_at_[database] = Duration{ports_.clock.steady().micros + kLoadAgain.micros};
    ports_.telemetry.shard_error(database);
    ports_.telemetry.warn("database " + std::to_string(database) +
                          " does not tell its marks: " + error.message());
  };
  auto ran = ports_.shards.run(database, [this, database, fail](ShardStore& store) {
    auto marks = std::make_shared<Result<std::vector<StreamMark>>>(store.marks(database));
    auto rescues = std::make_shared<Result<std::vector<RescueRecord>>>(store.rescues(database));
    return [this, database, fail, marks, rescues] {
      if (!*marks) return fail(marks->error());
      if (!*rescues) return fail(rescues->error());
      for (const StreamMark& mark : **marks) {
        StoreStream* stream = streams_.find_or_make(mark.store, database);
        if (stream == nullptr) continue;
        stream->mark = mark;
        stream->words.acked = stream->words.sent_to = mark.words_applied;
        stream->hub_head = mark.up_to;
      }
      for (const RescueRecord& record : **rescues) {
        StoreStream* stream = streams_.find(record.store);
        if (stream != nullptr) rescues_.remember(*stream, record);
      }
      load_why_[database].clear();
      is_loading_[database] = false;
      loaded_[database] = true;
      const bool is_last = std::find(loaded_.begin(), loaded_.end(), false) == loaded_.end();
      if (is_last && on_loaded_) std::exchange(on_loaded_, nullptr)();
    };
  });
  if (!ran) fail(ran.error());
}

void Relay::stop(std::function<void()> done) {
  is_stopping_ = true;
  on_stopped_ = std::move(done);
  end_if_idle();
}

void Relay::end_if_idle() {
  if (!is_stopping_ || !on_stopped_) return;
  for (const auto& ingest : ingests_) {
    if (!ingest->is_idle() && ingest->is_up()) return;
  }
  for (StoreStream* stream : std::exchange(dirty_, {})) send_ack(*stream);
  std::exchange(on_stopped_, nullptr)();
}

void Relay::tick() {
  const Duration now = ports_.clock.steady();
  for (std::size_t database = 0; database < loaded_.size(); ++database) {
    const bool is_due = !loaded_[database] && !is_loading_[database];
    if (is_due && load_again_at_[database] <= now) load(database);
    ingests_[database]->tick();
  }
  for (StoreStream* stream : std::exchange(dirty_, {})) {
    if (stream->is_dirty) send_ack(*stream);
  }
  admission_.tick(now);
  wake_paused();
  words_.tick();
  books_.tick();
  reconciler_.tick();
  rescues_.tick();
  end_if_idle();
}

void Relay::inlet_up() {
  inlet_is_up_ = true;
  inlet_why_.clear();
  ports_.telemetry.note("subscribed at the broker");
}

// Who is there cannot be known without the broker; the retained presence tells it again.
void Relay::inlet_down(const std::string& why) {
  const bool was_up = std::exchange(inlet_is_up_, false);
  inlet_why_ = why.empty() ? "not connected" : why;
  if (!was_up) return;
  ports_.telemetry.warn("the broker is gone: " + inlet_why_);
  for (auto& [id, stream] : streams_.all()) note_live(stream, false);
}

void Relay::dropped(std::string_view reason) { ports_.telemetry.dropped(reason); }

StoreStream* Relay::stream_of(const StoreId& store, bool make) {
  const std::size_t database = ports_.shards.database_of(store);
  if (!is_loaded(database)) {
    ports_.telemetry.dropped("not_ready");
    return nullptr;
  }
  StoreStream* found = make ? streams_.find_or_make(store, database) : streams_.find(store);
  if (found == nullptr) ports_.telemetry.dropped(make ? "too_many_stores" : "unknown_store");
  return found;
}

void Relay::note_live(StoreStream& stream, bool is_live) {
  if (stream.is_live == is_live) return;
  stream.is_live = is_live;
  stream.since = ports_.clock.now();
}

void Relay::received(const TopicPlace& place, std::string payload) {
  if (is_stopping_) return;
  switch (place.topic) {
    case UplinkTopic::Hello:
      return on_hello(place, payload);
    case UplinkTopic::Events:
      if (StoreStream* stream = stream_of(place.store, true)) on_batch(*stream, payload);
      return;
    case UplinkTopic::WordsAck: {
      const auto ack = decode_words_ack(payload);
      if (!ack) return dropped("words_ack");
      if (StoreStream* stream = stream_of(place.store, false)) words_.acked(*stream, ack->applied);
      return;
    }
    case UplinkTopic::Tell: {
      if (const auto asked = decode_rescue_question(payload);
          asked || asked.error().code() != Code::NotFound) {
        if (!asked) return dropped("rescue");
        StoreStream* asker = stream_of(place.store, true);
        return asker == nullptr ? void() : rescues_.asked(*asker, *asked);
      }
      const auto message = decode_books(payload);
      if (!message) return dropped("books");
      StoreStream* stream = stream_of(place.store, false);
      if (stream == nullptr || rescues_.is_at_work(*stream, *message)) return;
      if (message->answer && message->answer->stock) {
        return reconciler_.told(*stream, *message->answer);
      }
      books_.told(*stream, *message);
      return;
    }
    case UplinkTopic::Presence:
      return on_presence(place.store, payload);
    case UplinkTopic::Ack:
    case UplinkTopic::Words:
    case UplinkTopic::Ask:
    case UplinkTopic::Lost:
      return dropped("direction");
  }
}

void Relay::on_presence(const StoreId& store, const std::string& payload) {
  if (payload.empty()) return;  // a retained word that was taken away
  const auto presence = decode_presence(payload);
  if (!presence) return dropped("presence");
  // A last word of a hub that was never heard here makes no store.
  StoreStream* stream = streams_.find(store);
  if (stream == nullptr) return;
  // The last word of a hub that another machine has taken the store over from.
  if (!presence->online && presence->epoch != 0 && presence->epoch < stream->mark.epoch) return;
  note_live(*stream, presence->online);
  if (!presence->version.empty()) stream->version = presence->version;
}

void Relay::adopt(StoreStream& stream, const StreamMark& mark) {
  const Seq issued = std::max(stream.mark.words_issued, mark.words_issued);
  const Seq applied_before = stream.mark.words_applied;
  const Epoch epoch_before = stream.mark.epoch;
  stream.mark = mark;
  stream.mark.words_issued = issued;
  if (mark.epoch > epoch_before) {  // whoever was let in has begun
    stream.permit.reset();
    stream.rescued.reset();
    if (epoch_before != 0) reconciler_.epoch_began(stream);
  }
  if (stream.mark.epoch >= stream.session_epoch) stream.shared_up_to = 0;
  if (mark.words_applied > applied_before) words_.applied(stream, applied_before);
}

void Relay::unfrozen(const StoreId& store) {
  if (StoreStream* stream = streams_.find(store)) {
    stream->denied = std::exchange(stream->suspect, HubId());
    rescues_.keep(*stream);
    while (stream->boots.size() > 1) stream->boots.pop_front();
  }
  reload(store);
}

void Relay::reload(const StoreId& store) {
  auto ran = ports_.shards.run_for(store, [this, store](ShardStore& shard) {
    auto mark = std::make_shared<Result<std::optional<StreamMark>>>(shard.mark(store));
    return [this, store, mark] {
      StoreStream* stream = streams_.find(store);
      if (stream == nullptr || !*mark || !**mark) return;
      stream->held_reason.clear();
      adopt(*stream, ***mark);
      send_ack(*stream);
    };
  });
  if (!ran) ports_.telemetry.warn("store " + store.text() + ": its mark could not be read again");
}

Health Relay::health() const {
  Health health;
  health.is_stopping = is_stopping_;
  health.inlet_up = inlet_is_up_;
  health.inlet_why = inlet_why_;
  health.marks_loaded = std::find(loaded_.begin(), loaded_.end(), false) == loaded_.end();
  for (std::size_t database = 0; database < loaded_.size(); ++database) {
    ShardHealth shard;
    shard.database = database;
    shard.why = ingests_[database]->why_down();
    if (shard.why.empty()) shard.why = load_why_[database];
    shard.is_up = shard.why.empty();
    shard.waiting = ports_.shards.waiting(database);
    health.shards.push_back(std::move(shard));
  }
  return health;
}

std::vector<StoreView> Relay::worst(std::size_t limit) const { return streams_.worst(limit); }

std::size_t Relay::queued() const {
  std::size_t sum = 0;
  for (const auto& ingest : ingests_) sum += ingest->queued();
  return sum;
}

}  // namespace larder::relay
