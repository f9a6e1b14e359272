// restore-times: due times of sold-out items, simulated: the next day's and set ones, in zones that
// change their clocks, with crashes between the time and its event and with clocks that jump. The
// real Hub on the real journal file with the real clock's rules; only the wall is ours.
//
//   restore-times DUE_TIMES [SEED]     the last line: {"due":..,"once":..,"late_ms":..,...}
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "edge/app/hub.hpp"
#include "edge/app/recovery.hpp"
#include "edge/ops/system_clock.hpp"
#include "edge/storage/data_directory.hpp"
#include "edge/storage/sqlite_journal.hpp"
#include "lan-protocol/digest.hpp"
#include "tests/support/fakes.hpp"
#include "tests/support/scratch_folder.hpp"

namespace larder::edge {
namespace {

constexpr const char* kZones[] = {"Europe/Berlin",     "America/New_York", "Australia/Lord_Howe",
                                  "Africa/Casablanca", "America/St_Johns", "Antarctica/Troll"};
constexpr std::size_t kSkus = 60;  // sold out at once, in each round
constexpr int kDayStartMinutes = 4 * 60;
constexpr std::int64_t kSecond = 1'000'000, kMinute = 60 * kSecond, kHour = 60 * kMinute;
constexpr std::int64_t kTick = kSecond / 4;  // as the hub's own

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "restore-times: %s\n", why.c_str());
  std::exit(1);
}

std::string name_of(std::size_t sku) { return "sku-" + std::to_string(sku); }

Menu menu_of_many() {
  Menu menu = sample_menu();
  const Item pattern = menu.items.back();
  for (std::size_t i = 0; i < kSkus; ++i) {
    Item item = pattern;
    item.id = ItemId(name_of(i));
    item.skus[0].id = SkuId(name_of(i));
    menu.items.push_back(item);
  }
  return menu;
}

// By the C library's calendar, minute by minute, and nothing of what the hub reckons with: the
// first moment after `after` at which the wall's clock comes to `minutes` of its day.
std::int64_t next_by_walking(std::int64_t after, int minutes) {
  std::int64_t at = (after / kMinute - 27 * 60) * kMinute;
  for (int day = -1;; at += kMinute) {
    const std::time_t second = at / kSecond;
    std::tm wall{};
    localtime_r(&second, &wall);
    const int date = wall.tm_year * 366 + wall.tm_yday;
    if (date == day || wall.tm_hour * 60 + wall.tm_min < minutes) continue;
    const bool is_first = day != -1;  // the day it began in may have begun before
    day = date;
    if (is_first && at > after) return at;
  }
}

// One process after the other on one folder.
class Shop {
 public:
  explicit Shop(TimePoint begin) : wall_(begin) { start(); }

  void start() {
    auto directory = DataDirectory::open(folder_.data(), FileSystemRule::Any);
    if (!directory) give_up(directory.error().message());
    auto journal = SqliteJournal::open(std::move(*directory), StoreId("s1"), {HubId("h-1"), 0});
    if (!journal) give_up(journal.error().message());
    journal_ = std::move(*journal);
    auto recovered = journal_->recover();
    if (!recovered) give_up(recovered.error().message());
    auto books = rebuild_books(*recovered);
    if (!books) give_up(books.error().message());
    SystemClock::Sources sources{[this] { return wall_; }, [this] { return lived_; }};
    clock_ = std::make_unique<SystemClock>(zone_, kDayStartMinutes, std::move(sources));
    clock_->not_before(Now{books->ledger.last_at, books->ledger.day});
    writer_ = std::make_unique<SteppedWriter>(*journal_);
    HubSettings settings;
    settings.store = StoreId("s1");
    settings.hub = HubId("h-1");
    settings.commands_per_second = settings.command_burst = 1e9;
    hub_ = std::make_unique<Hub>(settings,
                                 HubPorts{*clock_, *writer_, telemetry_, pins_,
                                          [](const Error& error) { give_up(error.message()); }},
                                 std::move(books->ledger), books->head, recovered->answer_keys,
                                 recovered->room);
    if (recovered->seq == 0) open_for_the_first_time();
    till_ = hub_->opened(session_, "127.0.0.1");
    hub_->received(till_, R"({"type":"auth","token":"till"})");
    writer_->settle();
    up_since = now();
  }
  // What was decided and is not on the disk is gone.
  void crash() {
    hub_.reset();
    writer_.reset();
    journal_.reset();
    crashes++;
  }
  void mark(std::size_t sku, const std::string& rule) {
    hub_->received(till_, R"({"type":"command","id":"m-)" + std::to_string(++commands_) +
                              R"(","verb":"stock.mark","args":{"sku":")" + name_of(sku) +
                              R"(","status":"sold_out",)" + rule + "}}");
  }
  void settle() {
    writer_->settle();
    for (const std::string& frame : session_.take()) {
      if (frame.find(R"("ok":false)") != std::string::npos) give_up(frame);
    }
  }
  void tick() { hub_->tick(); }

  std::int64_t now() { return clock_->now().at.micros; }
  void pass(std::int64_t micros) {
    wall_.micros += micros;
    lived_.micros += micros;
  }
  void set_wall_by(std::int64_t micros) { wall_.micros += micros; }
  bool is_out(std::size_t sku) const {
    return hub_->ledger().stock.level(SkuId(name_of(sku))).status == StockStatus::SoldOut;
  }
  std::vector<StoredEvent> events(Seq after) {
    auto events = journal_->read(after, kJournalReadMax);
    if (!events) give_up(events.error().message());
    return *events;
  }

  std::int64_t up_since = 0;  // or since its clock jumped
  std::size_t crashes = 0, jumps = 0;

 private:
  void open_for_the_first_time() {
    AddDevice till;
    till.device = DeviceId("till-1");
    till.name = "Till";
    till.role = Role::Till;
    till.token_sha256 = hex(sha256("till"));
    for (const Command& command :
         {Command(BeginEpoch{"first start"}), Command(till), Command(ImportMenu{menu_of_many()})}) {
      if (!hub_->run_own(command)) give_up("the first start");
    }
    writer_->settle();
  }

  ScratchFolder folder_;
  ProcessZone zone_;
  TimePoint wall_;
  Duration lived_{};  // what a clock that nobody sets has counted
  QuietTelemetry telemetry_;
  FakePins pins_;
  RecordingSession session_;
  std::unique_ptr<SqliteJournal> journal_;
  std::unique_ptr<SystemClock> clock_;
  std::unique_ptr<SteppedWriter> writer_;
  std::unique_ptr<Hub> hub_;
  SessionKey till_ = 0;
  std::uint64_t commands_ = 0;
};

struct Due {
  std::int64_t at = 0;  // by walking
  std::size_t restored = 0;
};

struct Figures {
  std::size_t due = 0, once = 0, missed = 0, twice = 0, early = 0, crashes = 0, jumps = 0;
  std::int64_t latest = 0;  // micros, while up
};

// Rounds of sold-out items in one zone, over a year and its two changes of the clock.
class Zone {
 public:
  Zone(const char* name, std::uint64_t seed, Figures& figures)
      : random_(seed), figures_(figures), shop_(begin_in(name)) {}

  void run(std::size_t due_times) {
    const std::size_t rounds = (due_times + kSkus - 1) / kSkus;
    const std::int64_t step = 366 * 24 * kHour / static_cast<std::int64_t>(rounds);
    for (std::size_t left = due_times; left > 0;) {
      const std::size_t count = std::min(left, kSkus);
      sell_out(count, step);
      while (next_due() != INT64_MAX) live_through(next_due());
      audit(count);
      left -= count;
      shop_.pass(std::max<std::int64_t>(kMinute, draw(0, 2 * step) - 24 * kHour));
      shop_.tick();
      shop_.settle();
    }
    figures_.crashes += shop_.crashes;
    figures_.jumps += shop_.jumps;
  }

 private:
  static TimePoint begin_in(const char* name) {
    ProcessZone::begin(name);
    return TimePoint{1'767'222'000 * kSecond};  // 31 December 2025
  }
  std::int64_t draw(std::int64_t from, std::int64_t to) {
    return std::uniform_int_distribution<std::int64_t>(from, std::max(from, to))(random_);
  }

  void sell_out(std::size_t count, std::int64_t step) {
    due_.assign(count, Due{});
    shop_.tick();  // the day may have turned since
    shop_.settle();
    const std::int64_t now = shop_.now();
    const std::int64_t ahead = std::clamp<std::int64_t>(step, kHour, 20 * kHour);
    for (std::size_t sku = 0; sku < count; ++sku) {
      const std::int64_t kind = draw(0, 2);
      const int minutes = static_cast<int>(kind == 0 ? kDayStartMinutes : draw(0, 24 * 60 - 1));
      char local[8];
      std::snprintf(local, sizeof local, "%02d:%02d", minutes / 60 % 24, minutes % 60);
      due_[sku].at = kind == 2 ? now + draw(1, ahead) : next_by_walking(now, minutes);
      shop_.mark(sku, kind == 0 ? R"("restore":"next_day")"
                      : kind == 1
                          ? R"("restore":"at","restore_local":")" + std::string(local) + '"'
                          : R"("restore":"at","restore_at":)" + std::to_string(due_[sku].at));
    }
    shop_.settle();
  }

  std::int64_t next_due() const {
    std::int64_t next = INT64_MAX;
    for (std::size_t sku = 0; sku < due_.size(); ++sku) {
      if (due_[sku].restored == 0 && shop_.is_out(sku)) next = std::min(next, due_[sku].at);
    }
    return next;
  }

  // To the last tick before the time, past it, and whatever happens around it.
  void live_through(std::int64_t due) {
    if (due - kTick > shop_.now()) {
      shop_.pass(due - draw(1, kTick) - shop_.now());
      shop_.tick();
      shop_.settle();
    }
    const std::int64_t fate = draw(0, 99);
    if (fate < 6) {
      set_back();
    } else if (fate < 14) {
      jump_ahead();
    } else {
      shop_.pass(std::max<std::int64_t>(0, due - shop_.now()) + draw(0, kTick));
    }
    shop_.tick();
    if (fate >= 80) {  // between the decision and the disk, or just behind it
      if (fate >= 92) shop_.settle();
      shop_.crash();
      shop_.pass(draw(1, 3) == 1 ? draw(kMinute, 3 * kHour) : draw(1, 5) * kSecond);
      shop_.start();
      shop_.pass(draw(0, kTick));
      shop_.tick();
    }
    shop_.settle();
    shop_.tick();
    shop_.settle();
    read_journal();
  }

  // Nothing is early, and the wall is believed again when it has come back.
  void set_back() {
    const std::int64_t back = draw(kSecond, 2 * kHour);
    shop_.set_wall_by(-back);
    for (int i = 0; i < 3; ++i) shop_.tick();
    shop_.set_wall_by(back);
    shop_.jumps++;
  }
  // Half of them come back and were never believed; the others are, after their hour.
  void jump_ahead() {
    const std::int64_t ahead = draw(kMinute, 5 * kHour);
    shop_.set_wall_by(ahead);
    shop_.tick();
    if (draw(0, 1) == 0) {
      shop_.set_wall_by(-ahead);
    } else {
      shop_.pass(kHour);
      shop_.tick();
    }
    shop_.up_since = shop_.now();
    shop_.jumps++;
  }

  static std::int64_t number_after(const std::string& text, std::string_view name) {
    return std::strtoll(text.c_str() + text.find(name) + name.size(), nullptr, 10);
  }

  // What came back, by the journal.
  void read_journal() {
    for (const StoredEvent& event : shop_.events(read_)) {
      read_ = event.seq;
      const std::string& text = *event.data;
      if (text.find(R"("kind":"restore")") == std::string::npos) continue;
      const std::int64_t sku = number_after(text, R"("sku":"sku-)");
      Due& due = due_.at(static_cast<std::size_t>(sku));
      const std::int64_t at = number_after(text, R"("at":)");
      if (at < due.at) figures_.early++;
      figures_.latest = std::max(figures_.latest, at - std::max(due.at, shop_.up_since));
      due.restored++;
    }
  }

  void audit(std::size_t count) {
    read_journal();
    for (std::size_t sku = 0; sku < count; ++sku) {
      const bool is_back = !shop_.is_out(sku);
      figures_.due++;
      if (due_[sku].restored == 1 && is_back) figures_.once++;
      if (due_[sku].restored == 0 || !is_back) figures_.missed++;
      if (due_[sku].restored > 1) figures_.twice++;
    }
  }

  std::mt19937_64 random_;
  Figures& figures_;
  Shop shop_;
  std::vector<Due> due_;
  Seq read_ = 0;
};

int prove(std::size_t due_times, std::uint64_t seed) {
  Figures figures;
  constexpr std::size_t kCount = std::size(kZones);
  for (std::size_t i = 0; i < kCount; ++i) {
    const std::size_t share = due_times / kCount + (i < due_times % kCount ? 1 : 0);
    Zone(kZones[i], seed + i, figures).run(share);
    std::printf("%s: %zu due times so far, %zu exactly once\n", kZones[i], figures.due,
                figures.once);
    std::fflush(stdout);
  }
  std::printf(R"({"due":%zu,"once":%zu,"missed":%zu,"twice":%zu,"early":%zu,"crashes":%zu,)"
              R"("jumps":%zu,"zones":%zu,"late_ms":%.1f})"
              "\n",
              figures.due, figures.once, figures.missed, figures.twice, figures.early,
              figures.crashes, figures.jumps, kCount, static_cast<double>(figures.latest) / 1'000);
  return figures.once == due_times && figures.early == 0 ? 0 : 1;
}

}  // namespace
}  // namespace larder::edge

int main(int count, char** words) {
  const std::size_t due = count > 1 ? std::strtoull(words[1], nullptr, 10) : 30'000;
  const std::uint64_t seed = count > 2 ? std::strtoull(words[2], nullptr, 10) : 20'261'121;
  return larder::edge::prove(due, seed);
}
