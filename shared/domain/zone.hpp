// Time zones by their IANA names: a table that a program reads once, when it starts, and that is
// constant from then on, so that a core may look things up in it (docs/decisions/0016).
#pragma once

#include <span>
#include <string_view>

#include "shared/base/result.hpp"
#include "shared/domain/zone_row.hpp"

namespace vaultbell {

// Reads the time zones of this machine. For a program's main, before it has threads; takes some
// 25 ms, and nothing when it was done before. The table knows the changes from 1970 to 2037; after
// the last one a zone keeps its offset. The error says what is missing and which package has it.
Status load_zones();

// A time zone of the table; UTC unless it came from find_zone. As cheap as a pointer. All its
// functions are pure and for any thread.
class Zone {
 public:
  Zone();

  [[nodiscard]] std::string_view name() const { return row_->name; }
  [[nodiscard]] Span span_at(Instant instant) const;
  [[nodiscard]] Moments moments_of(LocalMinute minute) const;

  // The minute that a clock in this zone shows; seconds are cut off.
  [[nodiscard]] LocalMinute local_minute(Instant instant) const;

  bool operator==(const Zone& other) const { return name() == other.name(); }

 private:
  friend Result<Zone> find_zone(std::string_view name);
  explicit Zone(const ZoneRow& row) : row_(&row) {}

  const ZoneRow* row_;
};

// The zone of this name, in exactly this spelling; links ("US/Eastern") count. Not before
// load_zones() has succeeded: that would be a bug. The error hints at a name that is near, or gives
// examples.
Result<Zone> find_zone(std::string_view name);
Status check_zone(std::string_view name);

// All names, in the order of their bytes.
std::span<const std::string_view> zone_names();

}  // namespace vaultbell
