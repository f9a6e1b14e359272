// Text as people type it: UTF-8, read one character (code point) at a time, and the shape of an id.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace larder {

// The character at `at`, and `at` moved past it. Nothing when the bytes there are not UTF-8 (over-
// long forms, surrogates and values above U+10FFFF included); `at` then moves by one byte.
std::optional<char32_t> next_character(std::string_view text, std::size_t& at);

void append_character(std::string& text, char32_t character);

// How many characters; a byte that is not UTF-8 counts as one.
std::size_t count_characters(std::string_view text);

bool is_utf8(std::string_view text);

// NUL, C0 and C1 controls, DEL.
bool is_control(char32_t character);

// Line and paragraph separators and marks that turn the direction of what follows: they would let a
// text change how the words around it are shown.
bool is_layout_control(char32_t character);

// UTF-8 without controls: fit to be shown as it is.
bool is_plain_text(std::string_view text);

// 1 to kIdBytesMax bytes of A-Z a-z 0-9 . _ : / -
bool is_id(std::string_view text);

}  // namespace larder
