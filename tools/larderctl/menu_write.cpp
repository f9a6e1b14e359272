#include "lan-protocol/codec.hpp"
#include "tools/larderctl/menu_file.hpp"

namespace larder::ctl {
namespace {

std::string channel_words(Channels channels) {
  std::string out;
  for (int i = 0; i < kChannels; ++i) {
    const auto channel = static_cast<Channel>(i);
    if (!channels.has(channel)) continue;
    if (!out.empty()) out += ' ';
    out += wire_name(channel);
  }
  return out;
}

void write_items(std::string& out, const Menu& menu, int decimals) {
  out += "\n[items]\n";
  append_row(out,
             {"category", "item", "sku", "name_en", "name_zh", "size_en", "size_zh", "price",
              "station", "channels", "option_groups", "image", "description_en", "description_zh"});
  for (const Item& item : menu.items) {
    std::string groups;
    for (const GroupId& group : item.option_groups)
      groups += (groups.empty() ? "" : " ") + group.text();
    for (const Sku& sku : item.skus)
      append_row(out,
                 {item.category.text(), item.id.text(), sku.id.text(), item.name.en, item.name.zh,
                  sku.name.en, sku.name.zh, show_price(sku.price.in_minor(), decimals),
                  item.station.text(), channel_words(item.channels), groups, item.image,
                  item.description.en, item.description.zh});
  }
}

void write_options(std::string& out, const Menu& menu, int decimals) {
  if (menu.option_groups.empty()) return;
  out += "\n[options]\n";
  append_row(out, {"group", "group_en", "group_zh", "min", "max", "option", "option_en",
                   "option_zh", "price_delta", "uses"});
  for (const OptionGroup& group : menu.option_groups)
    for (const Option& option : group.options)
      append_row(
          out, {group.id.text(), group.name.en, group.name.zh, std::to_string(group.min_choices),
                std::to_string(group.max_choices), option.id.text(), option.name.en, option.name.zh,
                show_price(option.price_delta.in_minor(), decimals), option.uses.text()});
}

void write_parts(std::string& out, const Menu& menu, int decimals) {
  bool begun = false;
  for (const Item& item : menu.items) {
    for (const ComboPart& part : item.parts) {
      if (!begun) {
        out += "\n[parts]\n";
        append_row(out, {"item", "part", "part_en", "part_zh", "sku", "price_delta"});
        begun = true;
      }
      for (const ComboChoice& choice : part.choices)
        append_row(out, {item.id.text(), part.id.text(), part.name.en, part.name.zh,
                         choice.sku.text(), show_price(choice.price_delta.in_minor(), decimals)});
    }
  }
}

}  // namespace

std::string menu_to_csv(const Menu& menu) {
  const int decimals = decimals_of(menu.currency.text());
  std::string out = "[menu]\ncurrency\n" + menu.currency.text() + "\n\n[stations]\n";
  append_row(out, {"station", "name_en", "name_zh"});
  for (const Station& station : menu.stations)
    append_row(out, {station.id.text(), station.name.en, station.name.zh});
  out += "\n[categories]\n";
  append_row(out, {"category", "name_en", "name_zh"});
  for (const Category& category : menu.categories)
    append_row(out, {category.id.text(), category.name.en, category.name.zh});
  write_items(out, menu, decimals);
  write_options(out, menu, decimals);
  write_parts(out, menu, decimals);
  return out;
}

std::string menu_to_json(const Menu& menu) {
  JsonWriter writer;
  write_menu(writer, menu);
  return writer.take();
}

std::string_view csv_help() {
  return R"(A menu as CSV (UTF-8, commas, quotes as in RFC 4180; lines that begin with # are left out).
A line "[name]" begins a section; the line after it names the columns, in any order.
A file without sections is a list of items. In later rows of the same item or group the
cells that were said already may be empty.
  [menu]        currency
  [stations]    station,name_en,name_zh          (absent: what the items name)
  [categories]  category,name_en,name_zh         (absent: what the items name)
  [items]       category,item,sku,name_en,name_zh,size_en,size_zh,price,station,channels,
                option_groups,image,description_en,description_zh
                one row for each SKU; sku empty: the item's id. Several channels or groups are
                parted by a space; channels empty: pos kiosk emenu online_order. Prices as 5.90
  [options]     group,group_en,group_zh,min,max,option,option_en,option_zh,price_delta,uses
  [parts]       item,part,part_en,part_zh,sku,price_delta      (combos: one row for each choice)
)";
}

}  // namespace larder::ctl
