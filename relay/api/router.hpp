// The one table of the relay's routes: what can be asked, by whom, with what body and parameters.
// Strict: what is not in it is 404, 405 or 422. A test holds it against the OpenAPI file.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "relay/api/accounts.hpp"
#include "relay/api/call.hpp"

namespace larder::relay {

enum class BodyKind { None, Json, Menu };

struct Route {
  std::string_view method;
  std::string_view pattern;  // "/inventory/{skuId}"
  Right right;
  BodyKind body;
  std::string_view query;  // the parameters it knows, parted by blanks
  void (*serve)(const CallPtr& call);
  bool asks_hub = false;  // the hub is asked as well: ApiLimits::hub_timeout

  std::size_t body_bytes_max() const;
  bool knows_query(std::string_view name) const;
};

std::span<const Route> routes();

struct RouteMatch {
  const Route* route = nullptr;     // null: see `allowed`
  std::vector<std::string> params;  // decoded
  std::string allowed;              // methods of that path, for 405; empty: no such path
};
// HEAD is matched as GET. `path` is as sent.
RouteMatch find_route(std::string_view method, std::string_view path);

// The routes themselves, by the file that holds them.
// inventory_routes.cpp
void get_inventory_of_sku(const CallPtr& call);
void get_inventory(const CallPtr& call);
// reservation_routes.cpp
void post_reserve(const CallPtr& call);
void post_confirm(const CallPtr& call);
void post_release(const CallPtr& call);
void get_reservations(const CallPtr& call);
// stock_routes.cpp
void post_adjust(const CallPtr& call);
void post_sync(const CallPtr& call);
// poi_routes.cpp
void sync_from_pos(const CallPtr& call);
void find_to_pos(const CallPtr& call);
void put_poi_stock(const CallPtr& call);
// oversell_routes.cpp
void get_oversells(const CallPtr& call);
void post_resolve_oversell(const CallPtr& call);
// parked_routes.cpp
void get_parked(const CallPtr& call);
void post_parked_retry(const CallPtr& call);
void post_parked_skip(const CallPtr& call);
// reconcile_routes.cpp
void post_reconcile(const CallPtr& call);
void get_differences(const CallPtr& call);
// replay_routes.cpp
void replay_offline_events(const CallPtr& call);
// word_routes.cpp
void post_word(const CallPtr& call);
void post_menu(const CallPtr& call);
void get_word(const CallPtr& call);
void get_words(const CallPtr& call);
// store_routes.cpp
void get_stores(const CallPtr& call);
void get_store(const CallPtr& call);
void get_store_stock(const CallPtr& call);
void get_store_orders(const CallPtr& call);
void get_statement(const CallPtr& call);
void post_unfreeze(const CallPtr& call);
void post_takeover(const CallPtr& call);
// outbox_routes.cpp
void get_outbox(const CallPtr& call);
void get_dead(const CallPtr& call);
void post_resend(const CallPtr& call);
void get_health(const CallPtr& call);
void get_ready(const CallPtr& call);
void get_metrics(const CallPtr& call);
// storefront_routes.cpp
void get_shop_menu(const CallPtr& call);
void get_shop_stock(const CallPtr& call);
void post_shop_order(const CallPtr& call);
void get_shop_order(const CallPtr& call);
void confirm_shop_order(const CallPtr& call);
void release_shop_order(const CallPtr& call);
// account_routes.cpp
void post_login(const CallPtr& call);
void post_logout(const CallPtr& call);
void get_me(const CallPtr& call);
void get_accounts(const CallPtr& call);
void put_user(const CallPtr& call);
void delete_user(const CallPtr& call);
void put_token(const CallPtr& call);
void delete_token(const CallPtr& call);

}  // namespace larder::relay
