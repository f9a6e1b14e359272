// served-demand FILE DAYS SEED: a month of orders on four channels, with the link between hub and
// relay cut now and then: how much demand was refused because the right to sell it was at the
// other site, against an allocator that knows everything. FILE has one order a line: "sku units sku
// units ...". The hub is the real ledger, grants and recalls included; the relay's side holds its
// rights as core/stock's policy says. Prints one line.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "core/stock/figures.hpp"
#include "core/stock/lease_policy.hpp"
#include "tools/prove/small_shop.hpp"

namespace larder::prove {
namespace {

using Random = std::mt19937_64;
using OrderOf = std::vector<Demand>;

constexpr int kOrdersPerDay = 400;
constexpr std::int64_t kOpenSeconds = 11 * 3600;
constexpr int kOnlinePercent = 25, kKioskPercent = 25;  // the rest at the till and by eMenu
constexpr double kCutsPerDay = 2;
constexpr double kMeanCutSeconds = 20 * 60;

std::vector<OrderOf> read_orders(const char* path) {
  std::vector<OrderOf> orders;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::map<SkuId, std::int64_t> sum;
    std::string sku;
    for (std::int64_t units = 0; words >> sku >> units;) sum[SkuId(sku)] += units;
    OrderOf order;
    for (const auto& [id, units] : sum) order.push_back({id, Quantity::tenths(units * 10)});
    if (!order.empty()) orders.push_back(std::move(order));
  }
  return orders;
}

// The relay's rights at this one store, and its words and events under way while the link is cut.
class RelaySide {
 public:
  explicit RelaySide(SmallShop& shop) : shop_(shop) {}

  bool sell(const OrderOf& order) {
    bool has_all = true;
    for (const Demand& need : order) {
      Account& account = accounts_[need.sku];
      account.meter.note(need.quantity, shop_.now.at);
      if (account.idle < need.quantity) has_all = false;
    }
    for (const Demand& need : order) {
      Account& account = accounts_[need.sku];
      if (has_all) {
        account.idle = minus(account.idle, need.quantity);
        account.untold = plus(account.untold, need.quantity);
      }
      account.wanted = has_all ? Quantity() : need.quantity;
    }
    return has_all;
  }
  Quantity idle(const SkuId& sku) { return accounts_[sku].idle; }

  // What travels while the link is there: settlements, returns, asks, and what the hub says.
  void exchange() {
    hear();
    for (auto& [sku, account] : accounts_) {
      const Quantity recent = account.meter.recent(shop_.now.at);
      if (account.keep) {
        give_back(account, less_or_none(account.idle, *account.keep));
        account.keep.reset();
      }
      settle(account);
      const Quantity surplus = lease_to_return(account.idle, recent);
      if (!surplus.is_zero()) give_back(account, surplus);
      const Quantity ask = lease_to_ask(account.idle, recent, account.wanted);
      const Quantity awaited = less_or_none(account.wanted, account.idle);
      account.wanted = {};
      if (!ask.is_zero()) ask_for(sku, ask, awaited);
      hear();
    }
  }
  // At night everything goes home.
  void close() {
    hear();
    for (auto& [sku, account] : accounts_) {
      settle(account);
      give_back(account, account.idle);
    }
  }
  void heard(const Event& event) { heard_.push_back(event); }

 private:
  struct Account {
    Quantity idle, untold, wanted;
    std::optional<Quantity> keep;
    LeaseId lease;
    DemandMeter meter;
  };
  static Quantity less_or_none(Quantity a, Quantity b) { return a > b ? minus(a, b) : Quantity(); }

  void hear() {
    for (; !heard_.empty(); heard_.pop_front()) {
      if (const auto* granted = std::get_if<LeaseGranted>(&heard_.front())) {
        Account& account = accounts_[granted->sku];
        account.idle = plus(account.idle, granted->quantity);
        account.lease = granted->lease;
      } else if (const auto* recalled = std::get_if<LeaseRecalled>(&heard_.front())) {
        accounts_[recalled->sku].keep = recalled->keep;
      }
    }
  }
  void ask_for(const SkuId& sku, Quantity units, Quantity awaited) {
    const auto decision = shop_.run(shop_.relay, AskLease{sku, {}, units, awaited});
    if (!decision) return;
    for (const Event& event : decision->events) heard(event);
  }
  void settle(Account& account) {
    if (account.untold.is_zero()) return;
    shop_.must(shop_.relay, SettleLease{account.lease, account.untold, {}, false});
    account.untold = {};
  }
  void give_back(Account& account, Quantity units) {
    if (units.is_zero()) return;
    settle(account);
    shop_.must(shop_.relay, SettleLease{account.lease, {}, units, false});
    account.idle = minus(account.idle, units);
  }

  SmallShop& shop_;
  std::map<SkuId, Account> accounts_;
  std::deque<Event> heard_;
};

struct Tally {
  std::int64_t sellable = 0;  // tenths that an allocator which knows everything would have sold
  std::int64_t sold = 0;
  // Of the sellable: refused although hub and relay had them together.
  std::int64_t stranded = 0;
  // The same, but of all demand: also what the all-knowing allocator had sold out by then, because
  // it had served somebody who was refused here.
  std::int64_t any_stranded = 0;
};

class Month {
 public:
  Month(const std::vector<OrderOf>& orders, std::uint64_t seed)
      : orders_(orders), random_(seed), shop_(names_of(orders)), relay_(shop_) {
    std::map<SkuId, std::int64_t> units;
    for (const OrderOf& order : orders) {
      for (const Demand& need : order) units[need.sku] += need.quantity.in_tenths() / 10;
    }
    for (const auto& [sku, count] : units) {
      mean_[sku] = double(count) * kOrdersPerDay / double(orders.size());
    }
  }

  Tally run(int days) {
    for (int day = 0; day < days; ++day) one_day();
    return tally_;
  }

 private:
  static std::vector<std::string> names_of(const std::vector<OrderOf>& orders) {
    std::map<std::string, int> names;
    for (const OrderOf& order : orders) {
      for (const Demand& need : order) names[need.sku.text()] = 1;
    }
    std::vector<std::string> list;
    for (const auto& [name, one] : names) list.push_back(name);
    return list;
  }
  double real(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random_);
  }
  void tell(const Result<Decision>& decision) {
    if (!decision) return;
    for (const Event& event : decision->events) relay_.heard(event);
  }

  // As much as is usually sold, give or take: on many days something runs out.
  void stock_up() {
    for (const auto& [sku, mean] : mean_) {
      const auto units = static_cast<std::int64_t>(mean * real(0.7, 1.2) + 1);
      tell(shop_.run(shop_.till,
                     CountStock{sku, Quantity::tenths(units * 10), std::nullopt, std::nullopt}));
      omniscient_[sku] = units * 10;
    }
  }

  // When the link is cut, in seconds of the day.
  std::vector<std::pair<std::int64_t, std::int64_t>> cuts() {
    std::vector<std::pair<std::int64_t, std::int64_t>> list;
    double at = 0;
    for (;;) {
      at += std::exponential_distribution<double>(kCutsPerDay / double(kOpenSeconds))(random_);
      if (at >= double(kOpenSeconds)) return list;
      const double lasts = std::exponential_distribution<double>(1 / kMeanCutSeconds)(random_);
      list.push_back({std::int64_t(at), std::int64_t(at + lasts)});
      at += lasts;
    }
  }

  // Two peaks, at lunch and in the evening.
  std::vector<std::int64_t> moments() {
    std::vector<std::int64_t> list;
    std::normal_distribution<double> lunch(2.0 * 3600, 2700), evening(8.5 * 3600, 3600);
    for (int i = 0; i < kOrdersPerDay; ++i) {
      const double at = i % 10 < 4   ? lunch(random_)
                        : i % 10 < 8 ? evening(random_)
                                     : real(0, double(kOpenSeconds));
      list.push_back(std::clamp<std::int64_t>(std::int64_t(at), 0, kOpenSeconds - 1));
    }
    std::sort(list.begin(), list.end());
    return list;
  }

  void one_day() {
    stock_up();
    const auto cut = cuts();
    const auto is_cut = [&](std::int64_t at) {
      return std::any_of(cut.begin(), cut.end(),
                         [at](const auto& c) { return at >= c.first && at < c.second; });
    };
    const TimePoint opens = shop_.now.at;
    relay_.exchange();
    for (const std::int64_t at : moments()) {
      shop_.now.at = opens + Duration::seconds(at);
      std::uniform_int_distribution<std::size_t> which(0, orders_.size() - 1);
      link_is_up_ = !is_cut(at);
      serve(orders_[which(random_)], std::uniform_int_distribution<int>(0, 99)(random_));
      if (link_is_up_) relay_.exchange();
    }
    shop_.now.at = opens + Duration::seconds(kOpenSeconds);
    relay_.close();
    shop_.now.at = opens + Duration::seconds(24 * 3600);
    next_day();
  }

  void next_day() {
    ++day_;
    shop_.now.day.yyyymmdd = 20261121 + 100 * (day_ / 28) + day_ % 28;  // rising is all it must
    (void)shop_.run(shop_.hub, ExpireHolds{});
    for (const auto& [id, order] : shop_.ledger.orders) serve_all_.push_back(id);
    for (const OrderId& id : serve_all_) {
      (void)shop_.run(shop_.till, ServeOrder{id});
    }
    serve_all_.clear();
  }

  static std::int64_t size_of(const OrderOf& order) {
    std::int64_t tenths = 0;
    for (const Demand& need : order) tenths += need.quantity.in_tenths();
    return tenths;
  }

  void serve(const OrderOf& order, int channel) {
    const bool all_there = std::all_of(order.begin(), order.end(), [&](const Demand& need) {
      return omniscient_[need.sku] >= need.quantity.in_tenths();
    });
    if (all_there) {
      tally_.sellable += size_of(order);
      for (const Demand& need : order) omniscient_[need.sku] -= need.quantity.in_tenths();
    }
    const bool together = std::all_of(order.begin(), order.end(), [&](const Demand& need) {
      const std::int64_t here = shop_.level(need.sku.text()).available.in_tenths();
      return here + relay_.idle(need.sku).in_tenths() >= need.quantity.in_tenths();
    });
    bool is_sold = false;
    if (channel < kOnlinePercent) {
      is_sold = relay_.sell(order);
      // Short, with the link there: it asks and waits for the hub's answer before it refuses.
      if (!is_sold && link_is_up_) {
        relay_.exchange();
        is_sold = relay_.sell(order);
      }
    } else {
      const Asker& who = channel < kOnlinePercent + kKioskPercent ? shop_.kiosk : shop_.till;
      const auto decision = shop_.run(who, paid_order(order));
      is_sold = decision.has_value();
      tell(decision);
    }
    if (is_sold) tally_.sold += size_of(order);
    if (!is_sold && together) tally_.any_stranded += size_of(order);
    if (!is_sold && together && all_there) tally_.stranded += size_of(order);
  }

  const std::vector<OrderOf>& orders_;
  Random random_;
  SmallShop shop_;
  RelaySide relay_;
  std::map<SkuId, double> mean_;
  std::map<SkuId, std::int64_t> omniscient_;
  std::vector<OrderId> serve_all_;
  int day_ = 0;
  bool link_is_up_ = true;
  Tally tally_;
};

}  // namespace
}  // namespace larder::prove

int main(int argc, char** argv) {
  using namespace larder::prove;
  if (argc != 4) {
    std::fprintf(stderr, "usage: served-demand FILE DAYS SEED\n");
    return 64;
  }
  const std::vector<OrderOf> orders = read_orders(argv[1]);
  if (orders.empty()) {
    std::fprintf(stderr, "no orders in %s\n", argv[1]);
    return 66;
  }
  Month month(orders, std::strtoull(argv[3], nullptr, 10));
  const Tally tally = month.run(std::atoi(argv[2]));
  const double sellable = double(tally.sellable);
  std::printf(
      "%.2f %% stranded (%.2f %% of what was left here), %.2f %% less than all-knowing, of %.0f "
      "units (seed %s)\n",
      100 * double(tally.stranded) / sellable, 100 * double(tally.any_stranded) / sellable,
      100 * (sellable - double(tally.sold)) / sellable, sellable / 10, argv[3]);
  return 0;
}
