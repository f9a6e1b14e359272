#include <algorithm>
#include <array>

#include "tools/larderctl/menu_file.hpp"

namespace larder::ctl {

int decimals_of(std::string_view currency) {
  static constexpr std::array<std::string_view, 15> kNone = {"BIF", "CLP", "DJF", "GNF", "ISK",
                                                             "JPY", "KMF", "KRW", "PYG", "RWF",
                                                             "UGX", "VND", "VUV", "XAF", "XOF"};
  static constexpr std::array<std::string_view, 7> kThree = {"BHD", "IQD", "JOD", "KWD",
                                                             "LYD", "OMR", "TND"};
  if (std::find(kNone.begin(), kNone.end(), currency) != kNone.end()) return 0;
  if (std::find(kThree.begin(), kThree.end(), currency) != kThree.end()) return 3;
  return 2;
}

ReadPrice read_price(std::string_view text, int decimals, bool minus_allowed) {
  const bool minus = !text.empty() && text.front() == '-';
  if (minus) {
    if (!minus_allowed) return {};
    text.remove_prefix(1);
  }
  const auto point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view part = point == std::string_view::npos ? "" : text.substr(point + 1);
  const auto digits = [](std::string_view t) {
    return std::all_of(t.begin(), t.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  if (whole.empty() || whole.size() > 12 || !digits(whole) || !digits(part)) return {};
  if (part.size() > static_cast<std::size_t>(decimals)) return {};
  if (point != std::string_view::npos && part.empty()) return {};
  std::int64_t minor = 0;
  for (const char c : whole) minor = minor * 10 + (c - '0');
  for (int i = 0; i < decimals; ++i) {
    const auto place = static_cast<std::size_t>(i);
    minor = minor * 10 + (place < part.size() ? part[place] - '0' : 0);
  }
  return ReadPrice{true, minus ? -minor : minor};
}

std::string show_price(std::int64_t minor, int decimals) {
  const bool minus = minor < 0;
  std::string digits = std::to_string(minus ? -minor : minor);
  const auto part = static_cast<std::size_t>(decimals);
  if (digits.size() <= part) digits.insert(0, part + 1 - digits.size(), '0');
  if (part > 0) digits.insert(digits.size() - part, 1, '.');
  return (minus ? "-" : "") + digits;
}

}  // namespace larder::ctl
