// Fakes that behave: a clock that is told the time, a writer that commits when it is told to, a
// journal in memory that can be crashed, and a screen that remembers what it was sent.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/calendar.hpp"
#include "core/ledger/ledger.hpp"
#include "edge/app/gate.hpp"
#include "edge/app/ports.hpp"
#include "lan-protocol/json.hpp"

namespace larder::edge {

class FakeClock final : public Clock {
 public:
  Now now() override { return now_; }
  Duration steady() override { return steady_; }
  // The store's wall shows UTC.
  TimePoint moment_of(const LocalTime& told, TimePoint after) override {
    const std::int64_t day = 86'400'000'000;
    std::int64_t days = days_of_date(told.yyyymmdd).value_or(after.micros / day);
    const std::int64_t within = std::int64_t{told.minutes} * 60'000'000;
    if (told.yyyymmdd == 0 && days * day + within <= after.micros) ++days;
    return TimePoint{days * day + within};
  }
  void pass(Duration d) {
    now_.at = now_.at + d;
    steady_.micros += d.micros;
  }
  void set_day(std::int32_t yyyymmdd) { now_.day.yyyymmdd = yyyymmdd; }

 private:
  Now now_{TimePoint{1'795'254'300'000'000}, BusinessDay{20261121}};
  Duration steady_{1};
};

// Keeps what was committed, as a disk would over a crash of the process.
class MemoryJournal : public Journal {
 public:
  // In doubt nothing is written but what the store once had, and the beginning of a new epoch.
  Result<Room> commit(const Group& group) override {
    if (fail_with) return tl::unexpected(*fail_with);
    if (doubt.is_on() && !group.is_import && !group.events.empty()) {
      const Epoch known = events.empty() ? 0 : events.back().epoch;
      if (group.events.front().epoch <= std::max({known, doubt.seen_epoch, epoch_floor})) {
        return refuse(Code::StorageFault, "an epoch that is used up");
      }
      doubt = {};
    }
    for (const auto& event : group.events) events.push_back(event);
    for (const auto& answer : group.answers) answers[answer.id] = answer;
    groups.push_back(group.answers.size());
    return disk;
  }
  Room room() override {
    looks++;
    return disk;
  }
  Result<std::vector<StoredEvent>> read(Seq after, std::size_t limit) override {
    std::vector<StoredEvent> found;
    for (const auto& event : events) {
      if (event.seq > after && found.size() < limit) found.push_back(event);
    }
    return found;
  }
  Result<std::optional<StoredAnswer>> answer(const CommandId& id) override {
    lookups++;
    auto found = answers.find(id);
    if (found == answers.end()) return std::optional<StoredAnswer>();
    return std::optional<StoredAnswer>(found->second);
  }
  Result<void> keep(const Snapshot& snapshot) override {
    snapshots.push_back(snapshot);
    return {};
  }
  Result<void> begin_backup(const std::string& name) override {
    backup = name;
    backup_steps = 3;
    return {};
  }
  Result<std::optional<BackupTaken>> continue_backup() override {
    if (backup_steps-- > 0) return std::optional<BackupTaken>();
    return std::optional(BackupTaken{backup, events.empty() ? 0 : events.back().seq, {}});
  }
  Result<void> maintain(bool, TimePoint) override { return {}; }
  Result<void> keep_acked(Seq acked) override {
    uplink_acked = acked;
    return {};
  }
  Result<void> keep_doubt(const KeptDoubt& kept) override {
    doubt = kept;
    return {};
  }

  // What a start would find.
  Recovered recovered() const;

  std::vector<StoredEvent> events;
  std::map<CommandId, StoredAnswer> answers;
  std::vector<Snapshot> snapshots;
  std::vector<std::size_t> groups;  // commands in each
  Seq uplink_acked = 0;
  KeptDoubt doubt;
  Epoch epoch_floor = 0;  // known on this machine
  std::optional<Error> fail_with;
  Room disk = Room::Enough;
  std::string backup;
  int backup_steps = 0;
  int looks = 0;  // for room
  int lookups = 0;
};

// Does nothing until step() or settle(): the test decides when the disk is done.
class SteppedWriter final : public Writer {
 public:
  explicit SteppedWriter(Journal& journal) : journal_(journal) {}
  void commit(std::shared_ptr<const Group> group, std::function<void(Result<Room>)> done) override {
    tasks_.push_back([this, group, done] { done(journal_.commit(*group)); });
  }
  void run(std::function<std::function<void()>(Journal&)> job) override {
    tasks_.push_back([this, job] { job(journal_)(); });
  }
  bool step() {
    if (tasks_.empty()) return false;
    auto task = std::move(tasks_.front());
    tasks_.pop_front();
    task();
    return true;
  }
  void settle() {
    while (step()) {
    }
  }

 private:
  Journal& journal_;
  std::deque<std::function<void()>> tasks_;
};

// Checks when it is told to, as the thread that does would some time later. A hash of its own:
// well-formed, and of one PIN each.
class FakePins final : public PinCheck {
 public:
  static std::string hash_of(const std::string& pin);
  void check(std::string hash, std::string pin, std::function<void(bool)> done) override {
    tasks_.push_back([hash, pin, done] { done(hash == hash_of(pin)); });
  }
  void settle() {
    while (!tasks_.empty()) {
      auto task = std::move(tasks_.front());
      tasks_.pop_front();
      task();
    }
  }

 private:
  std::deque<std::function<void()>> tasks_;
};

class QuietTelemetry final : public Telemetry {
 public:
  void command(std::string_view verb, std::string_view code) override {
    commands[std::string(verb) + " " + std::string(code)]++;
  }
  void group(std::size_t, std::size_t, Duration) override {}
  void refusal(std::string_view reason) override { refusals[std::string(reason)]++; }
  void masked() override { card_numbers++; }
  std::string expose(const Gauges& gauges) override {
    return gauges.storage_full ? "larder_storage_full 1\n" : "larder_storage_full 0\n";
  }
  void note(std::string_view sentence) override { notes.emplace_back(sentence); }
  void warn(std::string_view sentence) override { warnings.emplace_back(sentence); }

  std::map<std::string, int> commands;
  std::map<std::string, int> refusals;
  int card_numbers = 0;
  std::vector<std::string> warnings;
  std::vector<std::string> notes;
};

class RecordingSession final : public Session {
 public:
  void send(Bytes frame) override { frames.push_back(*frame); }
  void close(std::uint16_t code, std::string) override { closed_with = code; }

  // The frames that came since the last call.
  std::vector<std::string> take() { return std::exchange(frames, {}); }

  std::vector<std::string> frames;
  std::uint16_t closed_with = 0;
};

// A member of a JSON text as text, or "" when it is not there; path members split by '.'.
std::string text_at(const std::string& json, const std::string& path);
std::int64_t number_at(const std::string& json, const std::string& path);

// A small menu: soup (soup, 5.90), combo, a limited cake when the test limits it; stations grill
// and bar; group bread.
Menu sample_menu();

}  // namespace larder::edge
