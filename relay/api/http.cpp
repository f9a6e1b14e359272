#include "relay/api/http.hpp"

#include <algorithm>

namespace larder::relay {

namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_lower_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return hex_value(c) >= 0 && !(c >= 'A' && c <= 'F'); });
}

bool is_all_zero(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos;
}

// How many bytes follow the first byte of a character, and the smallest value that may be written
// so; -1 for a byte that begins none.
struct Lead {
  int follow = -1;
  unsigned value = 0, least = 0;
};
Lead lead_of(unsigned char c) {
  if (c < 0x80) return {0, c, 0};
  if (c >= 0xC2 && c <= 0xDF) return {1, c & 0x1FU, 0x80};
  if (c >= 0xE0 && c <= 0xEF) return {2, c & 0x0FU, 0x800};
  if (c >= 0xF0 && c <= 0xF4) return {3, c & 0x07U, 0x10000};
  return {};
}

}  // namespace

std::string_view HttpRequest::field(std::string_view name) const {
  for (const auto& [key, value] : fields) {
    if (key == name) return value;
  }
  return {};
}

std::size_t HttpRequest::count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(
      fields.begin(), fields.end(), [name](const auto& field) { return field.first == name; }));
}

std::string_view HttpRequest::path() const {
  const std::string_view all = target;
  return all.substr(0, all.find_first_of("?#"));
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (c == '\0') return std::nullopt;
    out += c;
  }
  return out;
}

std::optional<QueryPairs> query_of(std::string_view target) {
  QueryPairs pairs;
  const std::size_t mark = target.find('?');
  if (mark == std::string_view::npos) return pairs;
  std::string_view rest = target.substr(mark + 1);
  rest = rest.substr(0, rest.find('#'));
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = percent_decoded(pair.substr(0, equals));
    std::string spaced(pair.substr(std::min(equals + 1, pair.size())));
    std::replace(spaced.begin(), spaced.end(), '+', ' ');
    auto value = percent_decoded(spaced);
    if (!name || !value) return std::nullopt;
    const bool twice = std::any_of(pairs.begin(), pairs.end(),
                                   [&name](const auto& known) { return known.first == *name; });
    if (twice) return std::nullopt;
    pairs.emplace_back(std::move(*name), std::move(*value));
  }
  return pairs;
}

std::optional<std::string> trace_id_of(std::string_view traceparent) {
  // 00-<32 hex>-<16 hex>-<2 hex>
  constexpr std::size_t kBytes = 55;
  if (traceparent.size() != kBytes || !traceparent.starts_with("00-")) return std::nullopt;
  const std::string_view trace = traceparent.substr(3, 32);
  const std::string_view parent = traceparent.substr(36, 16);
  const bool good = traceparent[35] == '-' && traceparent[52] == '-' && is_lower_hex(trace) &&
                    is_lower_hex(parent) && is_lower_hex(traceparent.substr(53)) &&
                    !is_all_zero(trace) && !is_all_zero(parent);
  if (!good) return std::nullopt;
  return std::string(trace);
}

std::string_view phrase_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 302:
      return "Found";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Other";
  }
}

bool is_clean_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    Lead lead = lead_of(static_cast<unsigned char>(text[i++]));
    if (lead.follow < 0) return false;
    for (int n = 0; n < lead.follow; ++n, ++i) {
      if (i >= text.size() || (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80) return false;
      lead.value = (lead.value << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
    }
    const bool surrogate = lead.value >= 0xD800 && lead.value <= 0xDFFF;
    const bool control = lead.value < 0x20 || (lead.value >= 0x7F && lead.value < 0xA0);
    if (surrogate || control || lead.value < lead.least || lead.value > 0x10FFFF) return false;
  }
  return true;
}

}  // namespace larder::relay
