#include "edge/storage/main_file.hpp"

#include <system_error>
#include <utility>

#include "edge/storage/wal_header.hpp"

namespace larder::edge {
namespace {

Result<std::string> seal_of(sql::Connection& connection) {
  std::string marks;
  for (const auto name : {meta::kHub, meta::kBackup, meta::kRunning, meta::kWalOrigin}) {
    auto value = meta_text(connection, name);
    if (!value) return value;
    marks += *value + '\n';
  }
  return hex(sha256(marks));
}

// The last event, when it is chained to the one before it.
Result<std::optional<Place>> proven_head(sql::Connection& connection) {
  auto rows =
      connection.prepare("SELECT seq, epoch, hash, data FROM events ORDER BY seq DESC LIMIT 2");
  if (!rows) return pass_on(rows);
  auto row = rows->step();
  if (!row) return pass_on(row);
  if (!*row) return std::optional<Place>(Place{});
  const Place head{static_cast<Epoch>(rows->integer(1)), static_cast<Seq>(rows->integer(0)),
                   rows->digest(2)};
  const std::string data(rows->text(3));
  row = rows->step();
  if (!row) return pass_on(row);
  const Sha256 before = *row ? rows->digest(2) : Sha256{};
  const Seq seq_before = *row ? static_cast<Seq>(rows->integer(0)) : 0;
  const bool follows =
      head.seq == seq_before + 1 && head.hash == chain(before, head.epoch, head.seq, data);
  return follows ? std::optional<Place>(head) : std::nullopt;
}

Result<MainFile> read_marks(sql::Connection& connection) {
  MainFile main;
  auto names = read_names(connection);
  if (!names) return pass_on(names);
  main.hub = names->hub;
  auto running = meta_number(connection, meta::kRunning);
  if (!running) return pass_on(running);
  main.is_running = *running == 1;
  auto origin = meta_text(connection, meta::kWalOrigin);
  if (!origin) return pass_on(origin);
  main.wal_origin = std::move(*origin);
  auto backup = meta_number(connection, meta::kBackup);
  if (!backup) return pass_on(backup);
  main.is_backup = *backup == 1;
  return main;
}

Refused corrupt(const std::filesystem::path& file, const std::string& why) {
  return refuse(Code::Corrupt, file.string() + " " + why);
}

Result<void> check_origin(const std::filesystem::path& file, const WalHeader& wal,
                          const MainFile& main) {
  if (!main.is_running || main.wal_origin.empty()) return {};
  if (std::to_string(wal.origin) == main.wal_origin) return {};
  return corrupt(wal_of(file),
                 "belongs to another database or another day: put the right one back, or restore a "
                 "backup");
}

// What was being written into a torn main file is there twice. (A store keeps a -journal while it
// is made and while it is turned to WAL.)
Result<void> check_can_be_made_whole(const std::filesystem::path& file, const WalHeader& wal) {
  std::error_code unread;
  if (wal.is_valid || std::filesystem::exists(file.string() + "-journal", unread)) return {};
  return corrupt(file, "is damaged, and has no -wal that could make it whole: restore a backup");
}

}  // namespace

std::optional<MainFile> read_main_file(const std::filesystem::path& file) {
  auto connection = sql::Connection::open(file, sql::Connection::Mode::Immutable);
  if (!connection) return std::nullopt;
  auto expected = seal_of(*connection);
  if (!expected) return std::nullopt;
  auto seal = meta_text(*connection, meta::kSeal);
  if (!seal || (!seal->empty() && *seal != *expected)) return std::nullopt;
  auto main = read_marks(*connection);
  if (!main) return std::nullopt;
  main->is_sealed = !seal->empty();
  if (auto head = proven_head(*connection); head) main->head = *head;
  return std::move(*main);
}

// A hub that was killed leaves its -wal, and acknowledged orders in it.
Result<void> check_wal(const std::filesystem::path& file, const std::optional<MainFile>& main) {
  auto wal = read_wal_header(file);
  if (!wal) return pass_on(wal);
  if (wal->is_valid && wal->page_bytes != 4096) {
    return corrupt(wal_of(file), "belongs to another database (its page size differs)");
  }
  if (!main) return check_can_be_made_whole(file, *wal);
  if (!main->is_running) return {};
  if (wal->file_bytes == 0) {
    return corrupt(file,
                   "was in use when it was copied or the machine stopped, and its -wal is gone: "
                   "put the -wal back, or restore a backup");
  }
  if (!wal->is_valid) return corrupt(wal_of(file), "is damaged: restore a backup");
  return main->is_sealed ? check_origin(file, *wal, *main) : Result<void>();
}

Result<void> believe(std::optional<MainFile>& main, sql::Connection& opened,
                     const std::filesystem::path& file) {
  if (!main || main->is_sealed) return {};
  auto seal = meta_text(opened, meta::kSeal);
  if (!seal) return pass_on(seal);
  auto wal = read_wal_header(file);
  if (!wal) return pass_on(wal);
  if (seal->empty()) return check_origin(file, *wal, *main);
  main.reset();
  return {};
}

Result<void> seal_marks(sql::Connection& connection) {
  auto seal = seal_of(connection);
  if (!seal) return pass_on(seal);
  return set_meta(connection, meta::kSeal, *seal);
}

}  // namespace larder::edge
