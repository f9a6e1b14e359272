#include "core/orders/catalog.hpp"

#include <algorithm>

#include "core/orders/menu_check.hpp"

namespace larder {

Result<Catalog> Catalog::build(Menu menu) {
  if (Result<void> checked = check_menu(menu); !checked) return pass_on(checked);
  Catalog catalog;
  catalog.menu_ = std::move(menu);
  for (std::size_t i = 0; i < catalog.menu_.items.size(); ++i) {
    const Item& item = catalog.menu_.items[i];
    for (std::size_t k = 0; k < item.skus.size(); ++k) {
      catalog.sku_places_.emplace(item.skus[k].id, std::pair(i, k));
    }
  }
  for (std::size_t i = 0; i < catalog.menu_.option_groups.size(); ++i) {
    catalog.group_places_.emplace(catalog.menu_.option_groups[i].id, i);
  }
  return catalog;
}

Catalog::Found Catalog::find(const SkuId& sku) const {
  const auto place = sku_places_.find(sku);
  if (place == sku_places_.end()) return {};
  const Item& item = menu_.items[place->second.first];
  return {&item, &item.skus[place->second.second]};
}

const OptionGroup* Catalog::group(const GroupId& id) const {
  const auto place = group_places_.find(id);
  return place != group_places_.end() ? &menu_.option_groups[place->second] : nullptr;
}

bool Catalog::has_station(const StationId& id) const {
  return std::any_of(menu_.stations.begin(), menu_.stations.end(),
                     [&id](const Station& station) { return station.id == id; });
}

}  // namespace larder
