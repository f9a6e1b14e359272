// Storefront: what guests may ask of the relay, without an account and narrowly. Knows each asked
// store's menu and, for kShelfLife, what can be sold of it, so that a crowd of open pages costs its
// database a few reads a second. Life: as the Api. Thread: the loop.
// Limits: kShopsKept stores in memory, of which kShopMenusKept with their menus, of
// kShopMenuBytesKept in all; reads and changes by guest (Throttle), and what guests hold
// (OpenOrders).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/ledger/commands.hpp"
#include "core/orders/pricing.hpp"
#include "lan-protocol/json.hpp"
#include "relay/api/http.hpp"
#include "relay/api/open_orders.hpp"
#include "relay/api/throttle.hpp"
#include "relay/app/desk.hpp"

namespace larder::relay {

inline constexpr std::string_view kStorefrontRoutes = "/api/v1/storefront/";
inline constexpr Duration kShelfLife{200'000};
inline constexpr Duration kShopLockLife = Duration::minutes(3);
inline constexpr std::size_t kShopsKept = 2'000;
inline constexpr std::size_t kShopMenusKept = 200;
inline constexpr std::size_t kShopMenuBytesKept = 16 * 1024 * 1024;  // as JSON
inline constexpr std::size_t kShopPiecesMax = 50;                    // of all lines of one order

// A store's menu, ready to price with.
struct ShopMenu {
  MenuMark mark;  // that the shelf spoke of when it was asked for; what is here may be newer
  std::string json;
  std::string etag;  // by its bytes: the numbers of menus come again after a restore
  Catalog catalog;
};
// What can be sold of it now.
struct ShopShelf {
  ShopState state;
  bool is_live = false;  // the store's hub is there
  std::string json;
  std::string etag;
  // What one more guest can have of it; none: as much as they like.
  std::optional<Quantity> left(const SkuId& sku) const;
};
// What a guest wants, priced by the store's menu.
struct ShopDraft {
  PlaceOnline order;
  Money total;
  std::vector<Demand> demand;
};

class Storefront {
 public:
  Storefront(Desk& desk, Clock& clock);

  enum class Manner { Read, Change };
  // False: this guest asks too often.
  bool admits(const HttpRequest& request, Manner manner);

  using Shelf = std::shared_ptr<const ShopShelf>;
  using MenuPtr = std::shared_ptr<const ShopMenu>;
  // NotFound: no such store, or it never sent a menu. `fresh`: read now, whatever is known.
  void shelf(const StoreId& store, bool fresh, Done<Shelf> done);
  void menu(const StoreId& store, Done<MenuPtr> done);
  OpenOrders& open_orders() { return open_orders_; }
  // The lines as a till would take them, by the newest menu. `order`: the arguments of the word
  // online.order, of which lines, name and note come from a guest.
  static Result<ShopDraft> price(const ShopMenu& menu, const Json& order);

 private:
  struct Kept {
    Shelf shelf;
    Duration at{-kShelfLife.micros};
    std::vector<Done<Shelf>> waiting;  // for a read that is under way
    MenuPtr menu;
    Duration menu_asked_at{};
    std::vector<Done<MenuPtr>> menu_waiting;
  };
  void read(const StoreId& store);
  void heard(const StoreId& store, Result<ShopState> state);
  void read_menu(const StoreId& store, const MenuMark& mark);
  void heard_menu(const StoreId& store, const MenuMark& mark,
                  Result<std::optional<std::string>> text);
  void make_room(std::size_t bytes);
  Kept& keep(const StoreId& store);

  Desk& desk_;
  Clock& clock_;
  std::map<StoreId, Kept> kept_;
  Throttle reads_;
  Throttle changes_;
  OpenOrders open_orders_;
};

// The estate's number of the order that `token` is the secret of. Who knows the number alone (the
// till, HQ, a log) cannot ask for the order as its guest.
std::string shop_order_number(const StoreId& store, std::string_view token);
bool is_shop_token(std::string_view token);

}  // namespace larder::relay
