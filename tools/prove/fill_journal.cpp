// fill-journal: a store file with as many events as asked, made by the real hub from real commands,
// days of 1,800 orders each. For the claim hub-start. It ends as if the power had gone: no clean
// stop, no last snapshot.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "edge/app/hub.hpp"
#include "edge/app/recovery.hpp"
#include "edge/storage/data_directory.hpp"
#include "edge/storage/sqlite_journal.hpp"
#include "lan-protocol/codec.hpp"
#include "lan-protocol/digest.hpp"

namespace larder::edge {
namespace {

constexpr std::uint64_t kOrdersPerDay = 1'800;
constexpr std::uint64_t kCommitsBetweenUpkeep = 64;  // as the hub's writer in its idle moments
constexpr std::int64_t kDayMicros = 86'400'000'000;

// Days that pass as fast as they are filled; yyyymmdd counted up without a calendar, which the
// rules do not need.
class FastClock final : public Clock {
 public:
  Now now() override {
    return Now{TimePoint{1'700'000'000'000'000 + day_ * kDayMicros + within_},
               BusinessDay{20'000'000 + static_cast<std::int32_t>(day_)}};
  }
  // Stands still: the commits of a filled day are not slow, however many hours lie between them.
  Duration steady() override { return Duration{1}; }
  TimePoint moment_of(const LocalTime&, TimePoint after) override { return after; }
  void pass(std::int64_t micros) { within_ += micros; }
  void next_day() {
    day_++;
    within_ = 0;
  }

 private:
  std::int64_t day_ = 0;
  std::int64_t within_ = 1;
};

// Nobody signs in here.
class NoPins final : public PinCheck {
 public:
  void check(std::string, std::string, std::function<void(bool)> done) override { done(false); }
};

class InlineWriter final : public Writer {
 public:
  explicit InlineWriter(Journal& journal) : journal_(journal) {}
  void commit(std::shared_ptr<const Group> group, std::function<void(Result<Room>)> done) override {
    tasks_.push_back([this, group, done] {
      done(journal_.commit(*group));
      if (++commits_ % kCommitsBetweenUpkeep == 0) (void)journal_.maintain(true, TimePoint{});
    });
  }
  void run(std::function<std::function<void()>(Journal&)> job) override {
    // At once: a new id that looks like a known one is looked up, and the order it places is read
    // from the books right after it, as no client could.
    job(journal_)();
  }
  void settle() {
    while (!tasks_.empty()) {
      auto task = std::move(tasks_.front());
      tasks_.pop_front();
      task();
    }
  }

 private:
  Journal& journal_;
  std::deque<std::function<void()>> tasks_;
  std::uint64_t commits_ = 0;
};

class NoTelemetry final : public Telemetry {
 public:
  void command(std::string_view, std::string_view code) override {
    if (code != "ok") refused++;
  }
  void group(std::size_t, std::size_t, Duration) override {}
  void refusal(std::string_view) override { refused++; }
  void masked() override {}
  std::string expose(const Gauges&) override { return ""; }
  void note(std::string_view) override {}
  void warn(std::string_view) override {}
  std::uint64_t refused = 0;
};

class DeafSession final : public Session {
 public:
  void send(Bytes) override {}
  void close(std::uint16_t, std::string) override {}
};

[[noreturn]] void give_up(const std::string& why) {
  std::fputs(("fill-journal: " + why + "\n").c_str(), stderr);
  std::exit(1);
}

// Places, cooks and hands out orders until the journal holds `wanted` events.
class Kitchen {
 public:
  Kitchen(Hub& hub, FastClock& clock, InlineWriter& writer)
      : hub_(hub), clock_(clock), writer_(writer) {
    add_device("fill-kiosk", Role::Kiosk);
    add_device("fill-till", Role::Till);
    writer_.settle();
    kiosk_ = join("fill-kiosk");
    till_ = join("fill-till");
  }

  void fill(Seq wanted) {
    pick_item();
    std::uint64_t today = 0;
    while (hub_.ledger().seq < wanted) {
      one_order();
      if (++today % 32 == 0) writer_.settle();
      if (today == kOrdersPerDay) {
        clock_.next_day();
        today = 0;
      }
    }
    writer_.settle();
  }

 private:
  void add_device(const std::string& id, Role role) {
    AddDevice command;
    command.device = DeviceId(id);
    command.name = id;
    command.role = role;
    command.token_sha256 = hex(sha256(id));
    if (!hub_.run_own(command)) give_up("the device was refused");
  }
  SessionKey join(const std::string& id) {
    SessionKey key = hub_.opened(session_, "127.0.0.1");
    hub_.received(key, R"({"type":"auth","token":")" + id + R"("})");
    writer_.settle();
    return key;
  }
  void pick_item() {
    for (const Item& item : hub_.ledger().catalog.menu().items) {
      bool is_plain = item.parts.empty() && item.option_groups.empty();
      if (is_plain && item.channels.has(Channel::Kiosk)) sku_ = item.skus[0].id.text();
    }
    if (sku_.empty()) give_up("the menu has no plain item");
  }
  void send(SessionKey key, const std::string& verb, const std::string& args) {
    hub_.received(key, R"({"type":"command","id":"fill-)" + std::to_string(++commands_) +
                           R"(","verb":")" + verb + R"(","args":)" + args + "}");
  }
  void one_order() {
    clock_.pass(1'000'000);
    send(kiosk_, "order.place",
         R"({"service":"takeaway","lines":[{"sku":")" + sku_ + R"(","quantity":1}]})");
    if (hub_.ledger().orders.empty()) give_up("an order was refused");
    const Order& order = hub_.ledger().orders.rbegin()->second;
    std::string id = R"({"order":")" + order.id.text() + R"(")";
    std::string pay =
        R"(,"payment":{"tender":"cash","amount":)" + std::to_string(order.total.in_minor()) + "}}";
    send(till_, "order.pay", id + pay);
    for (const Ticket& ticket : hub_.ledger().orders.rbegin()->second.tickets) {
      send(till_, "ticket.bump", id + R"(,"station":")" + ticket.station.text() + R"("})");
    }
    send(till_, "order.serve", id + "}");
  }

  Hub& hub_;
  FastClock& clock_;
  InlineWriter& writer_;
  DeafSession session_;
  SessionKey kiosk_ = 0;
  SessionKey till_ = 0;
  std::string sku_;
  std::uint64_t commands_ = 0;
};

int fill(const std::string& directory, const std::string& menu_file, Seq wanted) {
  auto owned = DataDirectory::open(directory, FileSystemRule::Any);
  if (!owned) give_up(owned.error().message());
  auto journal = SqliteJournal::open(std::move(*owned), StoreId("proof"));
  if (!journal) give_up(journal.error().message());
  auto recovered = (*journal)->recover();
  if (!recovered) give_up(recovered.error().message());
  auto books = rebuild_books(*recovered);
  if (!books) give_up(books.error().message());
  FastClock clock;
  InlineWriter writer(**journal);
  NoTelemetry telemetry;
  NoPins pins;
  HubSettings settings;
  settings.store = StoreId("proof");
  settings.hub = recovered->hub;
  settings.commands_per_second = 1e9;
  settings.command_burst = 1e9;
  Hub hub(settings,
          HubPorts{clock, writer, telemetry, pins,
                   [](const Error& error) { give_up(error.message()); }},
          std::move(books->ledger), books->head, std::move(recovered->answer_keys));
  std::ifstream in(menu_file);
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  auto json = parse_json(text, JsonLimits{kJsonDepthMax, kMenuJsonNodesMax, kStringBytesMax});
  if (!json) give_up(json.error().message());
  auto menu = decode_menu(*json);
  if (!menu) give_up(menu.error().message());
  if (!hub.run_own(BeginEpoch{"first start"}) || !hub.run_own(ImportMenu{std::move(*menu)})) {
    give_up("the menu was refused");
  }
  writer.settle();
  Kitchen(hub, clock, writer).fill(wanted);
  std::printf("%llu events, %llu refusals\n", static_cast<unsigned long long>(hub.ledger().seq),
              static_cast<unsigned long long>(telemetry.refused));
  std::fflush(stdout);
  std::_Exit(telemetry.refused == 0 ? 0 : 1);  // as if the power had gone
}

}  // namespace
}  // namespace larder::edge

int main(int count, char** values) {
  if (count != 4) {
    std::fputs("fill-journal DIRECTORY MENU.json EVENTS\n", stderr);
    return 64;
  }
  return larder::edge::fill(values[1], values[2], std::strtoull(values[3], nullptr, 10));
}
