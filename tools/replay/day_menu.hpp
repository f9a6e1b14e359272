// A menu made of what an orders file sold: each item name is an item, each distinct unit price of
// it a SKU, each name in brackets an option (free, none needed). The same file gives the same ids.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/orders/catalog.hpp"
#include "tools/replay/order_file.hpp"

namespace larder::replay {

class DayMenu {
 public:
  // BadMoney when `currency` is none.
  static Result<DayMenu> of(const std::vector<FileOrder>& orders, const std::string& currency);

  const Menu& menu() const { return menu_; }
  // Gives every line without a SKU its SKU and choices. The lines must be of the file this was made
  // of.
  void resolve(std::vector<FileOrder>& orders) const;

 private:
  struct Sold {
    std::string id;
    std::map<std::int64_t, std::string> skus;  // by unit price
    // "salsa", "with", "choice" -> name of the option -> its id
    std::map<std::string, std::map<std::string, std::string>> options;
  };
  void gather(const std::vector<FileOrder>& orders);
  void write_menu();

  std::vector<std::string> order_of_items_;
  std::map<std::string, Sold> items_;
  Menu menu_;
};

}  // namespace larder::replay
