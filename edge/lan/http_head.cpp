#include "edge/lan/http_head.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base/limits.hpp"

namespace larder::edge {

namespace {

constexpr std::size_t kMethodBytesMax = 16;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// RFC 9110 tchar.
bool is_token_char(char c) {
  const bool letter_or_digit =
      (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  return letter_or_digit ||
         (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

HeadCheck refused(int status, Code code, std::string message) {
  HeadCheck check;
  check.state = HeadCheck::State::Refused;
  check.refusal = HttpRefusal{.status = status, .code = code, .message = std::move(message)};
  return check;
}

HeadCheck bad(std::string message) { return refused(400, Code::BadRequest, std::move(message)); }

// What can be said of the first bytes before the head is whole; NeedMore when nothing is wrong.
HeadCheck check_beginning(std::string_view bytes) {
  const std::size_t method_end = bytes.find(' ');
  const std::string_view method = bytes.substr(0, method_end);
  const bool method_good = std::all_of(method.begin(), method.end(), is_token_char);
  if (!method_good || method.size() > kMethodBytesMax || method_end == 0) {
    HeadCheck check;
    check.state = HeadCheck::State::NotHttp;
    return check;
  }
  if (method_end == std::string_view::npos) return {};
  const std::string_view rest = bytes.substr(method_end + 1);
  const std::size_t target_bytes = std::min(rest.find_first_of(" \r\n"), rest.size());
  if (target_bytes > kHttpTargetBytesMax) {
    return refused(414, Code::TooLarge, "the address is longer than 2,048 bytes");
  }
  return {};
}

// A line ends with CR LF; either of them alone is read differently by different readers.
bool has_lone_line_end(std::string_view bytes, bool whole) {
  for (std::size_t at = bytes.find_first_of("\r\n"); at != std::string_view::npos;
       at = bytes.find_first_of("\r\n", at + 2)) {
    if (bytes[at] == '\n') return true;
    if (at + 1 == bytes.size()) return whole;
    if (bytes[at + 1] != '\n') return true;
  }
  return false;
}

std::optional<HeadCheck> read_request_line(std::string_view line, HttpHead& head) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) {
    return bad("the request line is not 'METHOD /path HTTP/1.1'");
  }
  head.method = line.substr(0, first);
  head.target = line.substr(first + 1, last - first - 1);
  if (line.substr(last + 1) != "HTTP/1.1") return bad("only HTTP/1.1 is spoken here");
  const auto visible = [](char c) { return c > ' ' && c < 0x7f; };
  if (head.target.empty() || head.target.front() != '/' ||
      !std::all_of(head.target.begin(), head.target.end(), visible)) {
    return bad("the address must be a path that begins with '/'");
  }
  return std::nullopt;
}

std::optional<HeadCheck> read_field(std::string_view line, HttpHead& head) {
  if (line.front() == ' ' || line.front() == '\t') return bad("a folded header line");
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return bad("a header line without a colon");
  const std::string_view name = line.substr(0, colon);
  if (!is_token(name)) return bad("a header name with characters that do not belong there");
  const std::string_view value = trimmed(line.substr(colon + 1));
  const auto bad_byte = [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f; };
  if (std::any_of(value.begin(), value.end(), bad_byte)) {
    return bad("a header value with control bytes");
  }
  if (head.fields.size() == kHttpHeadersMax) {
    return refused(431, Code::TooLarge, "more than 64 headers");
  }
  head.fields.push_back(HttpField{.name = name, .value = value});
  return std::nullopt;
}

std::optional<HeadCheck> read_length(HttpHead& head) {
  if (head.count("Transfer-Encoding") > 0) {
    return bad("Transfer-Encoding is not taken; send Content-Length");
  }
  const std::size_t lengths = head.count("Content-Length");
  if (lengths == 0) return std::nullopt;
  if (lengths > 1) return bad("Content-Length twice");
  const std::string_view text = head.field("Content-Length");
  constexpr std::size_t kDigitsMax = 18;  // fits 64 bits, far above every limit
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.empty() || text.size() > kDigitsMax || !std::all_of(text.begin(), text.end(), digit)) {
    return bad("Content-Length is not a plain number");
  }
  for (const char c : text) {
    head.content_length = head.content_length * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return std::nullopt;
}

// What the fields mean together.
std::optional<HeadCheck> read_meaning(HttpHead& head) {
  if (auto wrong = read_length(head)) return wrong;
  if (head.count("Host") != 1) return bad("exactly one Host header is needed");
  head.host = head.field("Host");
  if (head.host.empty()) return bad("an empty Host header");
  for (const HttpField& field : head.fields) {
    if (!same_word(field.name, "Connection")) continue;
    if (list_has(field.value, "close")) head.keep_alive = false;
    if (list_has(field.value, "upgrade")) head.wants_upgrade = head.count("Upgrade") > 0;
  }
  const std::string_view expect = head.field("Expect");
  if (!expect.empty() && !same_word(expect, "100-continue")) return bad("an Expect not known here");
  head.expects_continue = !expect.empty();
  return std::nullopt;
}

}  // namespace

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

bool list_has(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (same_word(trimmed(list.substr(0, comma)), word)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

std::string_view HttpHead::field(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [name](const HttpField& field) {
    return same_word(field.name, name);
  });
  return found == fields.end() ? std::string_view() : found->value;
}

std::size_t HttpHead::count(std::string_view name) const {
  const auto same = [name](const HttpField& field) { return same_word(field.name, name); };
  return static_cast<std::size_t>(std::count_if(fields.begin(), fields.end(), same));
}

HeadCheck check_head(std::string_view bytes) {
  HeadCheck beginning = check_beginning(bytes);
  if (beginning.state != HeadCheck::State::NeedMore) return beginning;

  const std::size_t end = bytes.find("\r\n\r\n");
  const bool whole = end != std::string_view::npos;
  const std::string_view text = bytes.substr(0, whole ? end + 2 : bytes.size());
  if (text.size() + 2 > kHttpHeadBytesMax) {
    return refused(431, Code::TooLarge, "the headers are longer than 8,192 bytes");
  }
  if (has_lone_line_end(text, whole)) return bad("a line that does not end with CR LF");
  if (!whole) return {};

  HeadCheck check;
  HttpHead& head = check.head;
  head.bytes = end + 4;
  std::size_t at = text.find("\r\n");
  if (auto wrong = read_request_line(text.substr(0, at), head)) return *wrong;
  for (at += 2; at < text.size();) {
    const std::size_t line_end = text.find("\r\n", at);
    if (auto wrong = read_field(text.substr(at, line_end - at), head)) return *wrong;
    at = line_end + 2;
  }
  if (auto wrong = read_meaning(head)) return *wrong;
  check.state = HeadCheck::State::Whole;
  return check;
}

}  // namespace larder::edge
