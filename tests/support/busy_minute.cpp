#include "tests/support/busy_minute.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <utility>

#include "core/ledger/snapshot.hpp"
#include "lan-protocol/codec.hpp"
#include "lan-protocol/digest.hpp"

namespace larder::edge {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "the busy minute cannot be recorded: %s\n", why.c_str());
  std::abort();
}

// Writes the commands of a step, for the books as they stand.
class Scribe {
 public:
  explicit Scribe(std::uint64_t seed) : dice_(seed) {}

  std::vector<SentCommand> commands(const Ledger& ledger) {
    std::vector<SentCommand> all;
    const std::uint64_t count = 1 + below(4);
    for (std::uint64_t i = 0; i < count; ++i) all.push_back(command(ledger));
    return all;
  }
  std::vector<SentCommand> close_of_day() {
    return {send(true, "day.close", R"({"cash_counted":100})")};
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return dice_() % bound; }

  SentCommand send(bool is_till, const std::string& verb, const std::string& args) {
    SentCommand sent;
    sent.is_till = is_till;
    sent.id = "busy-" + std::to_string(++sent_);
    sent.frame = R"({"type":"command","id":")" + sent.id + R"(","verb":")" + verb + R"(","args":)" +
                 args + "}";
    return sent;
  }

  std::string lines() {
    const char* sku = below(3) == 0 ? "cake" : "soup";
    return R"("lines":[{"sku":")" + std::string(sku) + R"(","quantity":)" +
           std::to_string(1 + below(3)) + "}]";
  }

  SentCommand command(const Ledger& ledger) {
    switch (below(12)) {
      case 0:
        return send(
            true, "stock.limit",
            R"({"sku":"cake","type":"limited","available":)" + std::to_string(5 + below(20)) + "}");
      case 1:
        return send(true, "stock.count",
                    R"({"sku":"soup","available":)" + std::to_string(100 + below(100)) + "}");
      case 2:
        return send(false, "hold.place", "{" + lines() + "}");
      case 3:  // refused, and the refusal is kept
        return send(false, "order.place",
                    R"({"service":"takeaway","lines":[{"sku":"nothing","quantity":1}]})");
      case 4:
      case 5:
      case 6:
        if (!ledger.orders.empty()) return of_an_order(ledger);
        [[fallthrough]];
      default:
        return send(false, "order.place",
                    R"({"service":"takeaway","note":")" + std::string(below(80), 'n') + "\"," +
                        lines() + "}");
    }
  }

  SentCommand of_an_order(const Ledger& ledger) {
    auto at = ledger.orders.end();
    for (std::uint64_t back = 1 + below(3); back > 0 && at != ledger.orders.begin(); --back) --at;
    const Order& order = at->second;
    const std::string id = R"({"order":")" + order.id.text() + R"(")";
    switch (below(4)) {
      case 0:
        return send(true, "order.cancel", id + R"(,"reason":"left"})");
      case 1:
        return send(true, "order.serve", id + "}");
      case 2:
        if (!order.tickets.empty()) {
          return send(true, "ticket.bump",
                      id + R"(,"station":")" + order.tickets[0].station.text() + R"("})");
        }
        [[fallthrough]];
      default:
        return send(true, "order.pay",
                    id + R"(,"payment":{"tender":"cash","amount":)" +
                        std::to_string(order.total.in_minor()) + "}}");
    }
  }

  std::mt19937_64 dice_;
  std::uint64_t sent_ = 0;
};

// The order of the minute: what comes after so many steps of commands.
std::vector<Step::Kind> plan(const MinuteSize& size) {
  using Kind = Step::Kind;
  constexpr Kind kUpkeep[] = {Kind::LookAfterTheFile, Kind::KeepSnapshot, Kind::Tick,
                              Kind::KeepAcked, Kind::LookAfterTheFile};
  std::vector<Kind> kinds = {Kind::FirstStart};
  std::size_t next = 0;
  for (int step = 1; step <= size.steps; ++step) {
    kinds.push_back(Kind::Commands);
    if (step % size.upkeep == 0) kinds.push_back(kUpkeep[next++ % std::size(kUpkeep)]);
    if (step == size.steps / 5) kinds.push_back(Kind::Backup);
    if (!size.is_long) continue;
    if (step == size.steps / 4 || step == size.steps / 2) kinds.push_back(Kind::Restart);
    if (step == size.steps * 3 / 4) kinds.push_back(Kind::Upgrade);
  }
  return kinds;
}

// Folds the events of each group by themselves, beside the hub.
class Recorder {
 public:
  Recorder(BusyMinute& minute, FaultyDisk& disk) : minute_(minute), disk_(disk) { mark(); }

  void committed(const Group& group) {
    for (const StoredEvent& stored : group.events) {
      auto event = decode_event(*stored.data);
      if (!event) give_up(event.error().message());
      apply(ledger_, event->event, event->at, event->staff);
      hash_ = stored.hash;
    }
    for (const StoredAnswer& answer : group.answers) {
      minute_.group_of[answer.id.text()] = minute_.groups.size();
    }
    answers_ += group.answers.size();
    mark();
  }
  void replied(const std::string& id) { minute_.acks.push_back({disk_.operations(), id}); }

 private:
  void mark() {
    minute_.groups.push_back({ledger_.seq, hash_, sha256(to_snapshot(ledger_)), answers_});
  }

  BusyMinute& minute_;
  FaultyDisk& disk_;
  Ledger ledger_;
  Digest hash_{};
  std::size_t answers_ = 0;
};

}  // namespace

std::size_t BusyMinute::step_at(std::size_t at) const {
  std::size_t step = 0;
  while (step + 1 < step_marks.size() && step_marks[step].end < at) ++step;
  return step;
}

std::size_t BusyMinute::acked_group(std::size_t at) const {
  std::size_t group = 0;
  for (const AckMark& ack : acks) {
    if (ack.at > at) break;
    if (const auto found = group_of.find(ack.id); found != group_of.end()) {
      group = std::max(group, found->second);
    }
  }
  return group;
}

bool BusyMinute::begins_wal(std::size_t at) const {
  int syncs = 0;
  for (std::size_t op = std::min(at, trace.size()); op > 0; --op) {
    const DiskOp& made = trace[op - 1];
    if (!made.name.ends_with("-wal")) continue;
    if (made.kind == DiskOp::Kind::Sync) ++syncs;
    if (made.kind == DiskOp::Kind::Write && made.offset == 0) return syncs <= 1;
  }
  return false;
}

Result<void> play(std::unique_ptr<BusyShop>& shop, const Step& step, ShopSettings& settings) {
  shop->set_time(step.at);
  switch (step.kind) {
    case Step::Kind::FirstStart:
      shop->open_for_the_first_time();
      return {};
    case Step::Kind::Commands:
      for (const SentCommand& command : step.commands)
        shop->receive(command.is_till, command.frame);
      shop->settle();
      return {};
    case Step::Kind::Tick:
      shop->tick();
      return {};
    case Step::Kind::LookAfterTheFile:
      shop->look_after_the_file();
      return {};
    case Step::Kind::KeepSnapshot:
      shop->keep_snapshot();
      return {};
    case Step::Kind::KeepAcked:
      shop->keep_acked(shop->hub().committed().seq);
      return {};
    case Step::Kind::Backup:
      shop->take_backup("noon");
      return {};
    case Step::Kind::Upgrade:
      settings.is_upgraded = true;
      [[fallthrough]];
    case Step::Kind::Restart: {
      shop->stop();
      if (shop->died()) return {};
      shop.reset();
      auto again = BusyShop::start(settings);
      if (!again) return pass_on(again);
      shop = std::move(*again);
      shop->set_time(step.at);
      return {};
    }
  }
  return {};
}

BusyMinute record_minute(const MinuteSize& size, const std::filesystem::path& folder) {
  BusyMinute minute;
  write_image({}, folder);
  FaultyDisk disk(folder);
  Recorder recorder(minute, disk);
  ShopSettings settings{folder,
                        false,
                        {[&](const std::string& id) { recorder.replied(id); },
                         [&](const Group& group) { recorder.committed(group); }}};
  auto started = BusyShop::start(settings);
  if (!started) give_up(started.error().message());
  auto shop = std::move(*started);
  Scribe scribe(size.seed);
  std::int64_t at = ShopClock::kOpening;
  const auto kinds = plan(size);
  for (std::size_t number = 0; number < kinds.size(); ++number) {
    Step step;
    step.kind = kinds[number];
    step.at = Now{TimePoint{at += kSecond}, BusinessDay{20261121}};
    if (step.kind == Step::Kind::Commands) {
      const bool is_evening = number + 6 == kinds.size();
      step.commands = is_evening ? scribe.close_of_day() : scribe.commands(shop->hub().ledger());
    }
    if (auto played = play(shop, step, settings); !played) give_up(played.error().message());
    if (shop->died()) give_up(shop->died()->message());
    minute.steps.push_back(std::move(step));
    minute.step_marks.push_back(
        {disk.operations(), minute.groups.size() - 1, settings.is_upgraded});
  }
  shop->stop();
  shop.reset();
  if (disk.shared_memory_calls() != 0) give_up("a store that locks exclusively used shared memory");
  minute.step_marks.back().end = disk.operations();
  minute.trace = disk.trace();
  return minute;
}

}  // namespace larder::edge
