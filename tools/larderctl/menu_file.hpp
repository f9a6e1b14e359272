// Menu files: what a person writes (JSON as in PROTOCOL.md, or CSV), read with every mistake named
// by its line, and written back. The CSV layout is told by csv_help().
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/orders/catalog.hpp"
#include "tools/larderctl/csv.hpp"

namespace larder::ctl {

// The line each part of a Menu came from, shaped like the Menu.
struct MenuLines {
  struct WithParts {
    unsigned line = 0;
    std::vector<unsigned> parts;
  };
  struct ItemLines {
    unsigned line = 0;
    std::vector<unsigned> skus;
    std::vector<WithParts> parts;
  };
  unsigned currency = 0;
  std::vector<unsigned> stations;
  std::vector<unsigned> categories;
  std::vector<WithParts> groups;
  std::vector<ItemLines> items;
};

struct ReadMenu {
  Menu menu;
  MenuLines lines;
  std::vector<Problem> problems;  // empty: the hub will take this menu
};

// JSON when the first character that counts is a brace, else CSV. `currency` is for a CSV that does
// not name one.
ReadMenu read_menu(std::string_view text, const std::string& currency = "EUR");
ReadMenu read_menu_json(std::string_view text);
ReadMenu read_menu_csv(std::string_view text, const std::string& currency);

// What contradicts what, over the whole menu; then Catalog::build as the last word.
void check_menu(ReadMenu& read);

std::string menu_to_csv(const Menu& menu);
std::string menu_to_json(const Menu& menu);  // one value a line
std::string_view csv_help();

// "5.90" as minor units of a currency with `decimals` of them; -1 when it is no such price.
// A delta may have a minus.
struct ReadPrice {
  bool ok = false;
  std::int64_t minor = 0;
};
ReadPrice read_price(std::string_view text, int decimals, bool minus_allowed);
std::string show_price(std::int64_t minor, int decimals);
// ISO 4217: most have two.
int decimals_of(std::string_view currency);

}  // namespace larder::ctl
