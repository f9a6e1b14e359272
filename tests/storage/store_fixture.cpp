#include "tests/storage/store_fixture.hpp"

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

namespace larder::edge {

namespace {

// Thousands of syncs on a busy disk take minutes and prove nothing more: a kill keeps the page
// cache either way. Where memory is short, the disk has to do.
std::filesystem::path place_for_tests() {
  constexpr std::uint64_t kRoom = 1ULL << 30U;
  const std::filesystem::path memory = "/dev/shm";
  return free_bytes(memory) >= kRoom ? memory : std::filesystem::temp_directory_path();
}

}  // namespace

Folder::Folder() {
  std::string name = (place_for_tests() / "larder-storage-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) std::abort();
  path_ = name;
}

Folder::~Folder() {
  std::error_code failed;
  std::filesystem::remove_all(path_, failed);
}

StoredEvent Author::event(std::size_t bytes) {
  if (head_.epoch == 0) head_.epoch = 1;
  std::string data = R"({"at":1,"event":"test","n":)" + std::to_string(head_.seq + 1) + "}";
  if (data.size() < bytes) data.append(bytes - data.size(), ' ');
  StoredEvent event;
  event.epoch = head_.epoch;
  event.seq = head_.seq + 1;
  event.hash = chain(head_.hash, event.epoch, event.seq, data);
  event.data = std::make_shared<const std::string>(std::move(data));
  head_ = Place{event.epoch, event.seq, event.hash};
  return event;
}

Group Author::group(std::size_t events, std::size_t answers, std::size_t bytes) {
  Group group;
  for (std::size_t i = 0; i < events; ++i) group.events.push_back(event(bytes));
  for (std::size_t i = 0; i < answers; ++i) {
    group.answers.push_back(answer_for(std::to_string(head_.seq) + "-" +
                                       std::to_string(++answers_) + "-abcdefgh-ijklmnop"));
  }
  return group;
}

Result<std::unique_ptr<SqliteJournal>> open_journal(const std::filesystem::path& data,
                                                    const StoreId& store, JournalOptions options) {
  auto directory = DataDirectory::open(data, FileSystemRule::Any);
  if (!directory) return pass_on(directory);
  return SqliteJournal::open(std::move(*directory), store, options);
}

Opened open_and_recover(const std::filesystem::path& data) {
  Opened opened;
  auto journal = open_journal(data);
  if (!journal) {
    ADD_FAILURE() << journal.error().message();
    return opened;
  }
  auto recovered = (*journal)->recover();
  if (!recovered) {
    ADD_FAILURE() << recovered.error().message();
    return opened;
  }
  opened.journal = std::move(*journal);
  opened.recovered = std::move(*recovered);
  return opened;
}

Result<BackupTaken> take_backup(SqliteJournal& journal, const std::string& name) {
  auto begun = journal.begin_backup(name);
  if (!begun) return pass_on(begun);
  for (;;) {
    auto taken = journal.continue_backup();
    if (!taken) return pass_on(taken);
    if (*taken) return std::move(**taken);
  }
}

StoredAnswer answer_for(const std::string& id, TimePoint at) {
  StoredAnswer answer;
  answer.id = CommandId(id);
  answer.body = body_digest("order.place", id);
  answer.at = at;
  answer.reply = std::make_shared<const std::string>(R"({"type":"reply","id":")" + id + "\"}");
  return answer;
}

Snapshot snapshot_at(const Place& place, const std::string& ledger) {
  return Snapshot{place.epoch, place.seq, place.hash, sha256(ledger), ledger};
}

std::filesystem::path store_in(const std::filesystem::path& data) {
  for (const auto& entry : std::filesystem::directory_iterator(data)) {
    if (entry.path().extension() == ".larder") return entry.path();
  }
  ADD_FAILURE() << "no store in " << data;
  return {};
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write_bytes(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << bytes;
}

void tamper(const std::filesystem::path& file, const char* sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
  // What a person with the sqlite3 shell and patience would do.
  std::string triggers;
  auto collect = [](void* into, int, char** values, char**) {
    *static_cast<std::string*>(into) += std::string(values[0]) + ";\n";
    return 0;
  };
  ASSERT_EQ(sqlite3_exec(database, "SELECT sql FROM sqlite_schema WHERE type = 'trigger'", collect,
                         &triggers, nullptr),
            SQLITE_OK);
  const std::string all =
      "DROP TRIGGER events_never_change; DROP TRIGGER events_stay;"
      "DROP TRIGGER answers_never_change; " +
      std::string(sql) + ";" + triggers;
  char* message = nullptr;
  EXPECT_EQ(sqlite3_exec(database, all.c_str(), nullptr, nullptr, &message), SQLITE_OK) << message;
  sqlite3_free(message);
  sqlite3_close(database);
}

pid_t start_child(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work());
  return child;
}

int wait_for(pid_t child) {
  int status = 0;
  if (::waitpid(child, &status, 0) != child) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

}  // namespace larder::edge
