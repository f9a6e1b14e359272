// How fast one database takes events on this disk, in one thread, synchronous=FULL:
// `bench_shards <empty directory> [events] [stores] [tickets|mixed|orders|stock]`. Prints one
// figure a line; not a test, because it says something of the machine too.
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "lan-protocol/codec.hpp"
#include "relay/shards/sqlite_shard_store.hpp"

namespace {

using namespace larder;
using namespace larder::relay;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kGroup = 400;
constexpr std::size_t kBatch = 50;
constexpr TimePoint kAt{1'795'200'000'000'000};

double seconds_since(Steady::time_point start) {
  return std::chrono::duration<double>(Steady::now() - start).count();
}

// Of this thread: what is left when the machine does other things beside.
double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

template <typename T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().message().c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// What a hub sends, cut to what is looked at.
struct Sender {
  StoreId store;
  Seq seq = 0;
  Sha256 hash{};
};

using Make = Event (*)(Seq seq);

Event ticket(Seq seq) {
  TicketChanged event;
  event.order = OrderId("20261121-" + std::to_string(1000 + seq % 500));
  event.station = StationId("grill");
  event.action = TicketAction::Checked;
  event.done = {true, false};
  event.by = DeviceId("kds-1");
  return event;
}

Event counted(Seq seq) {
  const auto level = [](Seq units) {
    return StockLevel{StockType::Limited,
                      StockStatus::Available,
                      Quantity::units(static_cast<std::int32_t>(units % 90 + 1)),
                      {}};
  };
  return StockChanged{Movement{SkuId("sku-" + std::to_string(seq % 40)), MovementKind::Count,
                               level(seq), level(seq + 1)},
                      DeviceId("till-1")};
}

Event placed(Seq seq) {
  Order order;
  order.id = OrderId("20261121-" + std::to_string(seq));
  order.number = static_cast<std::uint32_t>(seq);
  order.day = BusinessDay{20261121};
  order.device = DeviceId("kiosk-1");
  order.menu_version = 3;
  order.total = Money::minor(1'590);
  order.placed_at = kAt;
  for (LineNo line = 1; line <= 2; ++line) {
    OrderLine one;
    one.line = line;
    one.sku = SkuId("sku-" + std::to_string(seq % 40));
    one.name = Text{"Chicken bowl", "鸡肉饭"};
    one.station = StationId("grill");
    one.quantity = Quantity::units(1);
    one.unit_price = one.total = Money::minor(795);
    order.lines.push_back(one);
  }
  return OrderPlaced{order};
}

// In the shares of a day: an order makes a placed, a paid, an accepted, and tickets; every third
// order holds stock.
Event mixed(Seq seq) {
  switch (seq % 7) {
    case 0:
      return placed(seq);
    case 1:
      return OrderPaid{OrderId("20261121-" + std::to_string(seq - 1)), {}, OrderState::Paid};
    case 2:
      return counted(seq);
    default:
      return ticket(seq);
  }
}

std::vector<StoreBatch> next_group(std::vector<Sender>& senders, std::size_t& turn, Make make) {
  std::vector<StoreBatch> group;
  for (std::size_t events = 0; events < kGroup; events += kBatch) {
    Sender& sender = senders[turn++ % senders.size()];
    StoreBatch batch;
    batch.store = sender.store;
    batch.hub = HubId("h-bench");
    batch.envelope.epoch = 1;
    batch.envelope.first = sender.seq + 1;
    for (std::size_t i = 0; i < kBatch; ++i) {
      const Event event = make(++sender.seq);
      Record record;
      record.type = event_number(event_name(event));
      record.at = kAt;
      record.payload =
          encode_event(StampedEvent{kAt, CommandId("018f3b2c-7d1e-7000"), {}, {}, event});
      sender.hash = chain(sender.hash, 1, sender.seq, record.payload);
      batch.envelope.records.push_back(std::move(record));
    }
    batch.envelope.head = sender.hash;
    group.push_back(std::move(batch));
  }
  return group;
}

void measure(const std::string& path, const char* what, Make make, std::size_t events,
             std::size_t stores) {
  auto store = must(SqliteShardStore::open(path + "/" + what, 1));
  std::vector<Sender> senders;
  for (std::size_t i = 0; i < stores; ++i) {
    senders.push_back(Sender{StoreId("store-" + std::to_string(i)), 0, {}});
  }
  std::size_t turn = 0, bytes = 0, taken = 0;
  double applying = 0, reading = 0, chaining = 0, working = 0;
  std::vector<double> groups;
  while (taken < events) {
    const std::vector<StoreBatch> group = next_group(senders, turn, make);
    // What apply() pays for reading and chaining, measured beside it.
    double cpu = cpu_seconds();
    for (const StoreBatch& batch : group) {
      for (const Record& record : batch.envelope.records) must(decode_event(record.payload));
    }
    reading += cpu_seconds() - cpu;
    cpu = cpu_seconds();
    Sha256 hash{};
    for (const StoreBatch& batch : group) {
      for (const Record& record : batch.envelope.records) {
        hash = chain(hash, 1, 1, record.payload);
        bytes += record.payload.size();
      }
    }
    chaining += cpu_seconds() - cpu;
    cpu = cpu_seconds();
    const auto start = Steady::now();
    for (const BatchOutcome& outcome : must(store->apply(0, group, kAt))) {
      if (outcome.fate != BatchFate::Applied) std::exit(1);
    }
    store->shard(0).maintain(false, kAt);
    groups.push_back(seconds_since(start));
    applying += groups.back();
    working += cpu_seconds() - cpu;
    taken += kGroup;
  }
  std::sort(groups.begin(), groups.end());
  const auto count = static_cast<double>(taken);
  std::printf("%s: %.0f events/s (%zu bytes each, groups of %zu from %zu stores)\n", what,
              count / applying, bytes / taken, kGroup, stores);
  std::printf("  per event: %.1f us, of it %.1f us of processor (decoding %.1f, chaining %.1f)\n",
              applying / count * 1e6, working / count * 1e6, reading / count * 1e6,
              chaining / count * 1e6);
  std::printf("  a group: p50 %.1f ms, p99 %.1f ms\n", groups[groups.size() / 2] * 1e3,
              groups[groups.size() * 99 / 100] * 1e3);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 64;
  const std::size_t events = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 200'000;
  const std::size_t stores = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 100;
  const std::string only = argc > 4 ? argv[4] : "";
  for (const auto& [what, make] : {std::pair<const char*, Make>{"tickets", ticket},
                                   {"mixed", mixed},
                                   {"orders", placed},
                                   {"stock", counted}}) {
    if (only.empty() || only == what) measure(argv[1], what, make, events, stores);
  }
  return 0;
}
