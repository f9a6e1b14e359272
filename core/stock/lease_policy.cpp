#include "core/stock/lease_policy.hpp"

#include <algorithm>

namespace larder {
namespace {

constexpr std::int64_t kThousandth = 1'000;
constexpr std::int64_t kUnit = 10;  // tenths
constexpr std::int64_t kHalvingsMax = 40;
constexpr std::int64_t kRecentMax = 1'000'000'000;  // tenths; beyond it nothing is learned

std::int64_t need_of(Quantity recent) {
  return std::clamp(recent.in_tenths(), kLeaseLeast.in_tenths(), kLeaseMost.in_tenths());
}

// `part` of `whole` parts of `amount`, whole units only.
std::int64_t share_of(std::int64_t amount, std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : amount * part / whole / kUnit * kUnit;
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

Quantity lease_to_grant(Quantity asked, Quantity free, Quantity here) {
  const std::int64_t left = free.in_tenths();
  const std::int64_t wish = std::min(asked.in_tenths(), left);
  if (wish <= 0) return {};
  const std::int64_t own = std::min(here.in_tenths(), kRecentMax);
  if (left - wish >= own) return Quantity::tenths(wish);
  const std::int64_t fair = share_of(left, wish, wish + own);
  const std::int64_t least = left >= 2 * kUnit ? std::min(wish, kUnit) : 0;
  return Quantity::tenths(std::clamp(std::max(fair, least), std::int64_t{0}, wish));
}

Quantity lease_to_keep(Quantity outstanding, Quantity free, Quantity here, Quantity there) {
  const std::int64_t out = outstanding.in_tenths();
  const std::int64_t own = std::min(here.in_tenths(), kRecentMax);
  const std::int64_t other = std::min(there.in_tenths(), kRecentMax);
  if (free.in_tenths() >= own) return outstanding;
  const std::int64_t both = std::min(out + free.in_tenths(), kRecentMax);
  const std::int64_t fair = share_of(both, other, own + other);
  return Quantity::tenths(std::min(out, fair));
}

Quantity lease_to_return(Quantity idle, Quantity recent) {
  const std::int64_t enough = 2 * need_of(recent);
  return Quantity::tenths(std::max<std::int64_t>(0, idle.in_tenths() - enough));
}

}  // namespace larder
