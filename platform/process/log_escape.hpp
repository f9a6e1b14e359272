// Text that may come from anybody, made safe to show on one line of a log or a terminal.
#pragma once

#include <string>
#include <string_view>

namespace larder {

// Control bytes and bytes that are not UTF-8 become \xNN; characters that steer a terminal or hide
// text (C1 controls, line separators, direction overrides) become \u{NNNN}; a backslash is doubled,
// so that the original can be read back. Everything else stays as it is.
std::string escaped(std::string_view text);

}  // namespace larder
