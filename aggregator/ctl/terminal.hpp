// What is printed, and how: the terminal's width and colours, text that fits into columns, times as
// people say them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/enum_text.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::ctl {

enum class Format : std::uint8_t { table, wide, json, ndjson, tsv };
enum class UseColour : std::uint8_t { automatic, always, never };

// How this run of the command prints, from its flags and its surroundings.
struct Manner {
  Format format = Format::table;
  bool has_colour = false;
  bool has_header = true;
  bool is_quiet = false;
  bool is_utc = false;               // else local time
  std::optional<std::size_t> width;  // of the terminal; absent: nothing is cut
  Instant now;

  [[nodiscard]] bool is_json() const { return format == Format::json || format == Format::ndjson; }
};

// Columns that the text takes on a terminal: wide characters take two, combining ones none.
std::size_t columns_of(std::string_view utf8);

// The text cut to `columns_max` with "…" at its end; as it is where it fits.
std::string fitted(std::string_view utf8, std::size_t columns_max);

// A word with its shape (never colour alone) and its colour: "✖ disconnected". Words without a
// shape are as they are.
std::string marked(std::string_view word, const Manner& manner);

// "3 min ago", "in 43 min", "now".
std::string relative(Instant at, Instant now);

// "2026-03-01T03:20:00+01:00", or with a "Z" in UTC.
std::string absolute(Instant at, bool is_utc);

// Of the terminal at standard output; absent where there is none and $COLUMNS says nothing.
std::optional<std::size_t> terminal_width();

}  // namespace vaultbell::ctl

namespace vaultbell {

template <>
inline constexpr auto kEnumText<ctl::Format> = std::to_array<EnumText<ctl::Format>>({
    {ctl::Format::table, "table"},
    {ctl::Format::wide, "wide"},
    {ctl::Format::json, "json"},
    {ctl::Format::ndjson, "ndjson"},
    {ctl::Format::tsv, "tsv"},
});

template <>
inline constexpr auto kEnumText<ctl::UseColour> = std::to_array<EnumText<ctl::UseColour>>({
    {ctl::UseColour::automatic, "auto"},
    {ctl::UseColour::always, "always"},
    {ctl::UseColour::never, "never"},
});

}  // namespace vaultbell
