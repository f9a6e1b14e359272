#include "tools/larderctl/csv.hpp"

#include <algorithm>

#include "core/base/text.hpp"

namespace larder::ctl {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

// Reads one file from front to back; a broken quote ends the reading, other problems do not.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  CsvFile read() {
    if (text_.substr(0, kBom.size()) == kBom) at_ = kBom.size();
    while (at_ < text_.size() && !broken_) read_row();
    return std::move(file_);
  }

 private:
  void read_row() {
    CsvRow row;
    row.line = line_;
    if (text_[at_] == '#') return skip_line();
    bool more = true;
    while (more && !broken_) {
      row.cells.push_back(at_ < text_.size() && text_[at_] == '"' ? quoted() : plain());
      more = at_ < text_.size() && text_[at_] == ',';
      if (more) ++at_;
    }
    end_of_line();
    if (row.cells.size() > 1 || !row.cells[0].empty()) file_.rows.push_back(std::move(row));
  }

  std::string plain() {
    const std::size_t from = at_;
    while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n') ++at_;
    std::string_view cell = text_.substr(from, at_ - from);
    const bool last = at_ >= text_.size() || text_[at_] == '\n';
    if (last && !cell.empty() && cell.back() == '\r') cell.remove_suffix(1);
    if (cell.find('"') != std::string_view::npos)
      problem(line_,
              "a quote inside a cell: put the whole cell in quotes and double the inner one");
    return checked(trimmed(cell), line_);
  }

  std::string quoted() {
    const unsigned opened = line_;
    std::string cell;
    ++at_;
    for (;; ++at_) {
      if (at_ >= text_.size()) {
        problem(opened, "a quote is opened here and never closed");
        broken_ = true;
        return cell;
      }
      if (text_[at_] == '"') {
        if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') break;
        ++at_;
      }
      if (text_[at_] == '\n') ++line_;
      cell += text_[at_];
    }
    ++at_;
    const std::size_t from = at_;
    while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n') ++at_;
    if (text_.substr(from, at_ - from).find_first_not_of(" \t\r") != std::string_view::npos)
      problem(line_, "text after a closing quote");
    return checked(std::move(cell), opened);
  }

  std::string checked(std::string cell, unsigned line) {
    if (!is_utf8(cell))
      problem(line, "text that is not UTF-8; save the file as UTF-8");
    else if (!is_plain_text(cell))
      problem(line, "a control byte or a line break in a cell");
    return cell;
  }

  void end_of_line() {
    if (at_ < text_.size() && text_[at_] == '\n') {
      ++at_;
      ++line_;
    }
  }
  void skip_line() {
    while (at_ < text_.size() && text_[at_] != '\n') ++at_;
    end_of_line();
  }
  void problem(unsigned line, std::string sentence) {
    file_.problems.push_back({line, std::move(sentence)});
  }

  std::string_view text_;
  std::size_t at_ = 0;
  unsigned line_ = 1;
  bool broken_ = false;
  CsvFile file_;
};

}  // namespace

CsvFile read_csv(std::string_view text) { return Reader(text).read(); }

std::string list_problems(const std::string& file, std::vector<Problem> problems) {
  std::stable_sort(problems.begin(), problems.end(),
                   [](const Problem& a, const Problem& b) { return a.line < b.line; });
  std::string out;
  for (const Problem& problem : problems) {
    out += file;
    if (problem.line > 0) out += ":" + std::to_string(problem.line);
    out += ": " + problem.sentence + "\n";
  }
  return out;
}

void append_cell(std::string& out, std::string_view cell) {
  const bool edges = !cell.empty() && (cell.front() == ' ' || cell.back() == ' ' ||
                                       cell.front() == '#' || cell.front() == '[');
  if (!edges && cell.find_first_of(",\"\r\n\t") == std::string_view::npos) {
    out += cell;
    return;
  }
  out += '"';
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_row(std::string& out, const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    append_cell(out, cells[i]);
  }
  out += '\n';
}

}  // namespace larder::ctl
