// Random histories of the turnstile against a plain model: orders in a map, figures by adding up.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "lan-protocol/json.hpp"
#include "tests/shards/turn_house.hpp"

namespace larder::relay {
namespace {

constexpr int kSeeds = 6;
constexpr int kSteps = 120;

// What should be true, kept by hand.
struct Model {
  struct Placed {
    std::string sku;
    int quantity = 0;
    ReservationStatus status = ReservationStatus::Lock;
    TimePoint expires_at;
  };
  std::map<std::string, Placed> orders;
  std::map<std::string, int> granted, told_sold, told_returned;

  int sum(const std::string& sku, ReservationStatus status) const {
    int all = 0;
    for (const auto& [number, each] : orders) {
      if (each.sku == sku && each.status == status) all += each.quantity;
    }
    return all;
  }
};

int tenths_of(const Json& args, std::string_view name) {
  const Json* value = args.find(name);
  if (value == nullptr) return 0;
  if (const auto* whole = value->as<std::int64_t>()) return static_cast<int>(*whole) * 10;
  const auto parsed = Quantity::parse(value->as<Decimal>()->text);
  return parsed ? static_cast<int>(parsed->in_tenths()) : 0;
}

class History {
 public:
  explicit History(unsigned seed) : random_(seed) {
    for (const char* sku : {"soup", "cola"}) house_.count(sku, 500);
    house_.send();
  }

  void run() {
    for (int i = 0; i < kSteps && !testing::Test::HasFailure(); ++i) {
      step(i);
      check();
    }
    // Everything ends: what was granted is sold or went back, and the hub was told of all of it.
    for (auto& [number, order] : model_.orders) finish(number, order, pick(2) == 0);
    house_.now = house_.now + Duration::seconds(100'000);
    hear(house_.settle());
    check();
    for (const auto& [sku, granted] : model_.granted) {
      EXPECT_EQ(model_.told_sold[sku] + model_.told_returned[sku], granted) << sku;
      EXPECT_EQ(model_.told_sold[sku], model_.sum(sku, ReservationStatus::Out) * 10) << sku;
    }
  }

 private:
  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
  std::string sku() { return pick(2) == 0 ? "soup" : "cola"; }
  std::string known_order() {
    if (model_.orders.empty()) return "none";
    auto at = model_.orders.begin();
    std::advance(at, pick(static_cast<int>(model_.orders.size())));
    return at->first;
  }

  void step(int number) {
    switch (pick(10)) {
      case 0:
        return grant();
      case 1: {
        const std::string which = sku();
        const auto found = leases_.find(which);
        if (found != leases_.end()) house_.recall(found->second, which, pick(4));
        return;
      }
      case 2:
        return hear(house_.settle());
      case 3:
        house_.now = house_.now + Duration::minutes(pick(40));
        return;
      case 4:
        if (pick(5) == 0) house_.open();
        return;
      case 5:
      case 6: {
        const std::string order = known_order();
        if (order != "none") finish(order, model_.orders[order], pick(2) == 0);
        return;
      }
      default:
        return reserve("N-" + std::to_string(number));
    }
  }

  void grant() {
    const std::string which = sku();
    const int quantity = 1 + pick(8);
    leases_[which] = house_.grant(which, quantity, {}, 100 * 60);
    model_.granted[which] += quantity * 10;
  }

  void reserve(const std::string& number) {
    const std::string which = sku();
    const int quantity = 1 + pick(5);
    // Sometimes the whole group of one commit wants it.
    std::vector<Turn> group;
    const int times = pick(3) == 0 ? 4 : 1;
    for (int i = 0; i < times; ++i) {
      group.emplace_back(
          house_.order(number + "." + std::to_string(i), {Demand{SkuId(which), units(quantity)}}));
    }
    const auto outcomes = house_.take_all(group);
    for (int i = 0; i < times; ++i) {
      if (!outcomes[static_cast<std::size_t>(i)].lines) continue;
      model_.orders[number + "." + std::to_string(i)] = {which, quantity, ReservationStatus::Lock,
                                                         house_.now + kReservationLife};
    }
  }

  void finish(const std::string& number, Model::Placed& order, bool pays) {
    const TurnOutcome outcome = pays ? house_.confirm(number) : house_.release(number);
    const bool is_open = order.status == ReservationStatus::Lock;
    if (pays && is_open && house_.now < order.expires_at) order.status = ReservationStatus::Out;
    if (!pays && is_open) order.status = ReservationStatus::Unlock;
    if (outcome.lines) {
      EXPECT_EQ(outcome.lines->front().status, order.status) << number;
    }
    if (is_open && order.status == ReservationStatus::Lock) {
      EXPECT_EQ(code_of(outcome), "expired") << number;
      house_.take(ReleaseOrder{house_.hub.store(), number, "expired", {}, true});
      order.status = ReservationStatus::Unlock;
    }
  }

  // What the hub is told adds up to what the model says.
  void hear(const std::vector<StoreWord>& words) {
    for (const StoreWord& each : words) {
      const auto args = parse_json(each.word.word.args);
      ASSERT_TRUE(args);
      const std::string lease = *args->find("lease")->as<std::string>();
      const std::string which = house_.lease(lease).sku.text();
      model_.told_sold[which] += tenths_of(*args, "sold");
      model_.told_returned[which] += tenths_of(*args, "returned");
    }
  }

  void check() {
    const auto leases = house_.rights().leases_of(house_.hub.store());
    ASSERT_TRUE(leases);
    for (const std::string which : {"soup", "cola"}) {
      std::int64_t granted = 0, sold = 0, held = 0, told = 0, returned = 0;
      for (const LeaseRecord& lease : *leases) {
        if (lease.sku != SkuId(which)) continue;
        granted += lease.granted.in_tenths();
        sold += lease.sold.in_tenths();
        held += lease.held.in_tenths();
        told += lease.told_sold.in_tenths();
        returned += lease.returned.in_tenths();
        EXPECT_GE(lease.idle().in_tenths(), 0);
      }
      EXPECT_EQ(granted, model_.granted[which]);
      EXPECT_EQ(sold, model_.sum(which, ReservationStatus::Out) * 10);
      EXPECT_EQ(held, model_.sum(which, ReservationStatus::Lock) * 10);
      EXPECT_LE(sold + held + returned, granted) << "never more than was granted";
      EXPECT_EQ(told, model_.told_sold[which]);
      EXPECT_EQ(returned, model_.told_returned[which]);
      const auto record = house_.record(which);
      ASSERT_TRUE(record);
      EXPECT_EQ(record->relay_held.in_tenths(), held);
      EXPECT_EQ(record->relay_available.in_tenths(), granted - sold - held - returned);
    }
  }

  std::mt19937 random_;
  TurnHouse house_;
  Model model_;
  std::map<std::string, std::string> leases_;
};

TEST(TurnProperty, never_is_more_sold_and_held_than_was_granted) {
  for (unsigned seed = 1; seed <= kSeeds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    History(seed).run();
  }
}

}  // namespace
}  // namespace larder::relay
