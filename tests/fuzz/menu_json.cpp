// Menus that a person wrote as JSON: the reader with line numbers and the hub's own say the same.
#include "tests/fuzz/menu.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace larder;
  const std::string_view text = fuzz::text_of(bytes, size);
  const ctl::ReadMenu read = ctl::read_menu_json(text);
  fuzz::require_problems(read, text);
  if (!read.problems.empty()) return 0;
  fuzz::require_taken(read.menu);
  // As the person wrote it, not as we write it.
  const Result<Json> json = parse_json(text, fuzz::kMenuLimits);
  fuzz::require(json.has_value(), "a menu without problems is JSON for the hub");
  Result<Menu> decoded = decode_menu(*json);
  fuzz::require(decoded.has_value(), "a menu without problems is one for the hub");
  decoded->version = read.menu.version;  // the hub counts
  fuzz::require(*decoded == read.menu, "and the same one");
  return 0;
}
