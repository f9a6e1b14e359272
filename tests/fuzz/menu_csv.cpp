// Menus that a person wrote as CSV: a menu without problems is one the hub takes, and it survives
// the way through CSV and through JSON.
#include "tests/fuzz/menu.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace larder;
  const std::string_view text = fuzz::text_of(bytes, size);
  const ctl::ReadMenu read = ctl::read_menu_csv(text, "EUR");
  fuzz::require_problems(read, text);
  if (!read.problems.empty()) return 0;
  fuzz::require_taken(read.menu);
  fuzz::require_same_through_csv(read.menu);
  return 0;
}
