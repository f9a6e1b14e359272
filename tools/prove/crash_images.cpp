// crash-images: images of a store as a power cut would leave them, behind every operation of a busy
// minute on the faulty disk, each opened with the real journal and held against the record. For the
// claim of that name.
//
//   crash-images IMAGES [--seed N] [--threads N]    the last line: "20,000 images, 0 bad"
//   crash-images 1 --seed N --only AT:VARIANT       one of them again, as a bad one was printed
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/image_audit.hpp"
#include "tests/support/scratch_folder.hpp"

namespace larder::edge {
namespace {

constexpr int kSteps = 90;  // of commands: some 2,500 operations of the disk
constexpr int kStepsBetweenUpkeep = 6;
constexpr std::size_t kBadShown = 10;
constexpr std::size_t kProgressEvery = 5'000;

struct Order {
  std::size_t images = 20'000;
  std::uint64_t seed = 20261121;
  unsigned threads = 2;
  std::optional<std::pair<std::size_t, std::size_t>> only;  // operation, variant
};

std::string thousands(std::size_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t at = 0; at < digits.size(); ++at) {
    if (at > 0 && (digits.size() - at) % 3 == 0) text += ',';
    text += digits[at];
  }
  return text;
}

// What happens to the un-synced operations in the variant of a crash: all lost; each by itself; the
// same and a second cut in the recovery; a medium that damages neighbours.
Audit audit_of(const Order& order, std::size_t at, std::size_t variant, std::uint64_t& seed) {
  seed = (order.seed * 1'000'003 + at) * 1'000'003 + variant + 1;
  constexpr Cut kCuts[] = {Cut::Mixed, Cut::NothingMore, Cut::Mixed, Cut::Damaging};
  const Cut cut = variant == 0 ? Cut::Mixed : kCuts[variant % std::size(kCuts)];
  return {at, variant % std::size(kCuts) == 2 ? seed : 0, cut};
}

// Both threads follow the whole trace, each looks at its share of the operations.
class Bench {
 public:
  Bench(const Order& order, const BusyMinute& minute) : order_(order), minute_(minute) {}

  std::size_t run() {
    std::vector<std::thread> threads;
    for (unsigned share = 0; share < order_.threads; ++share) {
      threads.emplace_back([this, share] { follow(share); });
    }
    for (auto& thread : threads) thread.join();
    return bad_;
  }
  std::size_t images() const { return images_; }

 private:
  // As evenly as whole variants can be spread over the operations.
  std::size_t variants_at(std::size_t at) const {
    const std::size_t cuts = minute_.trace.size();
    return order_.images * at / cuts - order_.images * (at - 1) / cuts;
  }

  void follow(unsigned share) {
    const ScratchFolder folder;
    DiskModel model;
    for (std::size_t at = 1; at <= minute_.trace.size(); ++at) {
      model.apply(minute_.trace[at - 1]);
      if (order_.only) {
        if (share == 0 && at == order_.only->first) look(model, at, order_.only->second, folder);
        continue;
      }
      if (at % order_.threads != share) continue;
      for (std::size_t variant = 0; variant < variants_at(at); ++variant) {
        look(model, at, variant, folder);
      }
    }
  }

  void look(const DiskModel& model, std::size_t at, std::size_t variant,
            const ScratchFolder& folder) {
    std::uint64_t seed = 0;
    const Audit audit = audit_of(order_, at, variant, seed);
    Fates fates(audit.cut, seed);
    const auto wrong = audit_image(minute_, model.after_power_cut(fates), audit, folder.data());
    const std::size_t done = ++images_;
    const std::lock_guard lock(mutex_);
    if (done % kProgressEvery == 0) {
      std::printf("%s images, %s bad\n", thousands(done).c_str(), thousands(bad_).c_str());
      std::fflush(stdout);
    }
    if (wrong.empty() || bad_++ >= kBadShown) return;
    std::printf("BAD --seed %llu --only %zu:%zu: %s\n",
                static_cast<unsigned long long>(order_.seed), at, variant, wrong.c_str());
  }

  const Order& order_;
  const BusyMinute& minute_;
  std::atomic<std::size_t> images_ = 0;
  std::mutex mutex_;
  std::size_t bad_ = 0;
};

int run(const Order& order) {
  const auto began = std::chrono::steady_clock::now();
  BusyMinute minute;
  {
    const ScratchFolder folder;
    minute =
        record_minute(MinuteSize{order.seed, kSteps, kStepsBetweenUpkeep, true}, folder.data());
  }
  std::printf("seed %llu: %s operations of the disk, %s groups, %s answers\n",
              static_cast<unsigned long long>(order.seed), thousands(minute.trace.size()).c_str(),
              thousands(minute.groups.size() - 1).c_str(), thousands(minute.acks.size()).c_str());
  std::fflush(stdout);
  Bench bench(order, minute);
  const std::size_t bad = bench.run();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::printf("%.1f s, %.1f ms each on %u threads\n", took.count(),
              took.count() * 1e3 * order.threads /
                  static_cast<double>(std::max<std::size_t>(1, bench.images())),
              order.threads);
  std::printf("%s images, %s bad\n", thousands(bench.images()).c_str(), thousands(bad).c_str());
  return bad == 0 && bench.images() > 0 ? 0 : 1;
}

std::optional<Order> read_order(int count, char** values) {
  if (count < 2 || count % 2 != 0) return std::nullopt;
  Order order;
  order.images = std::strtoull(values[1], nullptr, 10);
  for (int at = 2; at + 1 < count; at += 2) {
    const std::string name = values[at];
    char* end = nullptr;
    const auto number = std::strtoull(values[at + 1], &end, 10);
    if (name == "--seed") {
      order.seed = number;
    } else if (name == "--threads" && number >= 1 && number <= 64) {
      order.threads = static_cast<unsigned>(number);
    } else if (name == "--only" && *end == ':') {
      order.only = {number, std::strtoull(end + 1, nullptr, 10)};
    } else {
      return std::nullopt;
    }
  }
  return order.images > 0 ? std::optional(order) : std::nullopt;
}

}  // namespace
}  // namespace larder::edge

int main(int count, char** values) {
  const auto order = larder::edge::read_order(count, values);
  if (!order) {
    std::fputs("crash-images IMAGES [--seed N] [--threads N] [--only AT:VARIANT]\n", stderr);
    return 64;
  }
  return larder::edge::run(*order);
}
