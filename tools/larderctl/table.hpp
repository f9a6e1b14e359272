// Aligned columns for people.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace larder::ctl {

// Columns on a terminal: a Chinese character takes two (the wide ranges of Unicode's UAX #11).
std::size_t width_of(std::string_view text);

class Table {
 public:
  // A heading that begins with '>' is of a column set to the right.
  explicit Table(std::vector<std::string> headings);
  void add(std::vector<std::string> cells);
  std::string text() const;

 private:
  std::vector<bool> right_;
  std::vector<std::vector<std::string>> rows_;  // the headings first
};

}  // namespace larder::ctl
