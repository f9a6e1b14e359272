#include "core/base/text.hpp"

#include <algorithm>

#include "core/base/limits.hpp"

namespace larder {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

// Length of the sequence that `first` begins, and the bits it gives; 0 when it begins none.
std::size_t sequence_length(unsigned first, char32_t& bits) {
  if (first < 0x80U) {
    bits = first;
    return 1;
  }
  if (first >= 0xc2U && first <= 0xdfU) {
    bits = first & 0x1fU;
    return 2;
  }
  if (first >= 0xe0U && first <= 0xefU) {
    bits = first & 0x0fU;
    return 3;
  }
  if (first >= 0xf0U && first <= 0xf4U) {
    bits = first & 0x07U;
    return 4;
  }
  return 0;
}

bool is_well_formed(char32_t character, std::size_t length) {
  if (length == 3 && character < 0x800) return false;
  if (length == 4 && character < 0x10000) return false;
  if (character >= 0xd800 && character <= 0xdfff) return false;
  return character <= 0x10ffff;
}

char as_byte(char32_t bits) { return static_cast<char>(static_cast<unsigned char>(bits)); }

}  // namespace

std::optional<char32_t> next_character(std::string_view text, std::size_t& at) {
  const std::size_t start = at++;
  char32_t character = 0;
  const std::size_t length = sequence_length(byte_at(text, start), character);
  if (length == 0 || text.size() - start < length) return std::nullopt;
  for (std::size_t i = 1; i < length; ++i) {
    const unsigned byte = byte_at(text, start + i);
    if ((byte & 0xc0U) != 0x80U) return std::nullopt;
    character = (character << 6) | (byte & 0x3fU);
  }
  if (!is_well_formed(character, length)) return std::nullopt;
  at = start + length;
  return character;
}

void append_character(std::string& text, char32_t character) {
  if (character < 0x80) {
    text += as_byte(character);
  } else if (character < 0x800) {
    text += as_byte(0xc0 | (character >> 6));
    text += as_byte(0x80 | (character & 0x3f));
  } else if (character < 0x10000) {
    text += as_byte(0xe0 | (character >> 12));
    text += as_byte(0x80 | ((character >> 6) & 0x3f));
    text += as_byte(0x80 | (character & 0x3f));
  } else {
    text += as_byte(0xf0 | (character >> 18));
    text += as_byte(0x80 | ((character >> 12) & 0x3f));
    text += as_byte(0x80 | ((character >> 6) & 0x3f));
    text += as_byte(0x80 | (character & 0x3f));
  }
}

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) next_character(text, at);
  return count;
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (!next_character(text, at)) return false;
  }
  return true;
}

bool is_control(char32_t character) {
  return character < 0x20 || (character >= 0x7f && character <= 0x9f);
}

bool is_layout_control(char32_t character) {
  return character == 0x2028 || character == 0x2029 ||
         (character >= 0x202a && character <= 0x202e) ||
         (character >= 0x2066 && character <= 0x2069);
}

bool is_plain_text(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::optional<char32_t> character = next_character(text, at);
    if (!character || is_control(*character)) return false;
  }
  return true;
}

bool is_id(std::string_view text) {
  if (text.empty() || text.size() > kIdBytesMax) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == ':' || c == '/' || c == '-';
  });
}

}  // namespace larder
