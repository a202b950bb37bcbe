#include "shared/domain/zone.hpp"

#include <algorithm>
#include <cctype>
#include <exception>
#include <vector>

#include <date/tz.h>
#include <fmt/format.h>

#include "shared/base/check.hpp"
#include "shared/base/nearest.hpp"
#include "shared/base/text.hpp"

namespace vaultbell {

namespace {

constexpr std::size_t kZoneNameBytesMax = 64;  // IANA's longest has 32; for texts in messages
constexpr int kChangesMax = 2000;  // of one zone; those of Debian 12 have at most some 200
constexpr auto kTableBegin = date::sys_seconds(date::sys_days(date::year(1970) / 1 / 1));
constexpr auto kTableEnd = date::sys_seconds(date::sys_days(date::year(2200) / 1 / 1));

// Rows and their names in the order of the names. Written by load_zones alone, before there are
// other threads; constant from then on.
struct Table {
  std::vector<ZoneRow> rows;
  std::vector<std::string_view> names;
};
Table table;

// Changes that leave the offset as it was (a new abbreviation) are no changes here. Throws what
// date-tz throws where the zone's file is no such file.
ZoneRow read_row(const date::time_zone& zone) {
  auto info = zone.get_info(kTableBegin);
  ZoneRow row{.name = zone.name(), .offset = info.offset};
  for (int i = 0; i < kChangesMax && info.end < kTableEnd; ++i) {
    const auto at = info.end;
    const auto before = info.offset;
    info = zone.get_info(at);
    if (info.offset != before) {
      row.changes.push_back({.at = at, .before = before, .after = info.offset});
    }
  }
  return row;
}

Result<std::vector<ZoneRow>> read_rows() {
  std::vector<ZoneRow> rows;
  try {
    for (const auto& zone : date::get_tzdb().zones) {
      if (zone.name() == "localtime") continue;  // means another zone on each machine
      try {
        rows.push_back(read_row(zone));
      } catch (const std::exception&) {
        continue;  // some other file between those of the zones
      }
    }
  } catch (const std::exception& error) {
    return fail(
        fmt::format("time zones: they cannot be read ({}); Debian's package tzdata has them",
                    one_line(trimmed(error.what()))));
  }
  std::ranges::sort(rows, {}, &ZoneRow::name);
  return rows;
}

bool is_same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

// For who writes only the city: "berlin" means "Europe/Berlin".
std::string hint_for(std::string_view name) {
  for (const auto known : table.names) {
    if (is_same_word(known.substr(known.rfind('/') + 1), name)) {
      return fmt::format("; did you mean \"{}\"?", known);
    }
  }
  return did_you_mean(name, table.names);
}

tl::unexpected<Error> unknown(std::string_view name) {
  const auto hint = hint_for(name);
  return fail(ErrorCode::invalid, fmt::format("unknown time zone \"{}\"{}",
                                              one_line(first_part(name, kZoneNameBytesMax)),
                                              hint.empty() ? " (examples: \"Europe/Berlin\", "
                                                             "\"UTC\")"
                                                           : hint));
}

const ZoneRow& utc() {
  static const ZoneRow row{.name = "UTC"};
  return row;
}

}  // namespace

Status load_zones() {
  if (!table.rows.empty()) return {};
  auto rows = read_rows();
  if (!rows) return fail(rows.error());
  if (auto ok = check_zone_rows(*rows); !ok) return ok;
  table.rows = std::move(*rows);
  for (const auto& row : table.rows) table.names.emplace_back(row.name);
  return {};
}

Zone::Zone() : row_(&utc()) {}

Span Zone::span_at(Instant instant) const {
  return vaultbell::span_at(*row_, instant);
}

Moments Zone::moments_of(LocalMinute minute) const {
  return vaultbell::moments_of(*row_, minute);
}

LocalMinute Zone::local_minute(Instant instant) const {
  return to_local_minute(instant, span_at(instant).offset);
}

Result<Zone> find_zone(std::string_view name) {
  check(!table.rows.empty(), "the time zones were loaded before they are used");
  const auto row = std::ranges::lower_bound(table.rows, name, {}, &ZoneRow::name);
  if (row == table.rows.end() || row->name != name) return unknown(name);
  return Zone(*row);
}

Status check_zone(std::string_view name) {
  const auto zone = find_zone(name);
  return zone ? Status() : Status(fail(zone.error()));
}

std::span<const std::string_view> zone_names() {
  return table.names;
}

}  // namespace vaultbell
