#include "edge/storage/verify.hpp"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include "core/ledger/snapshot.hpp"
#include "edge/storage/data_directory.hpp"

namespace larder::edge {
namespace {

void add_fault(StoreReport& report, std::string sentence) {
  report.faults.push_back(std::move(sentence));
}

// A check that could not be made is a fault of the file as well.
void add_fault(StoreReport& report, const Error& error) { add_fault(report, error.message()); }

void break_at(StoreReport& report, Seq seq, const std::string& why) {
  report.first_broken = seq;
  add_fault(report, "the chain breaks at event " + std::to_string(seq) + ": " + why);
}

void extend(std::vector<EpochSpan>& epochs, const StoredEvent& event) {
  if (epochs.empty() || epochs.back().epoch != event.epoch) {
    epochs.push_back(EpochSpan{event.epoch, event.seq, event.seq});
  }
  epochs.back().last = event.seq;
}

// False at the first event that does not follow; what comes after proves nothing.
bool take(StoreReport& report, const StoredEvent& event) {
  const Place& at = report.head;
  if (event.seq != at.seq + 1) {
    break_at(report, at.seq + 1, "it is missing");
    return false;
  }
  if (event.epoch < at.epoch) {
    break_at(report, event.seq, "its epoch is lower than the one before");
    return false;
  }
  if (event.hash != chain(at.hash, event.epoch, event.seq, *event.data)) {
    break_at(report, event.seq, "it or the one before was changed");
    return false;
  }
  report.head = Place{event.epoch, event.seq, event.hash};
  extend(report.epochs, event);
  return true;
}

Result<void> walk_chain(sql::Connection& connection, StoreReport& report, const EachEvent& each) {
  auto count = connection.integer("SELECT count(*) FROM events");
  if (!count) return pass_on(count);
  report.events = static_cast<std::uint64_t>(*count);
  auto rows = connection.prepare("SELECT seq, epoch, hash, data FROM events ORDER BY seq");
  if (!rows) return pass_on(rows);
  for (;;) {
    auto row = rows->step();
    if (!row) return pass_on(row);
    if (!*row) return {};
    StoredEvent event;
    event.seq = static_cast<Seq>(rows->integer(0));
    event.epoch = static_cast<Epoch>(rows->integer(1));
    event.hash = rows->digest(2);
    event.data = std::make_shared<const std::string>(rows->text(3));
    if (!take(report, event)) return {};
    if (each) each(event);
  }
}

// What was there once must still be: the head of the last clean stop.
Result<void> check_clean_stop(sql::Connection& connection, StoreReport& report) {
  auto seq = meta_number(connection, meta::kCleanSeq);
  if (!seq) return pass_on(seq);
  auto hash = meta_text(connection, meta::kCleanHash);
  if (!hash) return pass_on(hash);
  if (*seq == 0 || report.first_broken) return {};
  auto find = connection.prepare("SELECT hash FROM events WHERE seq = ?1");
  if (!find) return pass_on(find);
  auto row = find->bind(1, *seq).step();
  if (!row) return pass_on(row);
  if (*row && hex(find->digest(0)) == *hash) return {};
  break_at(
      report, std::min(static_cast<Seq>(*seq), report.head.seq + 1),
      "event " + std::to_string(*seq) + ", there at the last clean stop, is missing or another");
  return {};
}

Result<void> check_snapshots(sql::Connection& connection, StoreReport& report) {
  auto rows = connection.prepare(
      "SELECT s.seq, s.hash, s.state, s.ledger, e.hash FROM snapshots AS s"
      " LEFT JOIN events AS e ON e.seq = s.seq ORDER BY s.seq");
  if (!rows) return pass_on(rows);
  for (;;) {
    auto row = rows->step();
    if (!row) return pass_on(row);
    if (!*row) return {};
    ++report.snapshots;
    const auto seq = static_cast<Seq>(rows->integer(0));
    const std::string name = "the snapshot at " + std::to_string(seq);
    if (seq > report.head.seq && !report.first_broken) {
      break_at(report, report.head.seq + 1, "it is missing, and " + name + " has seen it");
    }
    if (seq > 0 && rows->digest(1) != rows->digest(4)) {
      add_fault(report, name + " does not belong to the event there");
    }
    if (sha256(rows->text(3)) != rows->digest(2)) add_fault(report, name + " fails its hash");
  }
}

Result<void> check_structure(sql::Connection& connection, StoreReport& report) {
  auto verdict = connection.text("PRAGMA integrity_check(1)");
  if (!verdict) return pass_on(verdict);
  if (*verdict != "ok") add_fault(report, "integrity_check: " + *verdict);
  return {};
}

Result<void> read_marks(sql::Connection& connection, StoreReport& report) {
  auto names = read_names(connection);
  if (!names) return pass_on(names);
  report.names = std::move(*names);
  auto schema = schema_number(connection);
  if (!schema) return pass_on(schema);
  report.schema = *schema;
  auto is_restored = meta_number(connection, meta::kRestored);
  if (!is_restored) return pass_on(is_restored);
  report.is_restored = *is_restored == 1;
  auto answers = connection.integer("SELECT count(*) FROM answers");
  if (!answers) return pass_on(answers);
  report.answers = static_cast<std::uint64_t>(*answers);
  return {};
}

}  // namespace

Result<StoreReport> verify_unlocked(const std::filesystem::path& file, const EachEvent& each) {
  auto opened = open_to_read(file);
  if (!opened) return pass_on(opened);
  StoreReport report;
  report.is_backup = opened->is_backup;
  if (opened->doubt) add_fault(report, *opened->doubt);
  sql::Connection& connection = opened->connection;
  auto read = read_marks(connection, report);
  if (!read) return pass_on(read);
  const auto look = [&](Result<void> done) {
    if (!done) add_fault(report, done.error());
  };
  look(check_structure(connection, report));
  look(check_schema(connection, file, edge_migrations()));
  look(walk_chain(connection, report, each));
  look(check_clean_stop(connection, report));
  look(check_snapshots(connection, report));
  return report;
}

Result<StoreReport> verify_store(const std::filesystem::path& file, const EachEvent& each) {
  std::error_code failed;
  const auto canonical = std::filesystem::canonical(file, failed);
  if (failed) {
    return refuse(Code::NotFound, file.string() + " cannot be found: " + failed.message());
  }
  std::optional<DataDirectory> directory;
  if (std::filesystem::exists(canonical.parent_path() / kLockName, failed)) {
    auto opened = DataDirectory::open(canonical.parent_path(), FileSystemRule::Any);
    if (!opened) return pass_on(opened);
    directory.emplace(std::move(*opened));
  }
  return verify_unlocked(file, each);
}

Result<std::vector<SnapshotMark>> read_snapshot_marks(const std::filesystem::path& file) {
  auto opened = open_to_read(file);
  if (!opened) return pass_on(opened);
  auto rows = opened->connection.prepare(
      "SELECT seq, state, substr(ledger, 1, 4) FROM snapshots ORDER BY seq");
  if (!rows) return pass_on(rows);
  std::vector<SnapshotMark> marks;
  for (;;) {
    auto row = rows->step();
    if (!row) return pass_on(row);
    if (!*row) return marks;
    // Of another form than the events make the books into now: nothing to compare.
    if (is_earlier_snapshot(rows->text(2))) continue;
    marks.push_back(SnapshotMark{static_cast<Seq>(rows->integer(0)), rows->digest(1)});
  }
}

std::string describe(const StoreReport& report) {
  std::string text = std::to_string(report.events) + " events, head " +
                     std::to_string(report.head.seq) + " of epoch " +
                     std::to_string(report.head.epoch) + ", ";
  if (report.is_good()) return text + "whole";
  return text + std::to_string(report.faults.size()) + " faults: " + report.faults.front();
}

}  // namespace larder::edge
