// How fast the journal is on this disk: `bench_storage <empty directory> [events] [bytes]`. Prints
// one figure a line; not a test, because it says something of the machine too.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "edge/storage/sqlite_journal.hpp"
#include "edge/storage/verify.hpp"

namespace {

using namespace larder;
using namespace larder::edge;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kGroup = 128;
constexpr std::size_t kAnswersPerGroup = 50;  // a kiosk's order is two to three events

double seconds_since(Steady::time_point start) {
  return std::chrono::duration<double>(Steady::now() - start).count();
}

template <typename T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().message().c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::unique_ptr<SqliteJournal> open_at(const std::string& path) {
  return must(
      SqliteJournal::open(must(DataDirectory::open(path, FileSystemRule::Any)), StoreId("bench")));
}

Group next_group(Place& head, std::size_t bytes) {
  Group group;
  for (std::size_t i = 0; i < kGroup; ++i) {
    std::string data = "{\"at\":1795254300123456,\"n\":" + std::to_string(head.seq + 1) + "}";
    data.resize(std::max(bytes, data.size()), ' ');
    head.hash = chain(head.hash, head.epoch, head.seq + 1, data);
    ++head.seq;
    group.events.push_back(StoredEvent{head.epoch, head.seq, head.hash,
                                       std::make_shared<const std::string>(std::move(data))});
  }
  for (std::size_t i = 0; i < kAnswersPerGroup; ++i) {
    const std::string id = "018f3b2c-7d1e-7000-8000-" + std::to_string(head.seq * 64 + i);
    group.answers.push_back(StoredAnswer{CommandId(id), sha256(id), TimePoint{1},
                                         std::make_shared<const std::string>(240, 'r')});
  }
  return group;
}

[[noreturn]] void write_events(const std::string& path, std::uint64_t events, std::size_t bytes) {
  auto journal = open_at(path);
  must(journal->recover());
  Place head{1, 0, {}};
  std::vector<double> commits;
  std::uint64_t written = 0;
  std::uint64_t measured = 1;
  const auto start = Steady::now();
  while (head.seq < events) {
    const Group group = next_group(head, bytes);
    const std::uint64_t filled = journal->wal_bytes();
    const auto before = Steady::now();
    must(journal->commit(group));
    commits.push_back(seconds_since(before));
    if (journal->wal_bytes() > filled) {
      written += journal->wal_bytes() - filled;
      ++measured;
    }
    must(journal->maintain(false, TimePoint{1}));
    if (head.seq % (20'000 / kGroup * kGroup) == 0) {
      const std::string ledger(400'000, 'l');
      must(journal->keep(Snapshot{head.epoch, head.seq, head.hash, sha256(ledger), ledger}));
    }
  }
  const double all = seconds_since(start);
  std::sort(commits.begin(), commits.end());
  const auto at = [&](double part) {
    return commits[static_cast<std::size_t>(part * static_cast<double>(commits.size() - 1))] * 1e3;
  };
  std::printf("events/s %.0f\ncommits/s %.0f (of %zu events and %zu answers)\n",
              static_cast<double>(head.seq) / all, static_cast<double>(commits.size()) / all,
              kGroup, kAnswersPerGroup);
  std::printf("KB of -wal a commit: %llu\n",
              static_cast<unsigned long long>(written / measured / 1'000));
  std::printf("commit ms: p50 %.2f p99 %.2f max %.2f\n", at(0.5), at(0.99), at(1.0));
  std::_Exit(std::fflush(stdout) == 0 ? 0 : 1);  // as kill -9 would, for the start that follows
}

void start_again(const std::string& path, const char* word) {
  const auto start = Steady::now();
  auto journal = open_at(path);
  const Recovered found = must(journal->recover());
  std::printf("start %s: %.3f s (head %llu, tail %zu, answers %zu)\n", word, seconds_since(start),
              static_cast<unsigned long long>(found.seq), found.tail.size(),
              found.answer_keys.size());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 64;
  const std::string path = argv[1];
  const std::uint64_t events = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 200'000;
  const std::size_t bytes = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 400;
  if (events > 0) write_events(path, events, bytes);
  start_again(path, "after kill");
  start_again(path, "after a clean stop");
  std::string file;
  {
    auto journal = open_at(path);
    must(journal->recover());
    file = journal->file().string();
    const auto start = Steady::now();
    must(journal->begin_backup("bench"));
    std::optional<BackupTaken> taken;
    while (!taken) taken = must(journal->continue_backup());
    std::printf("backup: %.2f s\n", seconds_since(start));
  }
  const auto start = Steady::now();
  const StoreReport report = must(verify_store(file));
  std::printf("verify: %.2f s, %s\n", seconds_since(start), describe(report).c_str());
  return report.is_good() ? 0 : 1;
}
