#include "tools/replay/day_menu.hpp"

#include <algorithm>
#include <set>

#include "tools/larderctl/menu_file.hpp"

namespace larder::replay {
namespace {

constexpr std::size_t kSlugMax = 44;

// A slug nobody in `taken` has; a second one of the same letters gets a number.
std::string fresh_slug(std::string_view name, std::set<std::string>& taken) {
  std::string base = slug(name).substr(0, kSlugMax);
  if (base.empty()) base = "x";
  std::string id = base;
  for (int n = 2; !taken.insert(id).second; ++n) id = base + "-" + std::to_string(n);
  return id;
}

bool has(const std::string& name, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return name.find(word) != std::string::npos; });
}

struct Kind {
  const char* category;
  const char* station;
};

Kind kind_of(const std::string& name) {
  if (has(name, {"Soda", "Drink", "Water", "Izze", "Nectar", "Juice", "Tea", "Coffee"}))
    return {"drinks", "bar"};
  if (has(name, {"Salad"})) return {"salads", "cold"};
  if (has(name, {"Chips", "Side"})) return {"sides", "cold"};
  if (has(name, {"Burrito"})) return {"burritos", "grill"};
  if (has(name, {"Taco"})) return {"tacos", "grill"};
  return {"bowls", "grill"};
}

Text group_name(const std::string& group) {
  if (group == "salsa") return {"Salsa", "莎莎酱"};
  if (group == "with") return {"With", "配料"};
  return {"Choice", "选择"};
}

}  // namespace

Result<DayMenu> DayMenu::of(const std::vector<FileOrder>& orders, const std::string& currency) {
  const Result<Currency> read = Currency::parse(currency);
  if (!read) return pass_on(read);
  DayMenu day;
  day.menu_.currency = *read;
  day.gather(orders);
  day.write_menu();
  return day;
}

void DayMenu::gather(const std::vector<FileOrder>& orders) {
  std::set<std::string> item_ids;
  std::map<std::string, std::set<std::string>> option_ids;  // per item and group
  for (const FileOrder& order : orders) {
    for (const FileLine& line : order.lines) {
      const auto [at, fresh] = items_.try_emplace(line.item);
      Sold& sold = at->second;
      if (fresh) {
        order_of_items_.push_back(line.item);
        sold.id = fresh_slug(line.item, item_ids);
      }
      sold.skus.emplace(line.unit_price(), sold.id + "." + std::to_string(line.unit_price()));
      for (const Named& named : read_choices(line.description).names) {
        auto& options = sold.options[named.group];
        if (!options.contains(named.name))
          options[named.name] = fresh_slug(named.name, option_ids[sold.id + named.group]);
      }
    }
  }
}

void DayMenu::write_menu() {
  menu_.stations = {{StationId("grill"), {"Grill", "烤炉"}},
                    {StationId("cold"), {"Cold kitchen", "冷菜"}},
                    {StationId("bar"), {"Bar", "水吧"}}};
  menu_.categories = {
      {CategoryId("burritos"), {"Burritos", "卷饼"}}, {CategoryId("bowls"), {"Bowls", "碗饭"}},
      {CategoryId("tacos"), {"Tacos", "塔可"}},       {CategoryId("salads"), {"Salads", "沙拉"}},
      {CategoryId("sides"), {"Sides", "小食"}},       {CategoryId("drinks"), {"Drinks", "饮料"}}};
  for (const std::string& name : order_of_items_) {
    const Sold& sold = items_.at(name);
    const Kind kind = kind_of(name);
    Item item;
    item.id = ItemId(sold.id);
    item.category = CategoryId(kind.category);
    item.name = {name, ""};
    item.station = StationId(kind.station);
    for (const auto& [price, sku] : sold.skus) {
      const std::string size = sold.skus.size() == 1 ? "" : "at " + ctl::show_price(price, 2);
      item.skus.push_back({SkuId(sku), {size, ""}, Money::minor(price)});
    }
    for (const auto& [group_id, options] : sold.options) {
      OptionGroup group;
      group.id = GroupId(sold.id + "." + group_id);
      group.name = group_name(group_id);
      group.max_choices =
          static_cast<std::uint32_t>(std::min<std::size_t>(options.size(), kLineOptionsMax));
      for (const auto& [option, id] : options)
        group.options.push_back({OptionId(id), {option, ""}, Money(), SkuId()});
      item.option_groups.push_back(group.id);
      menu_.option_groups.push_back(std::move(group));
    }
    menu_.items.push_back(std::move(item));
  }
}

void DayMenu::resolve(std::vector<FileOrder>& orders) const {
  for (FileOrder& order : orders) {
    for (FileLine& line : order.lines) {
      if (!line.sku.empty()) continue;
      const Sold& sold = items_.at(line.item);
      line.sku = sold.skus.at(line.unit_price());
      for (const Named& named : read_choices(line.description).names)
        line.choices.push_back(
            {sold.id + "." + named.group, sold.options.at(named.group).at(named.name), false});
    }
  }
}

}  // namespace larder::replay
