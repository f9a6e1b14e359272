#include "edge/storage/store_file.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "edge/storage/disk.hpp"
#include "edge/storage/main_file.hpp"

namespace larder::edge {
namespace {

bool ends_with(const std::string& name, std::string_view suffix) {
  return name.size() > suffix.size() && std::string_view(name).ends_with(suffix);
}

Result<void> write_names(sql::Connection& connection, const StoreId& store, const HubId& hub) {
  auto transaction = sql::Transaction::begin(connection);
  if (!transaction) return pass_on(transaction);
  auto named = set_meta(connection, meta::kStore, store.text());
  if (named) named = set_meta(connection, meta::kHub, hub.text());
  if (named) named = seal_marks(connection);
  if (!named) return named;
  return transaction->commit();
}

Result<void> fill_new(const std::filesystem::path& file, const StoreId& store, const HubId& hub,
                      std::span<const Migration> migrations) {
  auto made = create_private(file);
  if (!made) return made;
  auto connection = sql::Connection::open(file, sql::Connection::Mode::ReadWrite);
  if (!connection) return pass_on(connection);
  auto set = connection->execute(
      "PRAGMA page_size=4096; PRAGMA encoding='UTF-8'; PRAGMA auto_vacuum=INCREMENTAL;"
      "PRAGMA locking_mode=EXCLUSIVE; PRAGMA synchronous=EXTRA;");
  if (!set) return set;
  auto migrated = migrate(*connection, migrations);
  if (!migrated) return migrated;
  return write_names(*connection, store, hub);
}

// Read back before it gets its name: a disk that reads nothing where something was written lets a
// store be made that no hub can open.
Result<void> check_new(const std::filesystem::path& file, const HubId& hub) {
  const auto made = read_main_file(file);
  if (made && made->is_sealed && made->hub == hub) return {};
  return refuse(Code::StorageFault,
                file.string() + " cannot be read back as it was written: this disk is not sound");
}

}  // namespace

Result<std::string> meta_text(sql::Connection& connection, std::string_view name) {
  auto find = connection.prepare("SELECT value FROM meta WHERE name = ?1");
  if (!find) return pass_on(find);
  find->bind_text(1, name);
  auto row = find->step();
  if (!row) return pass_on(row);
  return *row ? std::string(find->text(0)) : std::string();
}

Result<std::int64_t> meta_number(sql::Connection& connection, std::string_view name) {
  auto text = meta_text(connection, name);
  if (!text) return pass_on(text);
  return static_cast<std::int64_t>(std::strtoll(text->c_str(), nullptr, 10));
}

Result<void> set_meta(sql::Connection& connection, std::string_view name, std::string_view value) {
  auto put = connection.prepare(
      "INSERT INTO meta (name, value) VALUES (?1, ?2)"
      " ON CONFLICT (name) DO UPDATE SET value = excluded.value");
  if (!put) return pass_on(put);
  put->bind_text(1, name).bind_text(2, value);
  return put->run();
}

Result<Place> read_head(sql::Connection& connection) {
  auto last = connection.prepare("SELECT seq, epoch, hash FROM events ORDER BY seq DESC LIMIT 1");
  if (!last) return pass_on(last);
  auto row = last->step();
  if (!row) return pass_on(row);
  Place head;
  if (*row) {
    head.seq = static_cast<Seq>(last->integer(0));
    head.epoch = static_cast<Epoch>(last->integer(1));
    head.hash = last->digest(2);
  }
  return head;
}

Result<StoreNames> read_names(sql::Connection& connection) {
  auto hub = meta_text(connection, meta::kHub);
  if (!hub) return pass_on(hub);
  auto store = meta_text(connection, meta::kStore);
  if (!store) return pass_on(store);
  return StoreNames{HubId(*hub), StoreId(*store)};
}

Result<std::optional<std::filesystem::path>> find_store(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> stores;
  std::vector<std::filesystem::path> logs;
  std::filesystem::path restoring;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(directory, failed)) {
    const std::string name = entry.path().filename().string();
    if (ends_with(name, kStoreSuffix)) stores.push_back(entry.path());
    if (ends_with(name, std::string(kStoreSuffix) + "-wal")) logs.push_back(entry.path());
    if (ends_with(name, kRestoreSuffix)) restoring = entry.path();
  }
  if (failed) {
    return refuse(Code::StorageFault,
                  "Cannot list " + directory.string() + ": " + failed.message());
  }
  if (stores.size() > 1) {
    return refuse(Code::Corrupt, "There are two store files, " + stores[0].string() + " and " +
                                     stores[1].string() + ": move the wrong one away");
  }
  if (stores.size() == 1) return std::optional(stores.front());
  if (!restoring.empty()) {
    return refuse(Code::Corrupt, "A restore was broken off and left " + restoring.string() +
                                     ": run the restore again");
  }
  if (!logs.empty()) {
    return refuse(Code::Corrupt, logs.front().string() +
                                     " is here without its store file: put the store file back");
  }
  return std::optional<std::filesystem::path>();
}

Result<std::filesystem::path> create_store(const std::filesystem::path& directory,
                                           const StoreId& store, HubId hub,
                                           std::span<const Migration> migrations) {
  if (hub.empty()) hub = random_hub_id();
  const auto file = directory / (hub.text() + std::string(kStoreSuffix));
  const auto unfinished = directory / (hub.text() + ".new");
  ::unlink(unfinished.c_str());
  auto filled = fill_new(unfinished, store, hub, migrations);
  if (filled) filled = sync_file(unfinished);
  if (filled) filled = check_new(unfinished, hub);
  if (filled) filled = rename_durably(unfinished, file);
  if (!filled) {
    ::unlink(unfinished.c_str());
    return pass_on(filled);
  }
  return file;
}

HubId random_hub_id() {
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
  std::array<unsigned char, 12> random{};
  // The kernel gives up to 256 bytes whole; without them there is no identity and no hub.
  if (::getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size())) {
    std::abort();
  }
  std::string text = "h-";
  for (const unsigned char byte : random) text += kAlphabet[byte & 31U];
  return HubId(text);
}

}  // namespace larder::edge
