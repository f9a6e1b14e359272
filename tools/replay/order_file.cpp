#include "tools/replay/order_file.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include "core/base/text.hpp"
#include "tools/larderctl/menu_file.hpp"

namespace larder::replay {
namespace {

constexpr std::int64_t kUnitsMax = 10'000;

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> cells;
  for (;;) {
    const auto end = text.find(by);
    cells.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return cells;
    text.remove_prefix(end + 1);
  }
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// Reads one file; the places of the columns come from its header.
class Reader {
 public:
  OrderFile read(std::string_view text) {
    unsigned number = 0;
    for (const std::string_view row : split(text, '\n')) {
      ++number;
      if (trim(row).empty()) continue;
      if (columns_.empty()) {
        if (!read_header(row, number)) break;
        continue;
      }
      read_row(row, number);
    }
    if (columns_.empty() && file_.problems.empty()) say(0, "the file is empty");
    return std::move(file_);
  }

 private:
  void say(unsigned line, std::string sentence) {
    file_.problems.push_back({line, std::move(sentence)});
  }

  bool read_header(std::string_view row, unsigned number) {
    const auto cells = split(row, '\t');
    for (std::size_t i = 0; i < cells.size(); ++i) columns_.emplace(trim(cells[i]), i);
    for (const char* name :
         {"order_id", "quantity", "item_name", "choice_description", "item_price"})
      if (!columns_.contains(name))
        say(number, std::string("the header has no column '") + name + "'");
    return file_.problems.empty();
  }

  std::string_view cell(const std::vector<std::string_view>& cells, const char* name) const {
    const auto found = columns_.find(name);
    if (found == columns_.end() || found->second >= cells.size()) return {};
    return trim(cells[found->second]);
  }

  void read_row(std::string_view row, unsigned number) {
    const std::size_t before = file_.problems.size();
    const auto cells = split(row, '\t');
    if (cells.size() != columns_.size())
      return say(number, "there are " + std::to_string(cells.size()) + " cells under " +
                             std::to_string(columns_.size()) + " columns");
    FileLine line;
    line.line = number;
    line.item = cell(cells, "item_name");
    line.description = cell(cells, "choice_description");
    line.sku = cell(cells, "sku");
    const std::string order(cell(cells, "order_id"));
    if (!is_id(order) || order.size() > 40) say(number, "'" + order + "' is no order id");
    if (line.item.empty() || !is_plain_text(line.item)) say(number, "the item has no proper name");
    if (!read_choices(line.description).ok)
      say(number, "the brackets of '" + line.description + "' do not match");
    if (!line.sku.empty() && !is_id(line.sku)) say(number, "'" + line.sku + "' is no SKU");
    read_quantity(cell(cells, "quantity"), line, number);
    read_price(cell(cells, "item_price"), line, number);
    read_ids(cell(cells, "choices"), line, number);
    if (file_.problems.size() == before) place(order, std::move(line));
  }

  void read_quantity(std::string_view text, FileLine& line, unsigned number) {
    const ctl::ReadPrice units = ctl::read_price(text, 0, false);
    if (units.ok && units.minor >= 1 && units.minor <= kUnitsMax)
      line.quantity = units.minor;
    else
      say(number, "'" + std::string(text) + "' is no quantity; write 1 to 10000");
  }

  void read_price(std::string_view text, FileLine& line, unsigned number) {
    if (!text.empty() && text.front() == '$') text.remove_prefix(1);
    const ctl::ReadPrice price = ctl::read_price(text, 2, false);
    if (!price.ok)
      return say(number, "'" + std::string(text) + "' is no price; write 8.49 or $8.49");
    line.total = price.minor;
    if (line.quantity > 0 && line.total % line.quantity != 0)
      say(number, "the price of the line is no whole price times " + std::to_string(line.quantity));
  }

  void read_ids(std::string_view text, FileLine& line, unsigned number) {
    for (const std::string_view word : split(text, ' ')) {
      if (word.empty()) continue;
      const auto sign = word.find_first_of("=:");
      Choice choice;
      choice.group = word.substr(0, sign);
      if (sign != std::string_view::npos) choice.option = word.substr(sign + 1);
      choice.is_part = sign != std::string_view::npos && word[sign] == ':';
      if (!is_id(choice.group) || !is_id(choice.option))
        return say(number,
                   "'" + std::string(word) + "' is no choice; write group=option or part:sku");
      line.choices.push_back(std::move(choice));
    }
  }

  void place(const std::string& order, FileLine line) {
    const auto [at, fresh] = places_.emplace(order, file_.orders.size());
    if (fresh) file_.orders.push_back({order, {}});
    file_.orders[at->second].lines.push_back(std::move(line));
  }

  OrderFile file_;
  std::map<std::string, std::size_t, std::less<>> columns_;
  std::map<std::string, std::size_t> places_;
};

// Reads "[a, [b, c]]". Depth 1 is the outer list, 2 the inner ones.
class ChoiceReader {
 public:
  explicit ChoiceReader(std::string_view text) : text_(text) {}

  Choices read() {
    if (text_.empty() || text_ == "NULL") return {true, {}};
    const bool listed = text_.front() == '[' && text_.back() == ']';
    Choices choices{listed && walk(), std::move(names_)};
    const bool nested = inner_lists_ > 0;
    for (Named& named : choices.names) {
      const bool last = named.group == std::to_string(inner_lists_);
      named.group = !nested ? "choice" : last ? "with" : "salsa";
    }
    return choices;
  }

 private:
  bool walk() {
    int depth = 0;
    std::string name;
    bool after_list = false;
    for (const char c : text_) {
      if (c == '[') {
        if (!trim(name).empty() || ++depth > 2) return false;
        if (depth == 2) ++inner_lists_;
        after_list = false;
      } else if (c == ']' || c == ',') {
        if (depth == 0 || (!after_list && !take(name, depth))) return false;
        if (after_list && !trim(name).empty()) return false;
        name.clear();
        if (c == ']') --depth;
        after_list = c == ']';
      } else {
        if (depth == 0) return false;
        name += c;
      }
    }
    return depth == 0;
  }

  bool take(const std::string& name, int depth) {
    const std::string text(trim(name));
    if (text.empty()) return false;
    names_.push_back({depth == 2 ? std::to_string(inner_lists_) : "outer", text});
    return true;
  }

  std::string_view text_;
  int inner_lists_ = 0;
  std::vector<Named> names_;
};

}  // namespace

std::int64_t FileOrder::total() const {
  return std::accumulate(lines.begin(), lines.end(), std::int64_t{0},
                         [](std::int64_t sum, const FileLine& line) { return sum + line.total; });
}

OrderFile read_orders(std::string_view text) { return Reader().read(text); }

Choices read_choices(std::string_view description) { return ChoiceReader(description).read(); }

std::string write_orders(const std::vector<FileOrder>& orders) {
  std::string out = "order_id\tquantity\titem_name\tchoice_description\titem_price\tsku\tchoices\n";
  for (const FileOrder& order : orders) {
    for (const FileLine& line : order.lines) {
      out += order.id + '\t' + std::to_string(line.quantity) + '\t' + line.item + '\t';
      out += (line.description.empty() ? "NULL" : line.description) + '\t';
      out += '$' + ctl::show_price(line.total, 2) + '\t' + line.sku + '\t';
      for (std::size_t i = 0; i < line.choices.size(); ++i) {
        const Choice& choice = line.choices[i];
        out += (i > 0 ? " " : "") + choice.group + (choice.is_part ? ":" : "=") + choice.option;
      }
      out += '\n';
    }
  }
  return out;
}

std::string slug(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool kept = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (kept)
      out += upper ? static_cast<char>(c - 'A' + 'a') : c;
    else if (!out.empty() && out.back() != '-')
      out += '-';
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

}  // namespace larder::replay
