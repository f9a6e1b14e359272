// What the storefront asks of a store's rows: its menu, what can be sold of it online, and how far
// an order has come. Values, and the port that answers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/quantity.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/stock/level.hpp"
#include "relay/app/turns.hpp"

namespace larder::relay {

// One SKU as a channel of the relay may sell it.
struct ShopLevel {
  SkuId sku;
  StockType type = StockType::Unlimited;
  StockStatus status = StockStatus::Available;  // of the SKU, or of the channel when that says so
  // Of a limited one, the most of one order: what a single lease of the relay has idle for the
  // channel, and how much more it may be while the hub is there to grant it.
  Quantity here, there;
};
// Which menu: a hub numbers its menus from the one before, so that within an epoch no number comes
// twice; after a restore the number of a lost one does.
struct MenuMark {
  Epoch epoch = 0;
  std::uint64_t version = 0;  // 0: this store never sent a menu, or a restore has left it none
  bool operator==(const MenuMark&) const = default;
};
struct ShopState {
  MenuMark menu;
  std::vector<ShopLevel> levels;  // in order of SKU
};

// An order that was sold online, with what its store made of it.
struct ShopOrder {
  StoreId store;
  std::string order;
  ReservationStatus status = ReservationStatus::Lock;
  std::string reason;  // why it was released
  TimePoint expires_at, updated_at;
  std::string online_order;  // what was ordered: the arguments of the word
  // The word about it: "" not taken yet, "ok", or the code of the refusal and its sentence.
  std::string outcome, message;
  struct AtStore {
    std::uint32_t number = 0;
    std::string state;   // as on the wire
    std::string reason;  // of one that was cancelled or voided
    TimePoint updated_at;
  };
  std::optional<AtStore> at_store;
};

// As ShardStore: each function is one read, on the database's worker.
class ShopStore {
 public:
  virtual ~ShopStore() = default;
  virtual Result<ShopState> shop(const StoreId& store, const ChannelCode& channel,
                                 TimePoint now) = 0;
  // A MENU of PROTOCOL.md as JSON, of version 0 where a restore has left none; none: it never sent
  // one.
  virtual Result<std::optional<std::string>> shop_menu(const StoreId& store) = 0;
  // None: there is no such order, or it is not one that its store hears of.
  virtual Result<std::optional<ShopOrder>> shop_order(const StoreId& store,
                                                      const std::string& order) = 0;
};

}  // namespace larder::relay
