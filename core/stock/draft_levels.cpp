// What a person says of a SKU, and what comes back by itself: counts, marks, limits, channels,
// thresholds, restores.
#include <algorithm>
#include <numeric>

#include "core/base/limits.hpp"
#include "core/stock/draft.hpp"
#include "core/stock/figures.hpp"
#include "core/stock/share.hpp"

namespace larder {
namespace {

Refused bad_figure(const SkuId& sku) {
  return refuse(Code::BadQuantity,
                sku.text() + ": a count is from 0 to 100000000, with what is held", sku.text());
}

// The accounts claim no more than what there is: cut in proportion to what each has left.
void cut_accounts(StockLevel& level) {
  std::vector<Quantity> left;
  Quantity claimed;
  for (const ChannelAccount& account : level.channels) {
    left.push_back(left_of(account));
    claimed = plus(claimed, left.back());
  }
  if (claimed <= level.available) return;
  const std::vector<Quantity> shares = share_in_proportion(level.available, left);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    level.channels[i].quota = plus(level.channels[i].sold, shares[i]);
  }
}

// Accounts with a weight get their share of what the others leave.
void share_by_weight(StockLevel& level) {
  cut_accounts(level);
  Quantity base = level.available;
  std::vector<std::uint32_t> weights;
  for (const ChannelAccount& account : level.channels) {
    if (account.weight == 0) base = minus(base, left_of(account));
    if (account.weight != 0) weights.push_back(account.weight);
  }
  const Shares shares = share_out(base, weights);
  std::size_t next = 0;
  for (ChannelAccount& account : level.channels) {
    if (account.weight == 0) continue;
    account.sold = {};
    account.quota = shares.shares[next++];
  }
}

// What was found, less what is leased, is the hub's to sell; what is missing to that is owed.
void take_count(StockLevel& level, Quantity found) {
  level.available = found > level.leased ? minus(found, level.leased) : Quantity();
  level.owed = found < level.leased ? minus(level.leased, found) : Quantity();
  level.unverified = false;
  share_by_weight(level);
}

void make_unlimited(StockLevel& level) {
  level.available = {};
  level.owed = {};
  level.unverified = false;
  for (ChannelAccount& account : level.channels) account.quota = account.sold;
}

bool says_nothing(const ChannelAccount& account) {
  return account.status == StockStatus::Available && account.quota.is_zero() && account.weight == 0;
}

void drop_empty_accounts(StockLevel& level) {
  std::erase_if(level.channels, [](const ChannelAccount& a) { return says_nothing(a); });
}

}  // namespace

Result<Movement> StockDraft::count(const SkuId& sku, Quantity found) {
  if (found.in_tenths() < 0 || found.in_tenths() > kQuantityTenthsMax) return bad_figure(sku);
  StockLevel after = level(sku);
  after.type = StockType::Limited;
  take_count(after, found);
  if (!fits_the_books(after)) return bad_figure(sku);
  return move(sku, MovementKind::Count, after);
}

Movement StockDraft::mark(const SkuId& sku, StockStatus status, RestoreRule restore,
                          TimePoint restore_at, const ChannelCode& channel) {
  StockLevel after = level(sku);
  if (!channel.empty()) {
    account_for(after, channel).status = status;
    drop_empty_accounts(after);
    return move(sku, MovementKind::Mark, after);
  }
  after.status = status;
  after.restore = status == StockStatus::SoldOut ? restore : RestoreRule::Never;
  after.restore_at = after.restore == RestoreRule::At ? restore_at : TimePoint{};
  return move(sku, MovementKind::Mark, after);
}

Result<Movement> StockDraft::limit(const SkuId& sku, StockType type, Quantity available,
                                   std::optional<Quantity> plan) {
  if (available.in_tenths() < 0 || available.in_tenths() > kQuantityTenthsMax) {
    return bad_figure(sku);
  }
  StockLevel after = level(sku);
  after.type = type;
  if (plan) after.plan = *plan;
  if (type == StockType::Unlimited) after.plan = {};
  if (type == StockType::Unlimited) make_unlimited(after);
  if (type == StockType::Limited) take_count(after, available);
  if (!fits_the_books(after)) return bad_figure(sku);
  return move(sku, MovementKind::Limit, after);
}

Result<Movement> StockDraft::set_channels(const SkuId& sku,
                                          std::span<const ChannelChange> changes) {
  StockLevel after = level(sku);
  bool shares_anew = false;
  for (const ChannelChange& change : changes) {
    ChannelAccount& account = account_for(after, change.channel);
    if (change.status) account.status = *change.status;
    if (change.quota &&
        (change.quota->in_tenths() < 0 || change.quota->in_tenths() > kQuantityTenthsMax)) {
      return refuse(Code::BadQuantity, sku.text() + ": a quota is at least 0", sku.text());
    }
    if (change.quota) account.quota = std::max(*change.quota, account.sold);
    if (!change.weight) continue;
    account.weight = *change.weight;
    shares_anew = true;
  }
  std::uint64_t weights = 0;
  for (const ChannelAccount& account : after.channels) weights += account.weight;
  if (weights > 100) {
    return refuse(Code::BadQuantity, sku.text() + ": the weights are more than 100 % together",
                  sku.text());
  }
  if (after.channels.size() > kChannelsPerSkuMax) {
    return refuse(Code::BadQuantity, sku.text() + ": at most 16 channels", sku.text());
  }
  if (after.type == StockType::Unlimited) make_unlimited(after);
  if (after.type == StockType::Limited && shares_anew) {
    Quantity fixed;
    for (const ChannelAccount& account : after.channels) {
      if (account.weight == 0) fixed = plus(fixed, left_of(account));
    }
    if (fixed <= after.available) share_by_weight(after);
  }
  if (!fits_the_books(after)) {
    return refuse(
        Code::WouldBreakCommitments,
        sku.text() + ": the quotas are more than the " + after.available.text() + " that are left",
        sku.text());
  }
  drop_empty_accounts(after);
  return move(sku, MovementKind::Channels, after);
}

Result<Movement> StockDraft::set_thresholds(const SkuId& sku, Quantity warning, Quantity critical) {
  if (critical.in_tenths() < 0 || critical > warning || warning.in_tenths() > kQuantityTenthsMax) {
    return refuse(Code::BadQuantity,
                  sku.text() + ": the critical threshold is at most the warning threshold",
                  sku.text());
  }
  StockLevel after = level(sku);
  after.warning = warning;
  after.critical = critical;
  return move(sku, MovementKind::Thresholds, after);
}

// A plan is what is there again; quotas begin anew with it.
Movement StockDraft::refill(const SkuId& sku, StockLevel after) {
  if (after.type == StockType::Limited && !after.plan.is_zero()) {
    for (ChannelAccount& account : after.channels) account.sold = {};
    const Quantity most = Quantity::tenths(kQuantityTenthsMax - after.held.in_tenths());
    take_count(after, std::min(after.plan, most));
  }
  return move(sku, MovementKind::Restore, after);
}

std::vector<Movement> StockDraft::restore_for_new_day() {
  std::vector<Movement> movements;
  for (const auto& [sku, kept] : stock_.levels()) {
    StockLevel after = level(sku);
    const bool comes_back =
        after.status == StockStatus::SoldOut && after.restore == RestoreRule::NextDay;
    const bool is_planned = after.type == StockType::Limited && !after.plan.is_zero();
    if (!comes_back && !is_planned) continue;
    if (comes_back) {
      after.status = StockStatus::Available;
      after.restore = RestoreRule::Never;
    }
    movements.push_back(refill(sku, after));
  }
  return movements;
}

std::vector<Movement> StockDraft::restore_due(TimePoint at) {
  std::vector<Movement> movements;
  for (const SkuId& sku : stock_.due(at)) {
    StockLevel after = level(sku);
    const bool is_due = after.status == StockStatus::SoldOut && after.restore == RestoreRule::At &&
                        after.restore_at <= at;
    if (!is_due) continue;
    after.status = StockStatus::Available;
    after.restore = RestoreRule::Never;
    after.restore_at = {};
    movements.push_back(refill(sku, after));
  }
  return movements;
}

}  // namespace larder
