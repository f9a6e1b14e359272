#include "tools/prove/small_shop.hpp"

#include <cstdio>
#include <cstdlib>

namespace larder::prove {
namespace {

constexpr std::int64_t kPrice = 100;

Menu menu_of(const std::vector<std::string>& skus) {
  Menu menu;
  menu.currency = *Currency::parse("EUR");
  menu.categories = {Category{CategoryId("all"), Text{"All", ""}}};
  for (const std::string& sku : skus) {
    Item item;
    item.id = ItemId(sku);
    item.category = CategoryId("all");
    item.name = Text{sku, ""};
    item.skus = {Sku{SkuId(sku), Text{}, Money::minor(kPrice)}};
    menu.items.push_back(std::move(item));
  }
  return menu;
}

}  // namespace

SmallShop::SmallShop(const std::vector<std::string>& skus) {
  must(hub, BeginEpoch{"measured"});
  must(Asker{DeviceId("admin"), Role::Admin}, ImportMenu{menu_of(skus)});
}

Result<Decision> SmallShop::run(const Asker& asker, const Command& command) {
  Result<Decision> decision = decide(ledger, asker, command, now);
  if (!decision) return decision;
  for (const Event& event : decision->events) apply(ledger, event, now.at, asker.staff);
  return decision;
}

Decision SmallShop::must(const Asker& asker, const Command& command) {
  Result<Decision> decision = run(asker, command);
  if (decision) return std::move(*decision);
  std::fprintf(stderr, "refused: %s\n", decision.error().message().c_str());
  std::exit(70);
}

PlaceOrder paid_order(const std::vector<Demand>& wanted) {
  PlaceOrder order;
  std::int64_t tenths = 0;
  for (const Demand& need : wanted) {
    LineRequest line;
    line.sku = need.sku;
    line.quantity = need.quantity;
    order.lines.push_back(std::move(line));
    tenths += need.quantity.in_tenths();
  }
  order.payment = Payment{Tender::Card, Money::minor(tenths * kPrice / 10), "sim"};
  return order;
}

}  // namespace larder::prove
