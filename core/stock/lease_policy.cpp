#include "core/stock/lease_policy.hpp"

#include <algorithm>

namespace larder {
namespace {

constexpr std::int64_t kThousandth = 1'000;
constexpr std::int64_t kHalvingsMax = 40;
constexpr std::int64_t kRecentMax = 1'000'000'000;  // tenths; beyond it nothing is learned

std::int64_t need_of(Quantity recent) {
  return std::clamp(recent.in_tenths(), kLeaseLeast.in_tenths(), kLeaseMost.in_tenths());
}

}  // namespace

// Between two halvings the line is straight: exact at both ends, and whole numbers throughout.
std::int64_t DemandMeter::decayed(TimePoint at) const {
  const std::int64_t passed = std::max<std::int64_t>(0, (at - at_).micros);
  const std::int64_t halvings = passed / kDemandHalfLife.micros;
  if (halvings >= kHalvingsMax) return 0;
  const std::int64_t begun = passed % kDemandHalfLife.micros / kThousandth;
  const std::int64_t left = thousandths_ >> halvings;
  return left - left / 2 * begun / (kDemandHalfLife.micros / kThousandth);
}

void DemandMeter::note(Quantity wanted, TimePoint at) {
  const std::int64_t sum = decayed(at) + wanted.in_tenths() * kThousandth;
  thousandths_ = std::clamp<std::int64_t>(sum, 0, kRecentMax * kThousandth);
  at_ = std::max(at_, at);
}

Quantity DemandMeter::recent(TimePoint at) const {
  return Quantity::tenths(decayed(at) / kThousandth);
}

Quantity lease_to_ask(Quantity idle, Quantity recent, Quantity wanted) {
  const std::int64_t here = idle.in_tenths();
  const std::int64_t target = std::max(need_of(recent), wanted.in_tenths());
  const bool is_short = wanted > idle;
  const bool runs_dry = here * 2 < target && (recent.in_tenths() > 0 || is_short);
  return Quantity::tenths(is_short || runs_dry ? target - here : 0);
}

Quantity lease_to_return(Quantity idle, Quantity recent) {
  const std::int64_t enough = 2 * need_of(recent);
  return Quantity::tenths(std::max<std::int64_t>(0, idle.in_tenths() - enough));
}

}  // namespace larder
