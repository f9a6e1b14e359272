// Orders as a tab-separated file: a day that was sold, to be sold again.
//
// The columns are those of the Chipotle data: order_id, quantity, item_name, choice_description,
// item_price (of the whole line, "$16.98"), parted by tabs, with a header. A choice_description is
// NULL or a list in brackets, lists within lists. Our own superset has two columns more, sku and
// choices: the hub's ids, so that no name must be guessed. `choices` holds words parted by spaces:
// "group=option" for an option, "part:sku" for a part of a combo.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tools/larderctl/csv.hpp"

namespace larder::replay {

struct Choice {
  std::string group;   // or the part of a combo
  std::string option;  // or the SKU of that part
  bool is_part = false;
  auto operator<=>(const Choice&) const = default;
};

struct FileLine {
  unsigned line = 0;          // of the file
  std::int64_t quantity = 0;  // whole units
  std::string item;
  std::string description;      // as it stands in the file
  std::int64_t total = 0;       // of the line, minor units
  std::string sku;              // empty: made from the item and its price
  std::vector<Choice> choices;  // of our superset
  std::int64_t unit_price() const { return quantity == 0 ? 0 : total / quantity; }
};

struct FileOrder {
  std::string id;
  std::vector<FileLine> lines;
  std::int64_t total() const;
};

struct OrderFile {
  std::vector<FileOrder> orders;  // in the order of the file; the lines of one need not be adjacent
  std::vector<ctl::Problem> problems;
};

OrderFile read_orders(std::string_view text);
// The superset, with its header.
std::string write_orders(const std::vector<FileOrder>& orders);

// "[Salsa, [Rice, Beans]]" taken apart. `group` tells where a name stood: "salsa" before an inner
// list (alone or in a list of its own), "with" in the inner list, "choice" where there is none.
struct Named {
  std::string group;
  std::string name;
  bool operator==(const Named&) const = default;
};
struct Choices {
  bool ok = false;  // brackets match, no empty names
  std::vector<Named> names;
};
Choices read_choices(std::string_view description);

// Lower-case letters and digits, others as one '-': fit for an id.
std::string slug(std::string_view text);

}  // namespace larder::replay
