// Checks and small repairs of text that came from outside.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vaultbell {

// Well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
bool is_utf8(std::string_view text);

// The same text with every malformed byte replaced by U+FFFD.
std::string to_utf8(std::string_view bytes);

// Whether a line of it could disturb a terminal, a header or a list: control characters, line and
// paragraph separators, and the marks that switch the direction of writing.
bool has_control(std::string_view utf8);

// The same text as one line that disturbs nothing (see has_control): tabs and line ends become a
// space, every other control character, mark and malformed byte U+FFFD.
std::string one_line(std::string_view bytes);
// The same text with each such character written as "\u001b", which is harmless on a terminal and
// means the same inside a JSON string; malformed bytes become U+FFFD.
std::string with_visible_controls(std::string_view bytes);

// At most `size_bytes_max` bytes from the end (or front) of the text, cut between characters.
std::string_view last_part(std::string_view utf8, std::size_t size_bytes_max);
std::string_view first_part(std::string_view utf8, std::size_t size_bytes_max);

// Without white space at either end.
std::string_view trimmed(std::string_view text);

}  // namespace vaultbell
