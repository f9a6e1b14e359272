#include "tools/replay/sample_day.hpp"

#include <algorithm>
#include <random>

namespace larder::replay {
namespace {

// Draws one line after another. Popularity falls like 1/rank (Zipf), as what people eat does.
class Drawer {
 public:
  Drawer(const Menu& menu, std::uint64_t seed) : menu_(menu), random_(seed) {
    for (const Item& item : menu.items)
      if (item.channels.has(Channel::Kiosk)) items_.push_back(&item);
    for (std::size_t i = items_.size(); i > 1; --i) std::swap(items_[i - 1], items_[below(i)]);
    std::uint64_t sum = 0;
    for (std::size_t rank = 0; rank < items_.size(); ++rank)
      ladder_.push_back(sum += 1'000'000 / (rank + 1));
  }

  bool empty() const { return items_.empty(); }

  FileOrder order(std::size_t number) {
    FileOrder order;
    order.id = std::to_string(number);
    std::size_t lines = 1;
    while (lines < 12 && below(100) < 58) ++lines;
    for (std::size_t i = 0; i < lines; ++i) order.lines.push_back(line());
    return order;
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  FileLine line() {
    const std::uint64_t at = below(ladder_.back());
    const auto place = std::upper_bound(ladder_.begin(), ladder_.end(), at) - ladder_.begin();
    const Item& item = *items_[static_cast<std::size_t>(place)];
    const Sku& sku = item.skus[below(item.skus.size())];
    FileLine line;
    line.item = item.name.en;
    if (!sku.name.en.empty()) line.item += ", " + sku.name.en;
    line.sku = sku.id.text();
    line.quantity = below(100) < 88 ? 1 : static_cast<std::int64_t>(2 + below(3));
    std::int64_t price = sku.price.in_minor();
    std::string names;
    for (const GroupId& id : item.option_groups) price += options(id, line, names);
    for (const ComboPart& part : item.parts) {
      const ComboChoice& choice = part.choices[below(part.choices.size())];
      line.choices.push_back({part.id.text(), choice.sku.text(), true});
      price += choice.price_delta.in_minor();
    }
    line.description = names.empty() ? "NULL" : "[" + names + "]";
    line.total = price * line.quantity;
    if (price >= 0) return line;
    return this->line();  // options that would make it cheaper than free are drawn again
  }

  std::int64_t options(const GroupId& id, FileLine& line, std::string& names) {
    const auto group =
        std::find_if(menu_.option_groups.begin(), menu_.option_groups.end(),
                     [&](const OptionGroup& candidate) { return candidate.id == id; });
    if (group == menu_.option_groups.end()) return 0;
    std::vector<const Option*> left;
    for (const Option& option : group->options) left.push_back(&option);
    const std::size_t most = std::min<std::size_t>(group->max_choices, left.size());
    const std::size_t least = std::min<std::size_t>(group->min_choices, most);
    std::size_t count = least;
    while (count < most && below(100) < 40) ++count;
    std::int64_t delta = 0;
    for (; count > 0; --count) {
      const auto pick = static_cast<std::ptrdiff_t>(below(left.size()));
      const Option& option = *left[static_cast<std::size_t>(pick)];
      left.erase(left.begin() + pick);
      line.choices.push_back({id.text(), option.id.text(), false});
      names += (names.empty() ? "" : ", ") + bracket_free(option.name.en);
      delta += option.price_delta.in_minor();
    }
    return delta;
  }

  // The list in brackets is for people; the ids stand in `choices`.
  static std::string bracket_free(std::string name) {
    std::erase_if(name, [](char c) { return c == '[' || c == ']' || c == ','; });
    return name;
  }

  const Menu& menu_;
  std::mt19937_64 random_;
  std::vector<const Item*> items_;
  std::vector<std::uint64_t> ladder_;
};

}  // namespace

std::vector<FileOrder> sample_day(const Menu& menu, std::size_t orders, std::uint64_t seed) {
  Drawer drawer(menu, seed);
  std::vector<FileOrder> day;
  if (drawer.empty()) return day;
  day.reserve(orders);
  for (std::size_t number = 1; number <= orders; ++number) day.push_back(drawer.order(number));
  return day;
}

}  // namespace larder::replay
