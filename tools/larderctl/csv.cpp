#include "tools/larderctl/csv.hpp"

#include <algorithm>

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
    if (!is_utf8(cell)) problem(line, "text that is not UTF-8; save the file as UTF-8");
    const bool control = std::any_of(cell.begin(), cell.end(), [](char c) {
      return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t') ||
             c == 0x7f;
    });
    if (control) problem(line, "a control byte in a cell");
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

std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto follows = [&](std::size_t i, unsigned low, unsigned high) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(at);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(at + 1, 0x80, 0xBF) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned low = first == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = first == 0xED ? 0x9F : 0xBF;
    return follows(at + 1, low, high) && follows(at + 2, 0x80, 0xBF) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned low = first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xF4 ? 0x8F : 0xBF;
    const bool tail = follows(at + 2, 0x80, 0xBF) && follows(at + 3, 0x80, 0xBF);
    return follows(at + 1, low, high) && tail ? 4 : 0;
  }
  return 0;
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

}  // namespace larder::ctl
