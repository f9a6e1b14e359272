// OpenOrders: which guests hold stock of which store by orders that are not paid, so that one of
// them cannot hold all of it. In memory: what a restart forgets ends by itself within a lock's
// life. Life: as the Storefront. Thread: the loop. Limits: kShopOpenMax in all.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "relay/api/http.hpp"

namespace larder::relay {

inline constexpr std::size_t kShopOpenPerGuest = 3;
inline constexpr std::size_t kShopOpenPerStore = 200;
inline constexpr std::size_t kShopOpenMax = 100'000;

// By which limits know a guest: the address, of version 6 the network (/64) that one guest has. A
// proxy on this machine says whom it speaks for, as the last of what it was told.
std::string guest_of(const HttpRequest& request);

class OpenOrders {
 public:
  explicit OpenOrders(Duration life) : life_(life) {}

  // Takes a place for the order until ended() or its life is over. The same order again has its
  // place. False: this guest, or all guests of the store, have as many as they may.
  bool admit(const StoreId& store, const std::string& order, const std::string& guest,
             Duration now);
  void ended(const StoreId& store, const std::string& order);

 private:
  struct Open {
    std::string guest;
    Duration until;
  };
  using Key = std::pair<StoreId, std::string>;
  void forget_over(Duration now);
  std::map<Key, Open>::iterator drop(std::map<Key, Open>::iterator at);

  Duration life_;
  std::map<Key, Open> open_;
  std::map<std::string, std::size_t> of_guest_;
  std::map<StoreId, std::size_t> of_store_;
  Duration look_at_{};  // forgotten at most once in a while, and when somebody would be refused
};

}  // namespace larder::relay
