// Table: items of the API as columns that people read or programs cut apart.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/ctl/failure.hpp"
#include "aggregator/ctl/json.hpp"
#include "aggregator/ctl/terminal.hpp"

namespace vaultbell::ctl {

// What a value is, and so how it is shown and ordered.
enum class Kind : std::uint8_t {
  text,      // anything; names, messages, identities
  number,    // to the right
  word,      // of a closed list: with its shape
  time,      // relative in tables, absolute elsewhere
  duration,  // "90s"
  size,      // bytes
  key,       // a fingerprint: compared letter by letter, never cut
};

struct Column {
  std::string_view name;  // "client": what --columns and --sort call it, and the header in capitals
  std::string_view path;  // in the item: "timing.disconnect_after"
  Kind kind = Kind::text;
  bool is_for_wide = false;  // only in -o wide, or where it is asked for
  // Of words that alarm: where the item's state is. What is inactive gets no shape or colour.
  std::string_view state_path = {};
  // Where a terminal is too narrow, the column with the highest goes first, before any text is
  // cut; 0 stays, as does what was asked for by name.
  std::uint8_t gives_way = 0;
};

// How the column's value in this item is shown.
Kind kind_in(const Json& item, const Column& column);

// Null, or a list or an object of nothing.
bool is_nothing(const Json& value);

// One value as this manner shows it; in tables "-" stands for nothing. Never holds a control
// character but those of its own colour.
std::string shown(const Json& value, Kind kind, const Manner& manner);

// The columns to show: those that are wanted ("state,name"), or those of the format.
Expected<std::vector<Column>> chosen(std::span<const Column> columns, std::string_view wanted,
                                     const Manner& manner);

// Orders the items by a column, "-NAME" backwards; stable.
Expected<bool> sort_by(std::vector<Json>& items, std::span<const Column> columns,
                       std::string_view order);

// The whole table, with or without header, fitted to the terminal's width if there is one.
std::string table_of(std::span<const Json> items, std::span<const Column> columns,
                     const Manner& manner);

}  // namespace vaultbell::ctl
