// bench-commit: events/s through the journal's group commit, or through write + fdatasync of the
// same bytes into a file that is overwritten in place (the quickest the device does it).
// bench-commit journal|device DIRECTORY GROUP SECONDS; prints one line of JSON.
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "edge/storage/data_directory.hpp"
#include "edge/storage/sqlite_journal.hpp"
#include "lan-protocol/codec.hpp"
#include "lan-protocol/digest.hpp"
#include "platform/sqlite/sqlite.hpp"

namespace larder::edge {
namespace {

using Steady = std::chrono::steady_clock;
constexpr std::size_t kFileBytes = 64 * 1024 * 1024;

[[noreturn]] void give_up(const std::string& why) {
  std::fputs(("bench-commit: " + why + "\n").c_str(), stderr);
  std::exit(1);
}

// Groups as the hub makes them of kiosks' holds: an event and an answer for each command.
class Groups {
 public:
  Groups(Head head, std::size_t size) : head_(head), size_(size) {}

  std::shared_ptr<Group> next() {
    auto group = std::make_shared<Group>();
    for (std::size_t i = 0; i < size_; ++i) {
      head_.seq++;
      const std::string number = std::to_string(head_.seq);
      auto data = std::make_shared<const std::string>(event(number));
      head_.hash = chain(head_.hash, head_.epoch, head_.seq, *data);
      StoredAnswer answer;
      answer.id = CommandId("018f6f6e-7c1e-7a30-8b3c-" + number);
      answer.body = sha256(number);
      answer.at = TimePoint{1'795'254'300'123'456};
      answer.reply = std::make_shared<const std::string>(
          R"({"type":"reply","id":"018f6f6e-7c1e-7a30-8b3c-)" + number +
          R"(","ok":true,"epoch":1,"seq":)" + number + R"(,"result":{"hold":"h)" + number +
          R"(","expires_at":1795254480123456,"total":500}})");
      bytes_ += data->size() + head_.hash.size() + answer.id.text().size() + answer.body.size() +
                answer.reply->size();
      group->events.push_back(StoredEvent{head_.epoch, head_.seq, head_.hash, std::move(data)});
      group->answers.push_back(std::move(answer));
    }
    return group;
  }
  std::size_t bytes() const { return bytes_; }

 private:
  static std::string event(const std::string& number) {
    Hold hold;
    hold.id = HoldId("h" + number);
    hold.device = DeviceId("kiosk-1");
    hold.demand = {Demand{SkuId("s0"), Quantity::tenths(10)}};
    hold.expires_at = TimePoint{1'795'254'480'123'456};
    StockLevel before;
    before.type = StockType::Limited;
    before.available = Quantity::tenths(100'000);
    StockLevel after = before;
    after.available = Quantity::tenths(99'990);
    after.held = Quantity::tenths(10);
    HoldLocked locked;
    locked.movements = {Movement{SkuId("s0"), MovementKind::Lock, before, after}};
    locked.hold = std::move(hold);
    return encode_event(StampedEvent{TimePoint{1'795'254'300'123'456},
                                     CommandId("018f6f6e-7c1e-7a30-8b3c-" + number),
                                     DeviceId("kiosk-1"), StaffId(), std::move(locked)});
  }

  Head head_;
  std::size_t size_;
  std::size_t bytes_ = 0;
};

class JournalDisk {
 public:
  explicit JournalDisk(const std::string& directory) {
    auto owned = DataDirectory::open(directory, FileSystemRule::Any);
    if (!owned) give_up(owned.error().message());
    auto journal = SqliteJournal::open(std::move(*owned), StoreId("bench"));
    if (!journal) give_up(journal.error().message());
    journal_ = std::move(*journal);
    auto recovered = journal_->recover();
    if (!recovered) give_up(recovered.error().message());
    head_ = Head{std::max<Epoch>(recovered->epoch, 1), recovered->seq, recovered->hash};
  }
  Head head() const { return head_; }
  void commit(const Group& group) {
    if (auto kept = journal_->commit(group); !kept) give_up(kept.error().message());
    (void)journal_->maintain(false, group.answers.back().at);  // checkpoints are part of it
  }

 private:
  std::unique_ptr<SqliteJournal> journal_;
  Head head_;
};

class BareDisk {
 public:
  explicit BareDisk(const std::string& directory)
      : file_(::open((directory + "/bare").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    const std::string zeros(1024 * 1024, '\0');
    for (std::size_t at = 0; at < kFileBytes; at += zeros.size()) put(zeros, at);
    if (::fsync(file_) != 0) give_up("cannot sync");
  }
  ~BareDisk() { ::close(file_); }
  BareDisk(const BareDisk&) = delete;
  BareDisk& operator=(const BareDisk&) = delete;

  Head head() const { return Head{1, 0, {}}; }
  void commit(const Group& group) {
    bytes_.clear();
    for (const StoredEvent& event : group.events) {
      bytes_ += *event.data;
      bytes_.append(event.hash.begin(), event.hash.end());
    }
    for (const StoredAnswer& answer : group.answers) {
      bytes_ += answer.id.text();
      bytes_.append(answer.body.begin(), answer.body.end());
      bytes_ += *answer.reply;
    }
    if (at_ + bytes_.size() > kFileBytes) at_ = 0;
    put(bytes_, at_);
    at_ += bytes_.size();
    if (::fdatasync(file_) != 0) give_up("cannot sync");
  }

 private:
  void put(const std::string& bytes, std::size_t at) const {
    const ssize_t written = ::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (written != static_cast<ssize_t>(bytes.size())) give_up("cannot write");
  }

  int file_;
  std::size_t at_ = 0;
  std::string bytes_;
};

// The making of a group is the hub's other thread's work and is not counted.
template <typename Disk>
int measure(Disk disk, std::size_t size, double seconds) {
  Groups groups(disk.head(), size);
  std::size_t events = 0;
  std::chrono::duration<double> spent{};
  while (spent.count() < seconds) {
    const auto group = groups.next();
    const auto began = Steady::now();
    disk.commit(*group);
    spent += Steady::now() - began;
    events += size;
  }
  std::printf(R"({"events":%zu,"per_second":%.1f,"bytes_per_event":%.1f})"
              "\n",
              events, static_cast<double>(events) / spent.count(),
              static_cast<double>(groups.bytes()) / static_cast<double>(events));
  return 0;
}

}  // namespace
}  // namespace larder::edge

int main(int count, char** values) {
  using namespace larder::edge;
  const std::string what = count == 5 ? values[1] : "";
  if (what != "journal" && what != "device") {
    std::fputs("bench-commit journal|device DIRECTORY GROUP SECONDS\n", stderr);
    return 64;
  }
  const std::size_t size = std::strtoull(values[3], nullptr, 10);
  const double seconds = std::strtod(values[4], nullptr);
  if (what == "journal") {
    larder::sql::set_up_library([](std::string_view) {});  // as the hub does
    JournalDisk disk(values[2]);
    return measure<JournalDisk&>(disk, size, seconds);
  }
  BareDisk disk(values[2]);
  return measure<BareDisk&>(disk, size, seconds);
}
