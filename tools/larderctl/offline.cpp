#include "tools/larderctl/offline.hpp"

#include <optional>
#include <ostream>
#include <utility>

#include "core/base/text.hpp"
#include "core/ledger/snapshot.hpp"
#include "edge/storage/data_directory.hpp"
#include "edge/storage/restore.hpp"
#include "edge/storage/standing_orders.hpp"
#include "lan-protocol/codec.hpp"
#include "lan-protocol/json.hpp"
#include "lan-protocol/rescue.hpp"

namespace larder::ctl {
namespace {

namespace fs = std::filesystem;

// The books, event by event; the claims of the snapshots are checked as their places are passed.
class Replay {
 public:
  explicit Replay(std::vector<edge::SnapshotMark> marks) : marks_(std::move(marks)) {}

  void take(const edge::StoredEvent& event) {
    if (stopped_) return;
    const Result<StampedEvent> stamped = decode_event(*event.data);
    if (!stamped) {
      faults_.push_back("event " + std::to_string(event.seq) +
                        " cannot be read: " + stamped.error().message());
      stopped_ = true;
      return;
    }
    apply(ledger_, stamped->event, stamped->at, stamped->staff);
    for (; next_ < marks_.size() && marks_[next_].seq <= event.seq; ++next_)
      if (marks_[next_].seq == event.seq && marks_[next_].state != state())
        faults_.push_back("the snapshot at " + std::to_string(event.seq) +
                          " is not what the events make of it");
  }

  void conclude(Replayed& replayed) {
    for (std::string& fault : faults_) replayed.report.faults.push_back(std::move(fault));
    replayed.state_hash = hex(state());
    for (const auto& [id, order] : ledger_.orders)
      if (!is_closed(order)) ++replayed.open_orders;
  }

 private:
  Sha256 state() const { return sha256(to_snapshot(ledger_)); }

  std::vector<edge::SnapshotMark> marks_;
  std::size_t next_ = 0;
  Ledger ledger_;
  bool stopped_ = false;
  std::vector<std::string> faults_;
};

Result<fs::path> store_in(const fs::path& place) {
  std::error_code failed;
  if (!fs::exists(place, failed)) return refuse(Code::NotFound, place.string() + " does not exist");
  if (!fs::is_directory(place, failed)) return place;
  const Result<std::optional<fs::path>> found = edge::find_store(place);
  if (!found) return pass_on(found);
  if (!*found) return refuse(Code::NotFound, "there is no store in " + place.string());
  return **found;
}

void print_words(const Replayed& replayed, const fs::path& file, const Output& output) {
  const edge::StoreReport& report = replayed.report;
  output.out << file.string() << (report.is_backup ? " (a backup)" : "") << ": store "
             << report.names.store.text() << ", hub " << report.names.hub.text() << "\n"
             << edge::describe(report) << "\n"
             << "head hash   " << hex(report.head.hash) << "\n"
             << "state hash  " << replayed.state_hash << "\n"
             << report.snapshots << " snapshots, " << report.answers << " kept answers, "
             << replayed.open_orders << " open orders\n";
  for (const edge::EpochSpan& span : report.epochs)
    output.out << "epoch " << span.epoch << ": events " << span.first << " to " << span.last
               << "\n";
  if (report.is_restored)
    output.out << "restored from a backup: the next start is in recovery, and then begins a new "
                  "epoch\n";
  for (const std::string& fault : report.faults) output.problems << fault << "\n";
}

void print_json(const Replayed& replayed, const fs::path& file, const Output& output) {
  const edge::StoreReport& report = replayed.report;
  JsonWriter out;
  out.begin_object().member("file", file.string()).member("good", report.is_good());
  out.member("store", report.names.store.text()).member("hub", report.names.hub.text());
  out.member("backup", report.is_backup).member("restored", report.is_restored);
  out.member("schema", report.schema).member("events", report.events);
  out.member("epoch", report.head.epoch).member("seq", report.head.seq);
  out.member("head_hash", hex(report.head.hash)).member("state_hash", replayed.state_hash);
  out.member("snapshots", report.snapshots).member("answers", report.answers);
  out.member("open_orders", replayed.open_orders).key("faults").begin_array();
  for (const std::string& fault : report.faults) out.value(fault);
  out.end_array().end_object();
  output.out << out.text() << "\n";
}

}  // namespace

Result<Replayed> replay_store(const fs::path& place) {
  const Result<fs::path> file = store_in(place);
  if (!file) return pass_on(file);
  std::error_code failed;
  const fs::path directory = fs::canonical(*file, failed).parent_path();
  std::optional<edge::DataDirectory> lock;
  if (!failed && fs::exists(directory / edge::kLockName, failed)) {
    auto opened = edge::DataDirectory::open(directory, edge::FileSystemRule::Any);
    if (!opened) return pass_on(opened);
    lock.emplace(std::move(*opened));
  }
  auto marks = edge::read_snapshot_marks(*file);
  if (!marks) return pass_on(marks);
  Replay replay(std::move(*marks));
  auto report = edge::verify_unlocked(
      *file, [&replay](const edge::StoredEvent& event) { replay.take(event); });
  if (!report) return pass_on(report);
  Replayed replayed;
  replayed.report = std::move(*report);
  replay.conclude(replayed);
  return replayed;
}

Result<void> verify_files(const std::string& place, const Output& output) {
  const Result<Replayed> replayed = replay_store(place);
  if (!replayed) return pass_on(replayed);
  if (output.json)
    print_json(*replayed, place, output);
  else
    print_words(*replayed, place, output);
  const std::size_t faults = replayed->report.faults.size();
  if (faults == 0) return {};
  return refuse(Code::Corrupt, place + " has " + std::to_string(faults) +
                                   (faults == 1 ? " fault" : " faults") +
                                   "; restore a backup or ask for help before a hub opens it");
}

Result<void> restore_files(const RestoreFrom& what, const Output& output) {
  edge::RestoreOrder order;
  order.backup = what.backup;
  order.directory = what.directory;
  order.store = StoreId(what.store);
  order.replace = what.replace;
  order.accept = what.accept;
  if (what.any_filesystem) order.rule = edge::FileSystemRule::Any;
  const Result<edge::Restored> restored = edge::restore_backup(order);
  if (!restored) return pass_on(restored);
  const std::string aside = restored->moved_aside ? restored->moved_aside->string() : "";
  if (output.json) {
    JsonWriter out;
    out.begin_object().member("file", restored->file.string());
    out.member("store", restored->names.store.text()).member("hub", restored->names.hub.text());
    out.member("epoch", restored->head.epoch).member("seq", restored->head.seq);
    out.member("head_hash", hex(restored->head.hash)).member("moved_aside", aside).end_object();
    output.out << out.text() << "\n";
    return {};
  }
  output.out << "restored " << restored->file.string() << " up to event " << restored->head.seq
             << " of epoch " << restored->head.epoch
             << (what.accept.empty()
                     ? "; the next start asks the relay and the screens for what came after it, "
                       "and then begins a new epoch\n"
                     : "; the next start begins a new epoch at once\n");
  if (!aside.empty()) output.out << "the store that was there is kept in " << aside << "\n";
  return {};
}

Result<void> prepare_takeover(const Takeover& what, const Output& output) {
  const bool is_code = what.code.size() == kTakeoverCodeLength && is_id(what.code);
  if (!is_code) return refuse(Code::BadRequest, "a code of HQ has 8 letters and digits");
  const auto rule =
      what.any_filesystem ? edge::FileSystemRule::Any : edge::FileSystemRule::TrustedOnly;
  std::string aside;
  if (what.replace) {
    const auto folder = edge::set_store_aside(what.directory, rule);
    if (!folder) return pass_on(folder);
    if (*folder) aside = (*folder)->string();
  }
  // Locked while it is written: no hub starts in between.
  const auto directory = edge::DataDirectory::open(what.directory, rule);
  if (!directory) return pass_on(directory);
  const auto store = edge::find_store(directory->path());
  if (!store) return pass_on(store);
  const auto left = edge::leave_takeover_code(directory->path(), what.code);
  if (!left) return left;
  if (output.json) {
    JsonWriter out;
    out.begin_object().member("directory", directory->path().string());
    out.member("moved_aside", aside).member("keeps", store->has_value()).end_object();
    output.out << out.text() << "\n";
    return {};
  }
  output.out << "the next start "
             << (store->has_value() ? "may go on with its store"
                                    : "fetches the store from the relay")
             << " by this code\n";
  if (!aside.empty()) output.out << "the store that was there is kept in " << aside << "\n";
  return {};
}

Result<void> accept_loss_at_start(const std::string& directory, const std::string& reason,
                                  const Output& output) {
  const auto opened = edge::DataDirectory::open(directory, edge::FileSystemRule::Any);
  if (!opened) return pass_on(opened);
  const auto left = edge::leave_acceptance(opened->path(), reason);
  if (!left) return left;
  if (output.json)
    output.out << "{}\n";
  else
    output.out << "the next start begins a new epoch without asking; count the limited stock\n";
  return {};
}

}  // namespace larder::ctl
