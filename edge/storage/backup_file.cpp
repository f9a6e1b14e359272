#include "edge/storage/backup_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

#include "core/base/limits.hpp"
#include "edge/storage/disk.hpp"
#include "edge/storage/store_file.hpp"

namespace larder::edge {
namespace {

constexpr int kPagesPerStep = 1'000;
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
  if (marked) marked = set_meta(copy, meta::kCleanSeq, std::to_string(head->seq));
  if (marked) marked = set_meta(copy, meta::kCleanHash, hex(head->hash));
  if (!marked) return marked;
  return transaction->commit();
}

Result<void> copy_and_check(sql::Connection& source, const std::filesystem::path& unfinished) {
  auto made = create_private(unfinished);
  if (!made) return made;
  auto copy = sql::Connection::open(unfinished, sql::Connection::Mode::ReadWrite);
  if (!copy) return pass_on(copy);
  auto copied = copy->execute(
      "PRAGMA locking_mode=EXCLUSIVE; PRAGMA temp_store=MEMORY;"
      "PRAGMA trusted_schema=OFF;");
  if (copied) copied = source.copy_into(*copy, kPagesPerStep);
  // One file, with nothing beside it that could be forgotten.
  if (copied) copied = copy->execute("PRAGMA journal_mode=DELETE");
  if (copied) copied = mark(*copy);
  if (!copied) return copied;
  auto verdict = copy->text("PRAGMA quick_check(1)");
  if (!verdict) return pass_on(verdict);
  if (*verdict != "ok") {
    return refuse(Code::Corrupt, "The backup fails its check: " + *verdict);
  }
  return {};
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

Result<std::filesystem::path> write_backup(sql::Connection& source,
                                           const std::filesystem::path& folder,
                                           const std::string& name) {
  auto made = make_folder(folder);
  if (!made) return pass_on(made);
  const auto file = free_name(folder, name);
  const std::filesystem::path unfinished = file.string() + ".tmp";
  remove_unfinished(unfinished);
  auto copied = copy_and_check(source, unfinished);
  if (copied) copied = sync_file(unfinished);
  if (copied) copied = rename_durably(unfinished, file);
  if (!copied) {
    remove_unfinished(unfinished);
    return pass_on(copied);
  }
  return file;
}

Result<void> keep_before_upgrade(sql::Connection& source, const std::filesystem::path& folder,
                                 std::int64_t schema) {
  auto head = read_head(source);
  if (!head) return pass_on(head);
  auto written = write_backup(
      source, folder, kUpgradeName + std::to_string(schema) + "-" + std::to_string(head->seq));
  if (!written) return pass_on(written);
  keep_newest(folder);
  return {};
}

}  // namespace larder::edge
