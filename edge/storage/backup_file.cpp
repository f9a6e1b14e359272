#include "edge/storage/backup_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "core/base/limits.hpp"
#include "edge/storage/disk.hpp"
#include "edge/storage/main_file.hpp"
#include "edge/storage/store_file.hpp"

namespace larder::edge {
namespace {

constexpr int kPagesPerStep = 256;  // 1 MB: a group waits for it a few milliseconds at most
constexpr int kStepsPerSync = 8;
constexpr std::chrono::milliseconds kFinishWait{1};
constexpr std::string_view kUnfinishedSuffix = ".larder.tmp";
constexpr const char* kUpgradeName = "before-schema-change-";

Result<void> make_folder(const std::filesystem::path& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0) return sync_directory(folder.parent_path());
  if (errno == EEXIST) return {};
  return system_failure("Cannot create", folder, errno);
}

std::filesystem::path free_name(const std::filesystem::path& folder, const std::string& name) {
  auto file = folder / (name + std::string(kStoreSuffix));
  std::error_code unread;
  for (int number = 2; std::filesystem::exists(file, unread); ++number) {
    file = folder / (name + "-" + std::to_string(number) + std::string(kStoreSuffix));
  }
  return file;
}

// A backup says what it is, and where in the journal it stands, so that a restore is recognised.
Result<void> mark(sql::Connection& copy) {
  auto head = read_head(copy);
  if (!head) return pass_on(head);
  auto transaction = sql::Transaction::begin(copy);
  if (!transaction) return pass_on(transaction);
  auto marked = set_meta(copy, meta::kBackup, "1");
  if (marked) marked = set_meta(copy, meta::kRunning, "0");
  if (marked) marked = set_meta(copy, meta::kWalOrigin, "");
  if (marked) marked = seal_marks(copy);
  if (marked) marked = set_meta(copy, meta::kCleanSeq, std::to_string(head->seq));
  if (marked) marked = set_meta(copy, meta::kCleanHash, hex(head->hash));
  if (!marked) return marked;
  return transaction->commit();
}

// One file, with nothing beside it that could be forgotten; checked, and on disk under its name.
Result<void> finish_copy(sql::Connection copy, const std::filesystem::path& unfinished,
                         const std::filesystem::path& file) {
  auto done = copy.execute("PRAGMA journal_mode=DELETE");
  if (done) done = mark(copy);
  if (!done) return done;
  auto verdict = copy.text("PRAGMA quick_check(1)");
  if (!verdict) return pass_on(verdict);
  if (*verdict != "ok") {
    return refuse(Code::Corrupt, "The backup fails its check: " + *verdict);
  }
  done = sync_file(unfinished);
  return done ? rename_durably(unfinished, file) : done;
}

Result<sql::Connection> open_copy(const std::filesystem::path& unfinished) {
  auto made = create_private(unfinished);
  if (!made) return pass_on(made);
  auto copy = sql::Connection::open(unfinished, sql::Connection::Mode::ReadWrite);
  if (!copy) return copy;
  // Nothing of it counts before it is whole, synced and renamed.
  auto set = copy->execute(
      "PRAGMA locking_mode=EXCLUSIVE; PRAGMA temp_store=MEMORY;"
      "PRAGMA trusted_schema=OFF; PRAGMA synchronous=OFF;");
  if (!set) return pass_on(set);
  return copy;
}

void remove_unfinished(const std::filesystem::path& unfinished) {
  ::unlink(unfinished.c_str());
  ::unlink((unfinished.string() + "-journal").c_str());
  ::unlink((unfinished.string() + "-wal").c_str());
}

void keep_newest(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> old;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(kUpgradeName) && name.ends_with(kStoreSuffix)) old.push_back(entry.path());
  }
  std::sort(old.begin(), old.end(), [](const auto& a, const auto& b) {
    std::error_code unread;
    return std::filesystem::last_write_time(a, unread) >
           std::filesystem::last_write_time(b, unread);
  });
  for (std::size_t at = kUpgradeBackupsKept; at < old.size(); ++at) ::unlink(old[at].c_str());
}

}  // namespace

bool is_backup_name(const std::string& name) {
  if (name.empty() || name.size() > kIdBytesMax || name.front() == '.') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

RunningBackup::RunningBackup(std::filesystem::path folder, std::string name)
    : folder_(std::move(folder)),
      name_(std::move(name)),
      unfinished_(folder_ / (name_ + std::string(kUnfinishedSuffix))) {}

RunningBackup::~RunningBackup() {
  if (finished_.valid()) finished_.wait();
  if (synced_.valid()) synced_.wait();
  copy_.reset();
  to_.reset();
  remove_unfinished(unfinished_);
}

Result<std::unique_ptr<RunningBackup>> RunningBackup::begin(sql::Connection& source,
                                                            const std::filesystem::path& folder,
                                                            const std::string& name) {
  auto made = make_folder(folder);
  if (!made) return pass_on(made);
  std::unique_ptr<RunningBackup> backup(new RunningBackup(folder, name));
  remove_unfinished(backup->unfinished_);
  auto to = open_copy(backup->unfinished_);
  if (!to) return pass_on(to);
  backup->to_ = std::make_unique<sql::Connection>(std::move(*to));
  auto copy = sql::Copy::begin(source, *backup->to_);
  if (!copy) return pass_on(copy);
  backup->copy_ = std::make_unique<sql::Copy>(std::move(*copy));
  return backup;
}

Result<std::optional<FinishedBackup>> RunningBackup::step(const Place& head) {
  if (copy_ != nullptr) {
    auto copied = copy_further(head);
    if (!copied) return pass_on(copied);
    return std::optional<FinishedBackup>();
  }
  if (finished_.wait_for(kFinishWait) != std::future_status::ready) {
    return std::optional<FinishedBackup>();
  }
  auto finished = finished_.get();
  if (!finished) return pass_on(finished);
  return std::optional<FinishedBackup>(std::move(result_));
}

// A copy that is synced at once, hundreds of MB at its end, keeps the disk from the journal's own
// syncs for as long. So it goes to the disk as it is made, and never runs ahead of it by more than
// 2 * kStepsPerSync steps.
Result<void> RunningBackup::copy_further(const Place& head) {
  if (synced_.valid()) {
    const bool is_synced = synced_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    if (!is_synced && steps_ >= kStepsPerSync) {
      synced_.wait_for(kFinishWait);
      return {};
    }
    if (is_synced) {
      if (auto synced = synced_.get(); !synced) return synced;
    }
  }
  auto copied = copy_->step(kPagesPerStep);
  if (!copied) return pass_on(copied);
  ++steps_;
  if (*copied) {
    finish_elsewhere(head);
  } else if (steps_ >= kStepsPerSync && !synced_.valid()) {
    steps_ = 0;
    synced_ = std::async(std::launch::async, [file = unfinished_] { return sync_file(file); });
  }
  return {};
}

// The check reads all of the copy and the sync waits for the disk: groups must not wait for them.
void RunningBackup::finish_elsewhere(const Place& head) {
  copy_.reset();
  result_ = {free_name(folder_, name_ + "-" + std::to_string(head.seq)), head};
  finished_ =
      std::async(std::launch::async, [to = std::move(*to_), unfinished = unfinished_,
                                      file = result_.file, synced = std::move(synced_)]() mutable {
        auto so_far = synced.valid() ? synced.get() : Result<void>();
        return so_far ? finish_copy(std::move(to), unfinished, file) : so_far;
      });
  to_.reset();
}

Result<void> keep_before_upgrade(sql::Connection& source, const std::filesystem::path& folder,
                                 std::int64_t schema) {
  auto head = read_head(source);
  if (!head) return pass_on(head);
  auto backup = RunningBackup::begin(source, folder, kUpgradeName + std::to_string(schema));
  if (!backup) return pass_on(backup);
  for (;;) {
    auto finished = (*backup)->step(*head);
    if (!finished) return pass_on(finished);
    if (*finished) break;
  }
  keep_newest(folder);
  return {};
}

}  // namespace larder::edge
