#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/limits.hpp"
#include "core/base/text.hpp"
#include "core/orders/pricing.hpp"

namespace larder {
namespace {

// ISO/IEC 7812-1: a card number has up to 19 digits; 13 is the shortest in use.
constexpr std::size_t kCardDigitsMin = 13;
constexpr std::size_t kCardDigitsMax = 19;
constexpr std::size_t kCardDigitsShown = 4;

// The digit a character stands for, also in full width and in Arabic script: a number stays a
// number however it was typed.
std::optional<unsigned> digit_of(char32_t c) {
  for (const char32_t zero : {U'0', U'\uff10', U'\u0660', U'\u06f0'}) {
    if (c >= zero && c <= zero + 9) return static_cast<unsigned>(c - zero);
  }
  return std::nullopt;
}

bool joins_digits(char32_t c) {
  return c == U' ' || c == U'-' || c == U'.' || c == U'/' || c == U'\u00a0' || c == U'\u2010' ||
         c == U'\u2011' || c == U'\u2013' || c == U'\u3000';
}

struct Digit {
  std::size_t place = 0;  // in the note's characters
  unsigned value = 0;
  bool begins = false;  // no digit stands right before it
  bool ends = false;    // no digit stands right after it
};

// Luhn's check, doubling every second digit from the right.
bool passes_luhn(const std::vector<Digit>& digits, std::size_t first, std::size_t count) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned value = digits[first + count - 1 - i].value;
    const unsigned weighted = (i % 2 == 1) ? value * 2 : value;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 == 0;
}

// The longest stretch from `first` that looks like a card number; 0 when there is none. It begins
// and ends where a block of digits does, so that one typed in blocks ("4111 1111 ...") is found and
// a longer serial number is left alone; only in a block that is too long for a card any place will
// do.
std::size_t card_length(const std::vector<Digit>& digits, std::size_t first, bool anywhere) {
  if (!anywhere && !digits[first].begins) return 0;
  for (std::size_t count = kCardDigitsMax; count >= kCardDigitsMin; --count) {
    if (first + count > digits.size()) continue;
    if (!anywhere && !digits[first + count - 1].ends) continue;
    if (passes_luhn(digits, first, count)) return count;
  }
  return 0;
}

bool has_long_block(const std::vector<Digit>& digits) {
  std::size_t length = 0;
  for (const Digit& digit : digits) {
    length = digit.begins ? 1 : length + 1;
    if (length > kCardDigitsMax) return true;
  }
  return false;
}

// One run: digits with at most one joining character between two of them.
bool mask_run(std::u32string& text, const std::vector<Digit>& digits) {
  const bool anywhere = has_long_block(digits);
  bool masked = false;
  for (std::size_t first = 0; first < digits.size();) {
    const std::size_t count = card_length(digits, first, anywhere);
    for (std::size_t i = 0; i + kCardDigitsShown < count; ++i) {
      text[digits[first + i].place] = U'*';
    }
    masked = masked || count > 0;
    first += count > 0 ? count : 1;
  }
  return masked;
}

bool mask_card_numbers(std::u32string& text) {
  bool masked = false;
  std::vector<Digit> run;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const std::optional<unsigned> digit =
        i < text.size() ? digit_of(text[i]) : std::optional<unsigned>();
    const bool follows = !run.empty() && run.back().place + 1 == i;
    if (digit) {
      run.push_back({i, *digit, !follows, false});
      continue;
    }
    if (follows) run.back().ends = true;
    const bool goes_on = follows && i + 1 < text.size() && joins_digits(text[i]) &&
                         digit_of(text[i + 1]).has_value();
    if (goes_on) continue;
    if (run.size() >= kCardDigitsMin) masked = mask_run(text, run) || masked;
    run.clear();
  }
  return masked;
}

// What a printer or a screen may show: no controls, no bytes that are not UTF-8, nothing that turns
// the direction of the words around it. A line break becomes a space.
std::u32string showable(std::string_view note) {
  std::u32string text;
  for (std::size_t at = 0; at < note.size();) {
    const std::optional<char32_t> c = next_character(note, at);
    if (!c || is_layout_control(*c)) continue;
    if (*c == U'\n' || *c == U'\t') {
      text += U' ';
    } else if (!is_control(*c)) {
      text += *c;
    }
  }
  return text;
}

}  // namespace

std::string clean_note(const std::string& note, bool& masked) {
  std::u32string text = showable(note);
  if (mask_card_numbers(text)) masked = true;
  if (text.size() > kNoteCharactersMax) text.resize(kNoteCharactersMax);
  std::string kept;
  for (const char32_t c : text) append_character(kept, c);
  return kept;
}

}  // namespace larder
