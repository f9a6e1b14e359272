// Comma-separated values as RFC 4180 has them, with the line each row begins on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace larder::ctl {

// One thing that is wrong in a file a person wrote. Line 0: the file as a whole.
struct Problem {
  unsigned line = 0;
  std::string sentence;
  bool operator==(const Problem&) const = default;
};

// "menu.csv:12: sentence", sorted by line, each on its own line.
std::string list_problems(const std::string& file, std::vector<Problem> problems);

struct CsvRow {
  unsigned line = 0;
  std::vector<std::string> cells;
};

struct CsvFile {
  std::vector<CsvRow> rows;  // empty lines and lines that begin with # are left out
  std::vector<Problem> problems;
};

// Quotes may hold commas, quotes (doubled) and line breaks. A BOM and CRLF are accepted; control
// bytes and what is not UTF-8 are problems. White space around a cell is dropped unless quoted.
CsvFile read_csv(std::string_view text);

// Quotes the cell when it needs them.
void append_cell(std::string& out, std::string_view cell);
void append_row(std::string& out, const std::vector<std::string>& cells);

}  // namespace larder::ctl
