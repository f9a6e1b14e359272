#include "relay/api/open_orders.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace larder::relay {
namespace {

constexpr Duration kLookEvery = Duration::seconds(10);
constexpr std::size_t kNetworkBytes = 8;  // of the sixteen of an address: /64

template <typename Key>
void count_down(std::map<Key, std::size_t>& counts, const Key& key) {
  const auto found = counts.find(key);
  if (found != counts.end() && --found->second == 0) counts.erase(found);
}

template <typename Key>
std::size_t count_of(const std::map<Key, std::size_t>& counts, const Key& key) {
  const auto found = counts.find(key);
  return found == counts.end() ? 0 : found->second;
}

// The network of an address of version 6; version 4, also in the clothes of 6, as it is.
std::string network_of(const std::string& address) {
  in6_addr six{};
  if (inet_pton(AF_INET6, address.c_str(), &six) != 1) return address;
  std::array<unsigned char, sizeof(six.s6_addr)> bytes{};
  std::copy(std::begin(six.s6_addr), std::end(six.s6_addr), bytes.begin());
  if (IN6_IS_ADDR_V4MAPPED(&six)) {
    std::string four;
    for (std::size_t i = 12; i < bytes.size(); ++i) {
      if (!four.empty()) four += '.';
      four += std::to_string(bytes[i]);
    }
    return four;
  }
  std::fill(bytes.begin() + kNetworkBytes, bytes.end(), 0);
  std::copy(bytes.begin(), bytes.end(), std::begin(six.s6_addr));
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(AF_INET6, &six, text.data(), text.size());
  return std::string(text.data()) + "/64";
}

}  // namespace

std::string guest_of(const HttpRequest& request) {
  const bool is_near = request.address == "127.0.0.1" || request.address == "::1" ||
                       request.address == "::ffff:127.0.0.1";
  if (!is_near) return network_of(request.address);
  // A proxy adds its own at the end, in the last line; what stands before it a guest may have made
  // up.
  std::string_view named;
  for (const auto& [name, value] : request.fields) {
    if (name == "x-forwarded-for") named = value;
  }
  std::string_view last = named.substr(named.find_last_of(',') + 1);
  while (last.starts_with(' ') || last.starts_with('\t')) last.remove_prefix(1);
  while (last.ends_with(' ') || last.ends_with('\t')) last.remove_suffix(1);
  if (last.empty()) return request.address;
  return network_of(std::string(last.substr(0, INET6_ADDRSTRLEN)));
}

bool OpenOrders::admit(const StoreId& store, const std::string& order, const std::string& guest,
                       Duration now) {
  const bool is_full = count_of(of_guest_, guest) >= kShopOpenPerGuest ||
                       count_of(of_store_, store) >= kShopOpenPerStore ||
                       open_.size() >= kShopOpenMax;
  if (is_full || now >= look_at_) forget_over(now);
  const Key key{store, order};
  if (open_.contains(key)) return true;
  if (count_of(of_guest_, guest) >= kShopOpenPerGuest) return false;
  if (count_of(of_store_, store) >= kShopOpenPerStore || open_.size() >= kShopOpenMax) return false;
  open_.emplace(key, Open{guest, Duration{now.micros + life_.micros}});
  ++of_guest_[guest];
  ++of_store_[store];
  return true;
}

void OpenOrders::ended(const StoreId& store, const std::string& order) {
  const auto found = open_.find(Key{store, order});
  if (found != open_.end()) drop(found);
}

void OpenOrders::forget_over(Duration now) {
  look_at_ = now + kLookEvery;
  for (auto at = open_.begin(); at != open_.end();) {
    at = at->second.until <= now ? drop(at) : std::next(at);
  }
}

std::map<OpenOrders::Key, OpenOrders::Open>::iterator OpenOrders::drop(
    std::map<Key, Open>::iterator at) {
  count_down(of_guest_, at->second.guest);
  count_down(of_store_, at->first.first);
  return open_.erase(at);
}

}  // namespace larder::relay
