// The contradictions a menu can have, each named with its line. The hub's Catalog knows them too
// and stops at the first; a person wants all of them at once.
#include <map>
#include <set>

#include "core/base/text.hpp"
#include "tools/larderctl/menu_file.hpp"

namespace larder::ctl {
namespace {

class Checker {
 public:
  explicit Checker(ReadMenu& read) : menu_(read.menu), lines_(read.lines), out_(read.problems) {}

  void check() {
    for (std::size_t i = 0; i < menu_.stations.size(); ++i) {
      own(stations_, menu_.stations[i].id.text(), lines_.stations[i], "station");
      check_name("station", menu_.stations[i].id.text(), menu_.stations[i].name,
                 lines_.stations[i]);
    }
    for (std::size_t i = 0; i < menu_.categories.size(); ++i) {
      own(categories_, menu_.categories[i].id.text(), lines_.categories[i], "category");
      check_name("category", menu_.categories[i].id.text(), menu_.categories[i].name,
                 lines_.categories[i]);
    }
    for (std::size_t i = 0; i < menu_.items.size(); ++i) own_item(i);
    for (std::size_t i = 0; i < menu_.option_groups.size(); ++i) check_group(i);
    for (std::size_t i = 0; i < menu_.items.size(); ++i) check_item(i);
    if (menu_.items.empty()) say(0, "the menu has no items");
    if (menu_.stations.size() > kStationsMax) say(0, "more than 50 stations");
    if (menu_.option_groups.size() > kMenuGroupsMax) say(0, "more than 2000 option groups");
    if (menu_.items.size() > kMenuItemsMax) say(0, "more than 5000 items");
    if (skus_.size() > kMenuSkusMax) say(0, "more than 10000 SKUs");
  }

 private:
  void say(unsigned line, std::string sentence) { out_.push_back({line, std::move(sentence)}); }

  void own(std::map<std::string, unsigned>& seen, const std::string& id, unsigned line,
           const std::string& what) {
    if (!is_id(id)) {
      say(line, "'" + id + "' is no " + what + " id: 1 to 64 of A-Z a-z 0-9 . _ : / -");
      return;
    }
    const auto [place, fresh] = seen.emplace(id, line);
    if (!fresh)
      say(line, what + " '" + id + "' is there twice (first in line " +
                    std::to_string(place->second) + ")");
  }

  void check_name(const std::string& what, const std::string& id, const Text& name, unsigned line,
                  std::size_t bytes_max = 200) {
    if (name.en.empty()) say(line, what + " '" + id + "' has no English name");
    check_text(what + " '" + id + "'", name, line, bytes_max);
  }

  void check_text(const std::string& of, const Text& text, unsigned line, std::size_t bytes_max) {
    if (text.en.size() > bytes_max || text.zh.size() > bytes_max)
      say(line, of + " has a text of more than " + std::to_string(bytes_max) + " bytes");
    if (!is_plain_text(text.en) || !is_plain_text(text.zh))
      say(line, of + " has a text with control characters");
  }

  void own_item(std::size_t i) {
    const Item& item = menu_.items[i];
    own(items_, item.id.text(), lines_.items[i].line, "item");
    for (std::size_t s = 0; s < item.skus.size(); ++s) {
      own(skus_, item.skus[s].id.text(), lines_.items[i].skus[s], "SKU");
      if (!item.parts.empty()) combos_.insert(item.skus[s].id.text());
    }
  }

  void check_group(std::size_t i) {
    const OptionGroup& group = menu_.option_groups[i];
    const MenuLines::WithParts& at = lines_.groups[i];
    own(groups_, group.id.text(), at.line, "option group");
    const std::string name = "option group '" + group.id.text() + "'";
    check_name("option group", group.id.text(), group.name, at.line);
    if (group.options.empty()) say(at.line, name + " has no options");
    if (group.options.size() > kGroupOptionsMax) say(at.line, name + " has more than 200 options");
    if (group.max_choices == 0 || group.max_choices > kLineOptionsMax)
      say(at.line, name + ": max must be 1 to " + std::to_string(kLineOptionsMax));
    if (group.min_choices > group.max_choices)
      say(at.line, name + ": min " + std::to_string(group.min_choices) + " is more than max " +
                       std::to_string(group.max_choices));
    std::map<std::string, unsigned> seen;
    for (std::size_t o = 0; o < group.options.size(); ++o) {
      const Option& option = group.options[o];
      own(seen, option.id.text(), at.parts[o], "option");
      check_name("option", option.id.text(), option.name, at.parts[o]);
      check_price(option.price_delta, at.parts[o]);
      if (!option.uses.empty() && !skus_.contains(option.uses.text()))
        say(at.parts[o], "option '" + option.id.text() + "' uses '" + option.uses.text() +
                             "', which is no SKU of this menu");
    }
  }

  void check_item(std::size_t i) {
    const Item& item = menu_.items[i];
    const MenuLines::ItemLines& at = lines_.items[i];
    const std::string name = "item '" + item.id.text() + "'";
    if (!categories_.contains(item.category.text()))
      say(at.line, name + " is in category '" + item.category.text() + "', which is not declared");
    if (!item.station.empty() && !stations_.contains(item.station.text()))
      say(at.line, name + " is cooked at '" + item.station.text() + "', which is no station");
    check_name("item", item.id.text(), item.name, at.line);
    check_text(name, item.description, at.line, kStringBytesMax);
    if (item.channels.bits == 0) say(at.line, name + " is on no channel");
    const bool is_media = item.image.rfind("/media/", 0) == 0 &&
                          item.image.find("..") == std::string::npos && item.image.size() <= 200;
    if (!item.image.empty() && !is_media)
      say(at.line, name + ": the image must be a path under /media/");
    if (item.skus.empty()) say(at.line, name + " has no SKU");
    for (std::size_t s = 0; s < item.skus.size(); ++s) check_price(item.skus[s].price, at.skus[s]);
    std::set<std::string> used;
    for (const GroupId& group : item.option_groups) {
      if (!groups_.contains(group.text()))
        say(at.line, name + " uses option group '" + group.text() + "', which is not declared");
      if (!used.insert(group.text()).second)
        say(at.line, name + " uses option group '" + group.text() + "' twice");
    }
    check_parts(item, at, name);
  }

  void check_parts(const Item& item, const MenuLines::ItemLines& at, const std::string& name) {
    std::map<std::string, unsigned> seen;
    for (std::size_t p = 0; p < item.parts.size(); ++p) {
      const ComboPart& part = item.parts[p];
      own(seen, part.id.text(), at.parts[p].line, "part");
      check_name("part", part.id.text(), part.name, at.parts[p].line);
      std::set<std::string> offered;
      if (part.choices.empty())
        say(at.parts[p].line, "part '" + part.id.text() + "' of " + name + " has no choices");
      for (std::size_t c = 0; c < part.choices.size(); ++c) {
        const std::string& sku = part.choices[c].sku.text();
        const unsigned line = at.parts[p].parts[c];
        check_price(part.choices[c].price_delta, line);
        if (!offered.insert(sku).second)
          say(line, "'" + sku + "' is offered twice by part '" + part.id.text() + "'");
        if (!skus_.contains(sku))
          say(line, "'" + sku + "' is no SKU of this menu");
        else if (combos_.contains(sku))
          say(line, "'" + sku + "' is a combo; a combo is not made of combos");
      }
    }
  }

  void check_price(Money price, unsigned line) {
    if (price.in_minor() > kPriceMinorMax || price.in_minor() < -kPriceMinorMax)
      say(line, "a price beyond " + std::to_string(kPriceMinorMax) + " minor units");
  }

  const Menu& menu_;
  const MenuLines& lines_;
  std::vector<Problem>& out_;
  std::map<std::string, unsigned> stations_, categories_, groups_, items_, skus_;
  std::set<std::string> combos_;
};

}  // namespace

void check_menu(ReadMenu& read) {
  Checker(read).check();
  if (!read.problems.empty()) return;
  const Result<Catalog> built = Catalog::build(read.menu);
  if (!built) read.problems.push_back({0, built.error().message()});
}

}  // namespace larder::ctl
