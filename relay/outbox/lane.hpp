// OutboxLane: sends the outbox of one database to the bus. Rows are read in order of id; each store
// is a line of its own: one row of it under way at a time, and a row that failed holds back the
// later rows of its store, of no other. A row is marked after the bus has it, so a crash between
// the two sends it again under the same key. Life: as its OutboxPump. Thread: the loop.
// Limits: kOutboxRowsInHand rows in memory and one entry per store that has rows waiting; a line
// that falls behind is read again by itself, so that a long backlog is never walked over twice.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <unordered_set>
#include <utility>
#include <vector>

#include "relay/app/ports.hpp"
#include "relay/outbox/options.hpp"

namespace larder::relay {

struct OutboxCounts {
  std::uint64_t sent = 0;    // answered by the bus, since start
  std::uint64_t failed = 0;  // tries that failed
  std::uint64_t dead = 0;    // rows given up
  std::size_t in_hand = 0;
  std::size_t lines = 0;  // stores that have something waiting
  bool is_paused = false;
};

class OutboxLane {
 public:
  OutboxLane(std::size_t database, Shards& shards, Bus& bus, Clock& clock, Telemetry& telemetry,
             const OutboxOptions& options);
  OutboxLane(const OutboxLane&) = delete;
  OutboxLane& operator=(const OutboxLane&) = delete;

  // Looks at the time and does what is due. To be called often; it costs nothing when idle.
  void tick();
  // New rows were committed.
  void wake();
  // Rows that were passed may wait again: a person has sent a DEAD one back.
  void look_again();
  OutboxCounts counts() const;

 private:
  struct Line {
    std::deque<OutboxRow> rows;  // oldest first; the front one is under way
    bool is_sending = false;
    bool is_held = false;      // its first row failed and waits for its time
    bool has_waited = false;   // and its time has come, whatever the clock on the wall says
    bool is_behind = false;    // rows of it wait that are not in `rows`
    bool is_fetching = false;  // a job is reading them
    std::uint64_t ticket = 0;  // of the send under way
    Duration sent_at;
  };
  using Lines = std::map<StoreId, Line>;
  struct Failure {
    std::int64_t id = 0;
    int retry_count = 0;
    std::optional<TimePoint> again;  // none: DEAD
  };
  // What one job at the database is asked, and what it brought.
  struct Errand {
    std::vector<std::int64_t> done;
    std::vector<Failure> failed;
    std::vector<StoreId> stores;
    std::optional<std::int64_t> tail, sweep;  // read after these ids
    bool reads() const { return !stores.empty() || tail || sweep; }
  };
  struct Haul {
    Result<void> marked;
    Result<std::vector<OutboxRow>> tail, sweep;
    std::vector<Result<std::vector<OutboxRow>>> stores;
  };
  static Haul run_errand(ShardStore& store, std::size_t database, const Errand& errand);

  void ask();
  Errand plan();
  Errand plan_reads();
  void take(const Errand& errand, const Haul& haul);
  void take_tail(const std::vector<OutboxRow>& rows);
  void take_sweep(const std::vector<OutboxRow>& rows);
  void take_line(const StoreId& store, const Result<std::vector<OutboxRow>>& rows);
  void marked(const Errand& errand);
  void take_back(const Errand& errand);

  void took(const OutboxRow& row);
  void send_first(Lines::iterator line);
  void answered(const StoreId& store, std::uint64_t ticket, const Result<void>& outcome);
  void sent(Lines::iterator line);
  void refused(Lines::iterator line, const Error& error);
  void bus_away(Lines::iterator line, const Error& error);
  void bus_back();
  // After a line's row has left, one way or the other.
  void go_on(Lines::iterator line);
  void hold(Lines::iterator line, Duration wait);
  void let_go_of_rows(Line& line);
  void release_held(Duration now);
  void give_up_waiting(Duration now);
  void probe(Duration now);

  const std::size_t database_;
  Shards& shards_;
  Bus& bus_;
  Clock& clock_;
  Telemetry& telemetry_;
  const OutboxOptions options_;

  Lines lines_;
  std::set<std::pair<Duration, StoreId>> held_;  // by when they go on
  std::deque<StoreId> behind_;                   // lines to be read by themselves
  std::deque<StoreId> stalled_;                  // have a row, wait for the bus to come back
  std::unordered_set<std::int64_t> known_;       // in hand, or answered and not yet marked
  std::size_t in_hand_ = 0;
  std::vector<std::int64_t> done_;
  std::vector<Failure> failed_;

  bool is_asking_ = false;
  bool is_woken_ = true;
  bool may_sweep_ = false;
  bool may_mark_ = false;
  std::int64_t tail_ = 0;              // everything up to here has been seen once
  std::optional<std::int64_t> sweep_;  // reading again from the first row, up to here
  Duration next_sweep_;
  Duration next_check_;

  bool is_paused_ = false;
  bool is_probing_ = false;
  int pauses_ = 0;
  Duration paused_until_;
  Duration last_answer_at_;

  std::uint64_t tickets_ = 0;
  std::uint64_t sent_ = 0, failures_ = 0, dead_ = 0;
  std::shared_ptr<int> life_ = std::make_shared<int>(0);  // what comes back late finds it gone
};

}  // namespace larder::relay
