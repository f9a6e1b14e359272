#include <algorithm>
#include <map>
#include <set>

#include "lan-protocol/codec.hpp"
#include "tools/larderctl/menu_file.hpp"

namespace larder::ctl {
namespace {

const std::map<std::string, std::vector<std::string>>& columns() {
  static const std::map<std::string, std::vector<std::string>> kColumns = {
      {"menu", {"currency"}},
      {"stations", {"station", "name_en", "name_zh"}},
      {"categories", {"category", "name_en", "name_zh"}},
      {"items",
       {"category", "item", "sku", "name_en", "name_zh", "size_en", "size_zh", "price", "station",
        "channels", "option_groups", "image", "description_en", "description_zh"}},
      {"options",
       {"group", "group_en", "group_zh", "min", "max", "option", "option_en", "option_zh",
        "price_delta", "uses"}},
      {"parts", {"item", "part", "part_en", "part_zh", "sku", "price_delta"}}};
  return kColumns;
}

const std::map<std::string, std::vector<std::string>>& needed_columns() {
  static const std::map<std::string, std::vector<std::string>> kNeeded = {
      {"menu", {"currency"}},           {"stations", {"station"}},
      {"categories", {"category"}},     {"items", {"item", "price"}},
      {"options", {"group", "option"}}, {"parts", {"item", "part", "sku"}}};
  return kNeeded;
}

// A row with its cells by the names of its section's header.
struct Row {
  unsigned line = 0;
  std::map<std::string, std::string> cells;
  const std::string& operator[](const std::string& column) const {
    static const std::string kNone;
    const auto found = cells.find(column);
    return found == cells.end() ? kNone : found->second;
  }
};

std::vector<std::string> words(const std::string& cell) {
  std::vector<std::string> out;
  std::string word;
  for (const char c : cell + " ") {
    if (c != ' ' && c != '|' && c != ';') {
      word += c;
    } else if (!word.empty()) {
      out.push_back(std::move(word));
      word.clear();
    }
  }
  return out;
}

class MenuReader {
 public:
  ReadMenu read(const CsvFile& file, const std::string& currency) {
    read_.problems = file.problems;
    split(file);
    take_currency(currency);
    for (const Row& row : sections_["stations"]) take_station(row);
    for (const Row& row : sections_["categories"]) take_category(row);
    for (const Row& row : sections_["options"]) take_option(row);
    for (const Row& row : sections_["items"]) take_item(row);
    for (const Row& row : sections_["parts"]) take_part(row);
    check_menu(read_);
    return std::move(read_);
  }

 private:
  void say(unsigned line, std::string sentence) {
    read_.problems.push_back({line, std::move(sentence)});
  }

  // A row "[name]" begins a section; its first row names the columns. What comes before the first
  // such row is the section of items.
  void split(const CsvFile& file) {
    std::string section = "items";
    std::vector<std::string> header;
    for (const CsvRow& row : file.rows) {
      const std::string& first = row.cells[0];
      if (first.size() > 2 && first.front() == '[' && first.back() == ']') {
        section = first.substr(1, first.size() - 2);
        header.clear();
        if (!columns().contains(section))
          say(row.line, "[" + section +
                            "] is no section: menu, stations, categories, items, "
                            "options or parts");
        continue;
      }
      if (!columns().contains(section)) continue;
      if (header.empty()) {
        header = read_header(section, row);
        continue;
      }
      if (row.cells.size() > header.size())
        say(row.line, "there are " + std::to_string(row.cells.size()) + " cells under " +
                          std::to_string(header.size()) +
                          " columns; a comma inside a cell needs quotes");
      Row named{row.line, {}};
      for (std::size_t i = 0; i < std::min(header.size(), row.cells.size()); ++i)
        named.cells[header[i]] = row.cells[i];
      sections_[section].push_back(std::move(named));
    }
  }

  std::vector<std::string> read_header(const std::string& section, const CsvRow& row) {
    const auto& known = columns().at(section);
    std::set<std::string> seen;
    if (row.cells.size() == 1 && row.cells[0].find(';') != std::string::npos)
      say(row.line, "the columns are parted by semicolons; they must be parted by commas");
    for (const std::string& column : row.cells) {
      if (std::find(known.begin(), known.end(), column) == known.end())
        say(row.line, "'" + column + "' is no column of [" + section + "]");
      if (!seen.insert(column).second) say(row.line, "column '" + column + "' is there twice");
    }
    for (const std::string& column : needed_columns().at(section))
      if (!seen.contains(column))
        say(row.line, "[" + section + "] needs a column '" + column + "'");
    return row.cells;
  }

  void take_currency(const std::string& fallback) {
    const auto& rows = sections_["menu"];
    std::string text = fallback;
    if (!rows.empty()) {
      text = rows[0]["currency"];
      read_.lines.currency = rows[0].line;
    }
    const Result<Currency> currency = Currency::parse(text);
    if (!currency)
      return say(read_.lines.currency, "'" + text + "' is no currency; write for example EUR");
    read_.menu.currency = *currency;
    decimals_ = decimals_of(text);
  }

  void take_station(const Row& row) {
    read_.menu.stations.push_back({StationId(row["station"]), {row["name_en"], row["name_zh"]}});
    read_.lines.stations.push_back(row.line);
  }

  void take_category(const Row& row) {
    read_.menu.categories.push_back(
        {CategoryId(row["category"]), {row["name_en"], row["name_zh"]}});
    read_.lines.categories.push_back(row.line);
  }

  // Without a section of their own, stations and categories are what the items name.
  void declare(const std::string& station, const std::string& category, unsigned line) {
    auto& menu = read_.menu;
    const bool known_station =
        station.empty() || std::any_of(menu.stations.begin(), menu.stations.end(),
                                       [&](const Station& s) { return s.id.text() == station; });
    if (sections_["stations"].empty() && !known_station) {
      menu.stations.push_back({StationId(station), {station, ""}});
      read_.lines.stations.push_back(line);
    }
    const bool known_category =
        category.empty() || std::any_of(menu.categories.begin(), menu.categories.end(),
                                        [&](const Category& c) { return c.id.text() == category; });
    if (sections_["categories"].empty() && !known_category) {
      menu.categories.push_back({CategoryId(category), {category, ""}});
      read_.lines.categories.push_back(line);
    }
  }

  Money price(const Row& row, const char* column, bool minus_allowed) {
    const ReadPrice price = read_price(row[column], decimals_, minus_allowed);
    if (!price.ok)
      say(row.line, "'" + row[column] + "' is no price; write " +
                        show_price(decimals_ == 0 ? 590 : 5'90, decimals_) + " with a point");
    return Money::minor(price.minor);
  }

  std::uint32_t count(const Row& row, const char* column, std::uint32_t absent) {
    const std::string& text = row[column];
    if (text.empty()) return absent;
    const ReadPrice number = read_price(text, 0, false);
    if (number.ok && number.minor <= 1'000) return static_cast<std::uint32_t>(number.minor);
    say(row.line, "'" + text + "' is no count for '" + column + "'");
    return absent;
  }

  void take_option(const Row& row) {
    auto& groups = read_.menu.option_groups;
    const std::string& id = row["group"];
    const auto found = std::find_if(groups.begin(), groups.end(),
                                    [&](const OptionGroup& g) { return g.id.text() == id; });
    const auto place = static_cast<std::size_t>(found - groups.begin());
    if (found == groups.end()) {
      OptionGroup group;
      group.id = GroupId(id);
      group.name = {row["group_en"], row["group_zh"]};
      group.min_choices = count(row, "min", 0);
      group.max_choices = count(row, "max", 1);
      groups.push_back(std::move(group));
      read_.lines.groups.push_back({row.line, {}});
    } else {
      same(row, "group_en", found->name.en, "option group '" + id + "'");
      same(row, "group_zh", found->name.zh, "option group '" + id + "'");
      same(row, "min", std::to_string(found->min_choices), "option group '" + id + "'");
      same(row, "max", std::to_string(found->max_choices), "option group '" + id + "'");
    }
    const Money delta = row["price_delta"].empty() ? Money() : price(row, "price_delta", true);
    groups[place].options.push_back(
        {OptionId(row["option"]), {row["option_en"], row["option_zh"]}, delta, SkuId(row["uses"])});
    read_.lines.groups[place].parts.push_back(row.line);
  }

  // A later row of one thing may leave its cells empty or say the same; not something else.
  void same(const Row& row, const char* column, const std::string& before,
            const std::string& what) {
    if (!row[column].empty() && row[column] != before)
      say(row.line, what + " has " + column + " '" + before + "' in an earlier row and '" +
                        row[column] + "' here");
  }

  void take_item(const Row& row) {
    auto& items = read_.menu.items;
    const std::string& id = row["item"];
    const auto found = std::find_if(items.begin(), items.end(),
                                    [&](const Item& item) { return item.id.text() == id; });
    const auto place = static_cast<std::size_t>(found - items.begin());
    if (found == items.end()) {
      items.push_back(new_item(row));
      read_.lines.items.push_back({row.line, {}, {}});
      declare(row["station"], row["category"], row.line);
    } else {
      const std::string what = "item '" + id + "'";
      same(row, "category", found->category.text(), what);
      same(row, "name_en", found->name.en, what);
      same(row, "name_zh", found->name.zh, what);
      same(row, "station", found->station.text(), what);
      same(row, "image", found->image, what);
    }
    const std::string& sku = row["sku"].empty() ? id : row["sku"];
    items[place].skus.push_back(
        {SkuId(sku), {row["size_en"], row["size_zh"]}, price(row, "price", false)});
    read_.lines.items[place].skus.push_back(row.line);
  }

  Item new_item(const Row& row) {
    Item item;
    item.id = ItemId(row["item"]);
    item.category = CategoryId(row["category"]);
    item.name = {row["name_en"], row["name_zh"]};
    item.description = {row["description_en"], row["description_zh"]};
    item.image = row["image"];
    item.station = StationId(row["station"]);
    for (const std::string& group : words(row["option_groups"]))
      item.option_groups.emplace_back(group);
    const std::vector<std::string> channels = words(row["channels"]);
    if (!channels.empty()) item.channels.bits = 0;
    for (const std::string& name : channels) {
      bool known = false;
      for (int i = 0; i < kChannels; ++i) {
        if (name != wire_name(static_cast<Channel>(i))) continue;
        item.channels.bits =
            static_cast<std::uint8_t>(item.channels.bits | (1U << static_cast<unsigned>(i)));
        known = true;
      }
      if (!known) say(row.line, "'" + name + "' is no channel: pos, kiosk, emenu, online_order");
    }
    return item;
  }

  void take_part(const Row& row) {
    auto& items = read_.menu.items;
    const auto found = std::find_if(items.begin(), items.end(), [&](const Item& item) {
      return item.id.text() == row["item"];
    });
    if (found == items.end()) return say(row.line, "'" + row["item"] + "' is no item of this menu");
    auto& lines = read_.lines.items[static_cast<std::size_t>(found - items.begin())];
    auto& parts = found->parts;
    const auto part = std::find_if(parts.begin(), parts.end(),
                                   [&](const ComboPart& p) { return p.id.text() == row["part"]; });
    const auto place = static_cast<std::size_t>(part - parts.begin());
    if (part == parts.end()) {
      parts.push_back({PartId(row["part"]), {row["part_en"], row["part_zh"]}, {}});
      lines.parts.push_back({row.line, {}});
    }
    const Money delta = row["price_delta"].empty() ? Money() : price(row, "price_delta", true);
    parts[place].choices.push_back({SkuId(row["sku"]), delta});
    lines.parts[place].parts.push_back(row.line);
  }

  ReadMenu read_;
  std::map<std::string, std::vector<Row>> sections_;
  int decimals_ = 2;
};

}  // namespace

ReadMenu read_menu_csv(std::string_view text, const std::string& currency) {
  return MenuReader().read(read_csv(text), currency);
}

}  // namespace larder::ctl
