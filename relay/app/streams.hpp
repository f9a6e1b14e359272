// StoreStream: everything the relay keeps in memory about one store, and Streams: all of them.
// Life: from start (loaded from the shards) to shutdown; a stream is never removed, its address
// stays. Thread: the loop. Limit: RelaySettings::stores_max.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <utility>

#include "relay/app/ports.hpp"
#include "relay/app/settings.hpp"
#include "relay/app/view.hpp"

namespace larder::relay {

struct QueuedBatch {
  StoreBatch batch;
  std::size_t bytes = 0;  // uncompressed
};

// The last record of a batch that is on its way into the database.
struct PendingEnd {
  Seq last = 0;
  Sha256 head{};
};

// HQ's words on their way down to one store.
struct Downlink {
  Seq acked = 0;                  // by the hub, as it said last
  std::deque<IssuedWord> window;  // after acked, without a gap, at most kWordWindow
  Seq sent_to = 0;                // of the window
  Duration sent_at;
  bool is_fetching = false;
  Seq last_in_window() const { return window.empty() ? acked : window.back().number; }
};

struct BootSeen {
  std::string boot;
  std::string machine;
  Duration at;
};

// HQ's permission for a new machine to take the store over, and who has used it.
struct TakeoverPermit {
  Sha256 code{};  // of the code that HQ was shown
  std::string by;
  Duration until;
  int wrong = 0;  // tries
  HubId hub;      // who used it; empty: nobody yet
};

// A hub in recovery that may have the store's events.
struct Rescued {
  HubId hub;
  std::string boot;
  Epoch above = 0;  // its new epoch is to be
};

struct StoreStream {
  StoreId store;
  std::size_t database = 0;
  StreamMark mark;  // as durable

  // Its hub, as it presented itself at the last good hello.
  bool has_hello = false;
  HubId hub;
  Epoch session_epoch = 0;
  // While session_epoch is above the mark's: how far the hub's journal is known to be ours too.
  Seq shared_up_to = 0;
  std::deque<BootSeen> boots;  // of the last kTakeoverWindow, one per change
  Duration takeover_told_at{-kTakeoverWindow.micros};

  // On its way into the database: the queue, and what is being committed.
  std::deque<QueuedBatch> queue;
  std::deque<PendingEnd> pending;  // of both, in order
  Epoch pending_epoch = 0;
  bool in_lane = false;
  std::string held_reason;  // this store's batches cannot be committed: it waits till held_until
  Duration held_until;

  bool is_catching_up = false;
  bool is_admitted = false;  // to the pool of those that may drain
  Duration last_batch_at;

  std::uint16_t granted = 0;  // credit of the last Ack of this session
  bool is_dirty = false;      // an Ack is owed at the next tick
  bool is_paused = false;     // the last Ack granted nothing
  Duration last_ack_at{-kAckEvery.micros};
  std::string remark;  // for the next Ack: why its last batch was not taken

  Downlink words;
  std::size_t questions = 0;  // being answered

  // Identity (rescues.hpp), kept in a RescueRecord.
  std::optional<TakeoverPermit> permit;
  std::optional<Rescued> rescued;
  HubId suspect;  // the copy because of which the store was frozen
  HubId denied;   // a copy of which a person has decided that it is one

  Duration reconcile_at;  // when its stock is to be compared; zero: not yet known

  // Shown only.
  std::optional<TimePoint> reconciled_at;
  std::uint64_t differences = 0;  // since this relay started
  bool is_live = false;
  TimePoint since;
  Seq hub_head = 0;
  std::string version;
  std::optional<Duration> clock_ahead;
  std::optional<TimePoint> oldest_unsent_at;

  // Another machine is taking the store over: nothing more of the epoch that it ends is taken.
  bool is_fenced(const HubId& asker, Epoch of, Duration now) const {
    return permit && !permit->hub.empty() && permit->hub != asker && now < permit->until &&
           of <= mark.epoch;
  }
  bool is_pending() const { return !pending.empty(); }
  // Where the next batch must begin, less one: after all that is queued.
  std::pair<Epoch, Seq> tail() const {
    return is_pending() ? std::pair(pending_epoch, pending.back().last)
                        : std::pair(mark.epoch, mark.up_to);
  }
  // What the Ack tells, in the hub's own epoch.
  std::pair<Epoch, Seq> acked() const {
    return session_epoch > mark.epoch ? std::pair(session_epoch, shared_up_to)
                                      : std::pair(mark.epoch, mark.up_to);
  }
};

class Streams {
 public:
  explicit Streams(std::size_t stores_max) : stores_max_(stores_max) {}
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;

  StoreStream* find(const StoreId& store);
  // Null when there are too many already.
  StoreStream* find_or_make(const StoreId& store, std::size_t database);
  std::map<StoreId, StoreStream>& all() { return streams_; }

  static StoreView view(const StoreStream& stream);
  std::vector<StoreView> views(const StoresQuery& query) const;
  EstateView estate() const;
  std::vector<StoreView> worst(std::size_t limit) const;  // furthest behind first

 private:
  std::size_t stores_max_;
  std::map<StoreId, StoreStream> streams_;
};

}  // namespace larder::relay
