// What both fuzzers of menu files ask of a menu that was read.
#pragma once

#include <algorithm>

#include "lan-protocol/codec.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tools/larderctl/menu_file.hpp"

namespace larder::fuzz {

inline constexpr JsonLimits kMenuLimits = {kJsonDepthMax, kMenuJsonNodesMax, kStringBytesMax};

inline void require_problems(const ctl::ReadMenu& read, std::string_view text) {
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) +
                     static_cast<std::size_t>(std::count(text.begin(), text.end(), '\r')) + 1;
  for (const ctl::Problem& problem : read.problems) {
    require(!problem.sentence.empty(), "a problem is said");
    require(problem.line <= lines, "a problem is on a line of the file");
  }
}

// The hub's own reader and its catalog have the last word.
inline void require_taken(const Menu& menu) {
  require(Catalog::build(menu).has_value(), "a menu without problems makes a catalog");
  const std::string text = ctl::menu_to_json(menu);
  const Result<Json> json = parse_json(text, kMenuLimits);
  require(json.has_value(), "a menu is written as JSON");
  const Result<Menu> decoded = decode_menu(*json);
  require(decoded.has_value() && *decoded == menu, "the hub reads the menu that was written");
}

inline void require_same_through_csv(const Menu& menu) {
  const ctl::ReadMenu again = ctl::read_menu_csv(ctl::menu_to_csv(menu), "EUR");
  require(again.problems.empty(), "a menu that we write as CSV has no problems");
  require(again.menu == menu, "and is the same menu");
}

}  // namespace larder::fuzz
