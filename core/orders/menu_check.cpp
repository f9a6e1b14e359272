#include "core/orders/menu_check.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/base/text.hpp"

namespace larder {
namespace {

constexpr std::size_t kNameBytesMax = 200;
constexpr unsigned kAllChannels = (1U << kChannels) - 1U;

Refused bad_menu(std::string message) { return refuse(Code::BadMenu, std::move(message)); }

// Checks one menu from its stations to its combos. Lives for one call of check_menu.
class MenuCheck {
 public:
  explicit MenuCheck(const Menu& menu) : menu_(menu) {}

  Result<void> run() {
    return sizes()
        .and_then([this] { return stations(); })
        .and_then([this] { return categories(); })
        .and_then([this] { return items(); })
        .and_then([this] { return groups(); })
        .and_then([this] { return references(); })
        .and_then([this] { return combos(); });
  }

 private:
  Result<void> sizes() const {
    if (menu_.currency.text().empty()) return bad_menu("The menu names no currency");
    if (menu_.items.empty()) return bad_menu("The menu has no items");
    if (menu_.items.size() > kMenuItemsMax) return bad_menu("The menu has too many items");
    if (menu_.categories.size() > kMenuItemsMax) return bad_menu("Too many categories");
    if (menu_.stations.size() > kStationsMax) return bad_menu("Too many stations");
    if (menu_.option_groups.size() > kMenuGroupsMax) return bad_menu("Too many option groups");
    return {};
  }

  static Result<void> id(const std::string& kind, const std::string& text) {
    if (!is_id(text)) {
      return bad_menu("An id of a " + kind +
                      " is not 1 to 64 of the characters A-Z a-z 0-9 . _ : / -");
    }
    return {};
  }

  static Result<void> text(const std::string& of, const Text& text, bool may_be_empty = false,
                           std::size_t bytes_max = kNameBytesMax) {
    if (text.en.empty() && !may_be_empty) return bad_menu(of + " has no English name");
    if (text.en.size() > bytes_max || text.zh.size() > bytes_max) {
      return bad_menu(of + " has a text that is too long");
    }
    if (!is_plain_text(text.en) || !is_plain_text(text.zh)) {
      return bad_menu(of + " has a text with control bytes, or that is not UTF-8");
    }
    return {};
  }

  static Result<void> delta(const std::string& of, Money money) {
    if (money.in_minor() < -kPriceMinorMax || money.in_minor() > kPriceMinorMax) {
      return bad_menu(of + " has a price difference out of range");
    }
    return {};
  }

  // The id and name that every kind has, once in its set.
  template <typename Id>
  static Result<void> entry(const std::string& kind, const Id& entry_id, const Text& name,
                            std::set<Id>& seen) {
    if (Result<void> shape = id(kind, entry_id.text()); !shape) return shape;
    if (!seen.insert(entry_id).second) return bad_menu("Two of " + kind + " " + entry_id.text());
    return text(kind + " " + entry_id.text(), name);
  }

  Result<void> stations() {
    for (const Station& station : menu_.stations) {
      Result<void> found = entry("station", station.id, station.name, stations_);
      if (!found) return found;
    }
    return {};
  }

  Result<void> categories() {
    for (const Category& category : menu_.categories) {
      Result<void> found = entry("category", category.id, category.name, categories_);
      if (!found) return found;
    }
    return {};
  }

  Result<void> items() {
    std::set<ItemId> seen;
    for (const Item& item : menu_.items) {
      Result<void> found = entry("item", item.id, item.name, seen);
      if (found) found = item_texts(item);
      if (found) found = skus(item);
      if (!found) return found;
    }
    if (items_by_sku_.size() > kMenuSkusMax) return bad_menu("The menu has too many SKUs");
    return {};
  }

  static Result<void> item_texts(const Item& item) {
    const std::string of = "item " + item.id.text();
    if (item.channels.bits > kAllChannels) return bad_menu(of + " names an unknown channel");
    const bool is_media =
        item.image.empty() ||
        (item.image.rfind("/media/", 0) == 0 && item.image.find("..") == std::string::npos &&
         item.image.size() <= kNameBytesMax && is_plain_text(item.image));
    if (!is_media) return bad_menu(of + " has an image that is not a path under /media/");
    return text(of, item.description, true, kStringBytesMax);
  }

  Result<void> skus(const Item& item) {
    if (item.skus.empty()) return bad_menu("item " + item.id.text() + " has no SKU");
    for (const Sku& sku : item.skus) {
      if (Result<void> shape = id("SKU", sku.id.text()); !shape) return shape;
      const std::string of = "SKU " + sku.id.text();
      if (!items_by_sku_.emplace(sku.id, &item).second) return bad_menu("Two of " + of);
      if (sku.price.in_minor() < 0 || sku.price.in_minor() > kPriceMinorMax) {
        return bad_menu(of + " has a price out of range");
      }
      Result<void> name = text(of, sku.name, item.skus.size() == 1);
      if (!name) return name;
    }
    return {};
  }

  Result<void> groups() {
    for (const OptionGroup& group : menu_.option_groups) {
      Result<void> found = entry("option group", group.id, group.name, groups_);
      if (found) found = group_choices(group);
      if (!found) return found;
    }
    return {};
  }

  Result<void> group_choices(const OptionGroup& group) const {
    const std::string of = "option group " + group.id.text();
    if (group.options.empty()) return bad_menu(of + " has no options");
    if (group.options.size() > kGroupOptionsMax) return bad_menu(of + " has too many options");
    if (group.max_choices < 1 || group.max_choices > kLineOptionsMax ||
        group.min_choices > group.max_choices) {
      return bad_menu(of + ": min and max are not 0 <= min <= max, 1 <= max <= 50");
    }
    std::set<OptionId> seen;
    for (const Option& option : group.options) {
      Result<void> found = entry("option", option.id, option.name, seen);
      if (found) found = delta("option " + option.id.text(), option.price_delta);
      if (!found) return found;
      if (!option.uses.empty() && items_by_sku_.count(option.uses) == 0) {
        return bad_menu("option " + option.id.text() + " uses a SKU that is not on the menu");
      }
    }
    return {};
  }

  Result<void> references() const {
    for (const Item& item : menu_.items) {
      const std::string of = "item " + item.id.text();
      if (categories_.count(item.category) == 0) return bad_menu(of + " is in no known category");
      if (!item.station.empty() && stations_.count(item.station) == 0) {
        return bad_menu(of + " is cooked at no known station");
      }
      std::set<GroupId> seen;
      for (const GroupId& group : item.option_groups) {
        if (groups_.count(group) == 0) return bad_menu(of + " names an unknown option group");
        if (!seen.insert(group).second) return bad_menu(of + " names an option group twice");
      }
    }
    return {};
  }

  Result<void> combos() const {
    for (const Item& item : menu_.items) {
      if (item.parts.size() > kComboPartsMax) {
        return bad_menu("combo " + item.id.text() + " has too many parts");
      }
      std::set<PartId> seen;
      for (const ComboPart& part : item.parts) {
        Result<void> found = entry("part", part.id, part.name, seen);
        if (found) found = part_choices(item, part);
        if (!found) return found;
      }
    }
    return {};
  }

  Result<void> part_choices(const Item& combo, const ComboPart& part) const {
    const std::string of = "part " + part.id.text() + " of combo " + combo.id.text();
    if (part.choices.empty()) return bad_menu(of + " has nothing to choose from");
    if (part.choices.size() > kGroupOptionsMax) return bad_menu(of + " has too many choices");
    std::set<SkuId> seen;
    for (const ComboChoice& choice : part.choices) {
      const auto found = items_by_sku_.find(choice.sku);
      if (found == items_by_sku_.end()) {
        return refuse(Code::BadCombo, of + " offers a SKU that is not on the menu");
      }
      if (!found->second->parts.empty()) {
        return refuse(Code::BadCombo, of + " offers " + choice.sku.text() + ", itself a combo");
      }
      if (!seen.insert(choice.sku).second) {
        return bad_menu(of + " offers " + choice.sku.text() + " twice");
      }
      if (Result<void> range = delta(of, choice.price_delta); !range) return range;
    }
    return {};
  }

  const Menu& menu_;
  std::set<StationId> stations_;
  std::set<CategoryId> categories_;
  std::set<GroupId> groups_;
  std::map<SkuId, const Item*> items_by_sku_;
};

}  // namespace

Result<void> check_menu(const Menu& menu) { return MenuCheck(menu).run(); }

}  // namespace larder
