#include "core/stock/share.hpp"

#include <algorithm>
#include <numeric>

#include "core/base/invariant.hpp"

namespace larder {
namespace {

// `total` in units, by `parts` of `whole`; the parts add up to `whole`. Products stay far below
// 2^63: a total has at most 10^9 tenths, a part as many.
std::vector<std::int64_t> by_largest_remainder(std::int64_t total,
                                               const std::vector<std::int64_t>& parts,
                                               std::int64_t whole) {
  std::vector<std::int64_t> shares(parts.size());
  std::vector<std::int64_t> remainders(parts.size());
  std::int64_t given = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    shares[i] = total * parts[i] / whole;
    remainders[i] = total * parts[i] % whole;
    given += shares[i];
  }
  std::vector<std::size_t> order(parts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  for (std::size_t i = 0; given < total; ++i, ++given) ++shares[order.at(i)];
  return shares;
}

std::vector<Quantity> share(Quantity total, const std::vector<std::int64_t>& parts,
                            std::int64_t whole) {
  const std::int64_t unit = total.in_tenths() % 10 == 0 ? 10 : 1;
  std::vector<Quantity> shares;
  for (const std::int64_t units : by_largest_remainder(total.in_tenths() / unit, parts, whole)) {
    shares.push_back(Quantity::tenths(units * unit));
  }
  return shares;
}

}  // namespace

Shares share_out(Quantity total, std::span<const std::uint32_t> weights) {
  std::vector<std::int64_t> parts(weights.begin(), weights.end());
  const std::int64_t claimed = std::accumulate(parts.begin(), parts.end(), std::int64_t{0});
  invariant(claimed <= 100 && total.in_tenths() >= 0, "weights claim more than there is");
  parts.push_back(100 - claimed);
  Shares result;
  result.shares = share(total, parts, 100);
  result.rest = result.shares.back();
  result.shares.pop_back();
  return result;
}

std::vector<Quantity> share_in_proportion(Quantity total, std::span<const Quantity> figures) {
  std::vector<std::int64_t> parts;
  for (const Quantity figure : figures) parts.push_back(figure.in_tenths());
  const std::int64_t whole = std::accumulate(parts.begin(), parts.end(), std::int64_t{0});
  if (whole == 0) return std::vector<Quantity>(figures.size());
  return share(total, parts, whole);
}

}  // namespace larder
