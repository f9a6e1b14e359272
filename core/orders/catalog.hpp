// The menu: categories, items (SPU) with SKUs, option groups, combos, stations. Immutable once
// built; orders keep their own price snapshot.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/limits.hpp"
#include "core/base/money.hpp"
#include "core/base/quantity.hpp"
#include "core/base/result.hpp"

namespace larder {

// A name in the two languages of the house; `zh` may be empty.
struct Text {
  std::string en;
  std::string zh;
  bool operator==(const Text&) const = default;
};

enum class Channel { Pos, Kiosk, Emenu, OnlineOrder };
inline constexpr int kChannels = 4;

// The channels an item is shown and sold on, as bits of 1 << Channel.
struct Channels {
  std::uint8_t bits = 0x0f;
  bool has(Channel channel) const { return ((bits >> static_cast<int>(channel)) & 1) != 0; }
  bool operator==(const Channels&) const = default;
};

struct Station {
  StationId id;
  Text name;
  bool operator==(const Station&) const = default;
};

struct Category {
  CategoryId id;
  Text name;
  bool operator==(const Category&) const = default;
};

struct Option {
  OptionId id;
  Text name;
  Money price_delta;
  SkuId uses;  // a stock SKU that one choice takes one unit of; may be empty
  bool operator==(const Option&) const = default;
};

struct OptionGroup {
  GroupId id;
  Text name;
  std::uint32_t min_choices = 0;
  std::uint32_t max_choices = 1;
  std::vector<Option> options;
  bool operator==(const OptionGroup&) const = default;
};

struct Sku {
  SkuId id;
  Text name;  // the size or variant; empty when the item has one SKU
  Money price;
  bool operator==(const Sku&) const = default;
};

// One choice that a combo asks for; exactly one of `choices` is taken.
struct ComboChoice {
  SkuId sku;
  Money price_delta;
  bool operator==(const ComboChoice&) const = default;
};
struct ComboPart {
  PartId id;
  Text name;
  std::vector<ComboChoice> choices;
  bool operator==(const ComboPart&) const = default;
};

struct Item {
  ItemId id;
  CategoryId category;
  Text name;
  Text description;
  std::string image;  // a path under /media/, or empty
  StationId station;
  Channels channels;
  std::vector<Sku> skus;  // at least one
  std::vector<GroupId> option_groups;
  std::vector<ComboPart>
      parts;  // not empty: the item is a combo, and its SKU is made of the chosen SKUs
  bool operator==(const Item&) const = default;
};

// What a menu file says.
struct Menu {
  std::uint64_t version = 0;  // rises with every import; given by the hub
  Currency currency;
  std::vector<Station> stations;
  std::vector<Category> categories;
  std::vector<OptionGroup> option_groups;
  std::vector<Item> items;
  bool operator==(const Menu&) const = default;
};

// A checked menu with look-up by id. Life: replaced whole by menu.imported.
class Catalog {
 public:
  Catalog() = default;
  // BadMenu or BadCombo names what contradicts what.
  static Result<Catalog> build(Menu menu);

  const Menu& menu() const { return menu_; }
  bool empty() const { return menu_.items.empty(); }
  struct Found {
    const Item* item = nullptr;
    const Sku* sku = nullptr;
  };
  // Both null when the SKU is not in the menu.
  Found find(const SkuId& sku) const;
  const OptionGroup* group(const GroupId& id) const;
  bool has_station(const StationId& id) const;

 private:
  Menu menu_;
  std::map<SkuId, std::pair<std::size_t, std::size_t>> sku_places_;
  std::map<GroupId, std::size_t> group_places_;
};

}  // namespace larder
