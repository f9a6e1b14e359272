#include "relay/api/router.hpp"

#include <algorithm>
#include <array>

#include "relay/api/limits.hpp"

namespace larder::relay {

namespace {

constexpr std::array kRoutes = {
    Route{"GET", "/healthz", Right::Anybody, BodyKind::None, "", get_health},
    Route{"GET", "/readyz", Right::Anybody, BodyKind::None, "", get_ready},
    Route{"GET", "/metrics", Right::Anybody, BodyKind::None, "", get_metrics},
    Route{"POST", "/login", Right::Anybody, BodyKind::Json, "", post_login},
    Route{"POST", "/logout", Right::Read, BodyKind::None, "", post_logout},

    Route{"GET", "/inventory", Right::Read, BodyKind::None, "skuIds warehouseId", get_inventory},
    Route{"GET", "/inventory/reservations", Right::Read, BodyKind::None, "orderNo",
          get_reservations},
    Route{"GET", "/inventory/{skuId}", Right::Read, BodyKind::None, "warehouseId",
          get_inventory_of_sku},
    Route{"POST", "/inventory/reserve", Right::Update, BodyKind::Json, "", post_reserve},
    Route{"POST", "/inventory/reservations/confirm", Right::Update, BodyKind::None,
          "orderNo warehouseId", post_confirm},
    Route{"POST", "/inventory/reservations/release", Right::Update, BodyKind::None,
          "orderNo reason warehouseId", post_release},
    Route{"POST", "/inventory/adjust", Right::Admin, BodyKind::Json, "wait", post_adjust},
    Route{"POST", "/inventory/{skuId}/sync", Right::Update, BodyKind::None, "warehouseId",
          post_sync},
    Route{"POST", "/api/v1/poi/stock/sync-from-pos", Right::Update, BodyKind::Json, "",
          sync_from_pos},
    Route{"POST", "/api/v1/poi/stock/replay-offline-events", Right::Update, BodyKind::Json, "",
          replay_offline_events},
    Route{"POST", "/api/v1/poi/stock/find-to-pos", Right::Read, BodyKind::Json, "", find_to_pos},
    Route{"PUT", "/api/v1/poi/stock", Right::Update, BodyKind::Json, "wait", put_poi_stock},

    Route{"GET", "/api/v1/storefront/stores/{storeId}/menu", Right::Anybody, BodyKind::None, "",
          get_shop_menu},
    Route{"GET", "/api/v1/storefront/stores/{storeId}/stock", Right::Anybody, BodyKind::None, "",
          get_shop_stock},
    Route{"POST", "/api/v1/storefront/stores/{storeId}/orders", Right::Anybody, BodyKind::Json, "",
          post_shop_order},
    Route{"GET", "/api/v1/storefront/stores/{storeId}/orders/{orderNo}", Right::Anybody,
          BodyKind::None, "", get_shop_order},
    Route{"POST", "/api/v1/storefront/stores/{storeId}/orders/{orderNo}/confirm", Right::Anybody,
          BodyKind::None, "", confirm_shop_order},
    Route{"POST", "/api/v1/storefront/stores/{storeId}/orders/{orderNo}/release", Right::Anybody,
          BodyKind::None, "reason", release_shop_order},

    Route{"GET", "/api/v1/hq/me", Right::Read, BodyKind::None, "", get_me},
    Route{"GET", "/api/v1/hq/stores", Right::Read, BodyKind::None, "search only limit after",
          get_stores},
    Route{"GET", "/api/v1/hq/stores/{storeId}", Right::Read, BodyKind::None, "", get_store},
    Route{"GET", "/api/v1/hq/stores/{storeId}/stock", Right::Read, BodyKind::None, "",
          get_store_stock},
    Route{"GET", "/api/v1/hq/stores/{storeId}/orders", Right::Read, BodyKind::None, "limit",
          get_store_orders},
    Route{"GET", "/api/v1/hq/stores/{storeId}/words", Right::Read, BodyKind::None, "limit",
          get_words},
    Route{"POST", "/api/v1/hq/stores/{storeId}/words", Right::Update, BodyKind::Json, "wait",
          post_word},
    Route{"GET", "/api/v1/hq/stores/{storeId}/words/{number}", Right::Read, BodyKind::None, "wait",
          get_word},
    Route{"POST", "/api/v1/hq/stores/{storeId}/menu", Right::Update, BodyKind::Menu, "wait",
          post_menu},
    Route{"GET", "/api/v1/hq/stores/{storeId}/statement", Right::Read, BodyKind::None, "day",
          get_statement, true},
    Route{"POST", "/api/v1/hq/stores/{storeId}/unfreeze", Right::Admin, BodyKind::None, "",
          post_unfreeze},
    Route{"POST", "/api/v1/hq/stores/{storeId}/takeover", Right::Admin, BodyKind::None, "",
          post_takeover},
    Route{"POST", "/api/v1/hq/stores/{storeId}/reconcile", Right::Admin, BodyKind::None, "",
          post_reconcile, true},
    Route{"GET", "/api/v1/hq/stores/{storeId}/differences", Right::Read, BodyKind::None, "",
          get_differences},

    Route{"GET", "/api/v1/hq/stores/{storeId}/parked", Right::Read, BodyKind::None, "", get_parked},
    Route{"POST", "/api/v1/hq/stores/{storeId}/parked/{epoch}/{seq}/retry", Right::Admin,
          BodyKind::None, "", post_parked_retry},
    Route{"POST", "/api/v1/hq/stores/{storeId}/parked/{epoch}/{seq}/skip", Right::Admin,
          BodyKind::Json, "", post_parked_skip},
    Route{"GET", "/api/v1/hq/oversells", Right::Read, BodyKind::None, "state store limit after",
          get_oversells},
    Route{"POST", "/api/v1/hq/stores/{storeId}/oversells/{id}/resolve", Right::Update,
          BodyKind::Json, "wait", post_resolve_oversell},
    Route{"GET", "/api/v1/hq/outbox", Right::Read, BodyKind::None, "", get_outbox},
    Route{"GET", "/api/v1/hq/outbox/dead", Right::Admin, BodyKind::None, "limit", get_dead},
    Route{"POST", "/api/v1/hq/outbox/dead/{database}/{id}/resend", Right::Admin, BodyKind::None, "",
          post_resend},

    Route{"GET", "/api/v1/hq/accounts", Right::Admin, BodyKind::None, "", get_accounts},
    Route{"PUT", "/api/v1/hq/users/{name}", Right::Admin, BodyKind::Json, "", put_user},
    Route{"DELETE", "/api/v1/hq/users/{name}", Right::Admin, BodyKind::None, "", delete_user},
    Route{"PUT", "/api/v1/hq/tokens/{name}", Right::Admin, BodyKind::Json, "", put_token},
    Route{"DELETE", "/api/v1/hq/tokens/{name}", Right::Admin, BodyKind::None, "", delete_token},
};

std::string_view next_part(std::string_view& rest) {
  rest.remove_prefix(1);  // the slash
  const std::size_t end = std::min(rest.find('/'), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end);
  return part;
}

// The values of the pattern's {names}; none when the path is another.
std::optional<std::vector<std::string>> params_of(std::string_view pattern, std::string_view path) {
  std::vector<std::string> params;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = next_part(pattern);
    const std::string_view part = next_part(path);
    if (!wanted.starts_with('{')) {
      if (wanted != part) return std::nullopt;
      continue;
    }
    auto decoded = percent_decoded(part);
    if (!decoded || decoded->empty()) return std::nullopt;
    params.push_back(std::move(*decoded));
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return params;
}

}  // namespace

std::size_t Route::body_bytes_max() const {
  switch (body) {
    case BodyKind::None:
      return 0;
    case BodyKind::Json:
      return kApiBodyBytesMax;
    case BodyKind::Menu:
      return kApiMenuBytesMax;
  }
  return 0;
}

bool Route::knows_query(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    if (rest.substr(0, end) == name) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

std::span<const Route> routes() { return kRoutes; }

// An address that a route names letter for letter is that route's alone: it is nobody's {name}.
RouteMatch find_route(std::string_view method, std::string_view path) {
  RouteMatch match;
  const bool is_named = std::any_of(kRoutes.begin(), kRoutes.end(),
                                    [path](const Route& route) { return route.pattern == path; });
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  for (const Route& route : kRoutes) {
    if (is_named && route.pattern != path) continue;
    auto params = params_of(route.pattern, path);
    if (!params) continue;
    if (route.method == wanted) {
      return {.route = &route, .params = std::move(*params), .allowed = {}};
    }
    if (!match.allowed.empty()) match.allowed += ", ";
    match.allowed += route.method == "GET" ? "GET, HEAD" : route.method;
  }
  return match;
}

}  // namespace larder::relay
