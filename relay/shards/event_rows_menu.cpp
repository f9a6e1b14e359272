// A store's menu as the estate's products. What is no longer on it stays, not active.
#include "relay/shards/event_rows.hpp"

namespace larder::relay {

Result<void> EventRows::on(const MenuImported& event) {
  auto written = write_orders();  // they were placed under the currency of the menu before
  if (!written) return written;
  const Menu& menu = event.menu;
  const auto version = static_cast<std::int64_t>(menu.version);
  sql::Statement& merchant = keyed(tables_.menu.put_merchant);
  merchant.bind_text(3, menu.currency.text()).bind(4, version).bind(5, stamped_.at.micros);
  written = merchant.run();
  if (written) written = put_whole(menu);
  for (const Item& item : menu.items) {
    if (!written) return written;
    written = put_item(menu, item);
  }
  if (written) written = retire(version);
  if (!written) return written;
  JsonWriter out;
  out.begin_object().member("storeId", store_.text()).member("menuVersion", menu.version);
  out.member("products", std::uint64_t{menu.items.size()}).member("at", stamped_.at.micros);
  out.end_object();
  return message(kProductTopic, 0, out.text());
}

// For the storefront: options, parts and texts, which the estate's tables do not have.
Result<void> EventRows::put_whole(const Menu& menu) {
  JsonWriter out;
  write_menu(out, menu);
  sql::Statement& put = keyed(tables_.menu.put_whole);
  put.bind(3, static_cast<std::int64_t>(menu.version)).bind_text(4, out.text());
  return put.bind(5, stamped_.at.micros).run();
}

Result<void> EventRows::put_item(const Menu& menu, const Item& item) {
  const auto version = static_cast<std::int64_t>(menu.version);
  sql::Statement& product = keyed(tables_.menu.put_product);
  product.bind_text(3, item.id.text()).bind_text(4, item.category.text());
  product.bind_text(5, item.name.en).bind_text(6, item.name.zh);
  product.bind_text(7, item.description.en).bind_text(8, item.image);
  product.bind_text(9, item.station.text()).bind(10, item.channels.bits);
  product.bind(11, item.parts.empty() ? 0 : 1).bind(12, version).bind(13, stamped_.at.micros);
  auto written = product.run();
  for (const Sku& sku : item.skus) {
    if (!written) return written;
    const std::string name = item.name.en + (sku.name.en.empty() ? "" : ", " + sku.name.en);
    const std::string name_zh = item.name.zh + (sku.name.zh.empty() ? "" : ", " + sku.name.zh);
    sql::Statement& put = keyed(tables_.menu.put_sku);
    put.bind_text(3, sku.id.text()).bind_text(4, item.id.text()).bind_text(5, name);
    put.bind_text(6, name_zh).bind(7, sku.price.in_minor()).bind_text(8, menu.currency.text());
    written = put.bind(9, version).bind(10, stamped_.at.micros).run();
    if (!written) return written;
    // Nobody has counted it yet: unlimited, and there to be asked for.
    sql::Statement& level = keyed(tables_.menu.make_level);
    written = level.bind_text(3, sku.id.text()).bind(4, stamped_.at.micros).run();
    if (!written) return written;
    auto row = poi_.find(tables_.stock, bucket_, store_, sku.id, now_);
    if (!row) return pass_on(row);
  }
  return written;
}

Result<void> EventRows::retire(std::int64_t version) {
  for (sql::Statement* retire : {&tables_.menu.retire_products, &tables_.menu.retire_skus}) {
    auto written = keyed(*retire).bind(3, version).bind(4, stamped_.at.micros).run();
    if (!written) return written;
  }
  return keyed(tables_.menu.retire_levels).run();
}

}  // namespace larder::relay
