// merge-histories COUNT SEED: the estate's three examples of concurrent change, and COUNT random
// histories, half at a hub that HQ sets from afar, half of replays by other makes, each against a
// plain model that keeps everything and computes it anew. Prints one line; exits 1 on a difference.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "core/stock/merge.hpp"
#include "tools/prove/small_shop.hpp"

namespace larder::prove {
namespace {

using Random = std::mt19937_64;

std::int64_t pick(Random& random, std::int64_t low, std::int64_t high) {
  return std::uniform_int_distribution<std::int64_t>(low, high)(random);
}

const SkuId kSoup("soup");

Quantity units_of(std::int64_t count) { return Quantity::tenths(count * 10); }

// Everything that ever happened to one SKU, as a person with a notebook would keep it.
class Notebook {
 public:
  void moved(Seq seq, std::int64_t units) { lines_.push_back({seq, units, false, {}}); }
  void set(Seq seq, std::int64_t units, TimePoint at) { lines_.push_back({seq, units, true, at}); }

  // What HQ's figure comes to; none: the store's own is later.
  std::optional<std::int64_t> from_afar(std::int64_t figure, Seq look, TimePoint at) const {
    for (const Line& line : lines_) {
      if (line.seq <= look) continue;
      if (line.is_set && line.at >= at) return std::nullopt;
      if (!line.is_set) figure += line.units;
    }
    return figure;
  }
  std::int64_t there() const {
    std::int64_t units = 0;
    for (const Line& line : lines_) units = line.is_set ? line.units : units + line.units;
    return units;
  }

 private:
  struct Line {
    Seq seq = 0;
    std::int64_t units = 0;
    bool is_set = false;
    TimePoint at;
  };
  std::vector<Line> lines_;
};

struct Underway {
  CountStock word;
  std::int64_t units = 0;
};

// One store, sold at and counted, while HQ's figures are under way for a while. True: equal to the
// notebook after every step.
bool hub_history(Random& random) {
  SmallShop shop({"soup"});
  Notebook notebook;
  const auto count_here = [&](std::int64_t units) {
    shop.must(shop.till, CountStock{kSoup, units_of(units), std::nullopt, std::nullopt});
    notebook.set(shop.ledger.seq, units, shop.now.at);
  };
  count_here(pick(random, 0, 30));
  std::vector<Underway> words;
  for (std::int64_t steps = pick(random, 5, 30); steps > 0; --steps) {
    shop.wait(pick(random, 0, 3));
    switch (pick(random, 0, 5)) {
      case 0:
        count_here(pick(random, 0, 30));
        break;
      case 1: {
        const std::int64_t figure = pick(random, 0, 30);
        words.push_back({{kSoup, units_of(figure), shop.ledger.seq, shop.now.at}, figure});
        break;
      }
      case 2: {  // one of those under way arrives
        if (words.empty()) break;
        const auto word = words.begin() + pick(random, 0, std::int64_t(words.size()) - 1);
        const auto expected = notebook.from_afar(word->units, *word->word.based_on, *word->word.at);
        const bool is_taken = shop.run(shop.hq, word->word).has_value();
        if (is_taken != expected.has_value()) return false;
        // An oversell record may follow the change: the figure is what counts.
        if (expected) {
          notebook.set(shop.ledger.seq, std::max<std::int64_t>(0, *expected), *word->word.at);
        }
        words.erase(word);
        break;
      }
      default: {
        const std::int64_t units = pick(random, 1, 4);
        const bool is_sold =
            shop.run(shop.till, paid_order({{kSoup, units_of(units)}})).has_value();
        if (is_sold != (notebook.there() >= units)) return false;
        if (is_sold) notebook.moved(shop.ledger.seq, -units);
      }
    }
    if (shop.level("soup").available != units_of(notebook.there())) return false;
  }
  return true;
}

// Tills of another make that were away: their changes in any order and more than once.
bool replay_history(Random& random) {
  const std::int64_t opening = pick(random, 0, 300);
  std::vector<OfflineChange> in_order;
  for (std::int64_t i = pick(random, 0, 25); i > 0; --i) {
    const bool sets = pick(random, 0, 4) == 0;
    in_order.push_back({"t" + std::to_string(pick(random, 1, 4)) + "-" + std::to_string(i), sets,
                        pick(random, sets ? 0 : -90, 90), TimePoint{pick(random, 0, 15)}});
  }
  std::vector<OfflineChange> arrived = in_order;
  std::shuffle(arrived.begin(), arrived.end(), random);
  std::stable_sort(in_order.begin(), in_order.end(), comes_before);
  std::int64_t model = opening;
  for (const OfflineChange& change : in_order) {
    model = change.is_absolute ? change.tenths : model + change.tenths;
  }
  return merged(opening, arrived) == model;
}

// (a) HQ marks sold out while the store sells: both count.
bool example_a() {
  SmallShop shop({"soup"});
  shop.must(shop.till, CountStock{kSoup, units_of(9), std::nullopt, std::nullopt});
  shop.must(shop.till, paid_order({{kSoup, units_of(2)}}));
  shop.must(shop.hq, MarkStock{kSoup, StockStatus::SoldOut, RestoreRule::Never, {}, {}});
  const bool refused = !shop.run(shop.till, paid_order({{kSoup, units_of(1)}}));
  return refused && shop.level("soup").available == units_of(7) &&
         shop.level("soup").status == StockStatus::SoldOut;
}

// (b) A till's change is applied, its confirmation lost, and reported again after HQ's change.
bool example_b() {
  const OfflineChange sale{"t1-1", false, -20, TimePoint{10}};
  const OfflineChange hq{"hq-1", true, 500, TimePoint{20}};
  // The log keeps each id once: the second report adds nothing.
  std::vector<OfflineChange> log{sale, hq};
  const bool is_known = std::any_of(
      log.begin(), log.end(), [&](const OfflineChange& known) { return known.id == sale.id; });
  return is_known && merged(100, log) == 500;
}

// (c) HQ's change never arrived: its word comes again under its number, once, whatever happened
// meanwhile, and takes what was sold since its look into account.
bool example_c() {
  SmallShop shop({"soup"});
  shop.must(shop.till, CountStock{kSoup, units_of(9), std::nullopt, std::nullopt});
  const CountStock word{kSoup, units_of(30), shop.ledger.seq, shop.now.at};
  TakeWord turn;
  turn.number = 1;
  turn.id = CommandId("w1");
  turn.by = "hq:alice";
  turn.verb = "stock.count";
  turn.code = "ok";
  shop.must(shop.till, paid_order({{kSoup, units_of(4)}}));
  shop.wait(3600);
  shop.must(shop.hq, word);
  shop.must(shop.hq, turn);
  const bool once = !shop.run(shop.hq, turn);
  return once && shop.level("soup").available == units_of(26);
}

int main_of(std::int64_t count, std::uint64_t seed) {
  std::int64_t differences = 0;
  differences += example_a() ? 0 : 1;
  differences += example_b() ? 0 : 1;
  differences += example_c() ? 0 : 1;
  for (std::int64_t i = 0; i < count; ++i) {
    Random random(seed + static_cast<std::uint64_t>(i));
    const bool is_equal = i % 2 == 0 ? hub_history(random) : replay_history(random);
    if (is_equal) continue;
    ++differences;
    std::printf("history %lld of seed %llu differs\n", static_cast<long long>(i),
                static_cast<unsigned long long>(seed));
  }
  std::printf("3 examples and %lld histories (seed %llu): %lld differences\n",
              static_cast<long long>(count), static_cast<unsigned long long>(seed),
              static_cast<long long>(differences));
  return differences == 0 ? 0 : 1;
}

}  // namespace
}  // namespace larder::prove

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: merge-histories COUNT SEED\n");
    return 64;
  }
  return larder::prove::main_of(std::atoll(argv[1]), std::strtoull(argv[2], nullptr, 10));
}
