// ZoneRow: how the clock of one time zone goes, as data, and the arithmetic of local time on it.
// Where the rows come from is zone.cpp's matter.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/base/time.hpp"

namespace vaultbell {

// What a wall clock shows, in whole minutes; which zone's is for the reader to know.
using LocalMinute = std::chrono::local_time<std::chrono::minutes>;

// A moment at which the clock is put forward (`after` is more) or back. Both are offsets from UTC.
struct ZoneChange {
  Instant at;
  std::chrono::seconds before{};
  std::chrono::seconds after{};

  bool operator==(const ZoneChange&) const = default;
};

// `offset` is what counts before the first change. Changes are in the order of time, and so far
// apart that no local time is touched by two of them.
struct ZoneRow {
  std::string name;
  std::chrono::seconds offset{};
  std::vector<ZoneChange> changes;
};

// The time around an instant in which the clock is not changed: `begin` belongs to it, `end` does
// not. From `new_from` on, its local minutes were not shown before it: those that come before are
// the second showing of an hour that the clock was put back by.
struct Span {
  Instant begin = Instant::min();
  Instant end = Instant::max();
  std::chrono::seconds offset{};
  LocalMinute new_from = LocalMinute::min();
};

// The instants at which a clock shows the beginning of a local minute. `count` is 1, or 2 where the
// clock was put back over it, or 0 where it was put forward over it; then both instants are the
// moment of that change, the first that has a local time again.
struct Moments {
  int count = 1;
  Instant earliest;
  Instant latest;
};

// What a clock at this offset shows; seconds are cut off.
LocalMinute to_local_minute(Instant instant, std::chrono::seconds offset);

Span span_at(const ZoneRow& row, Instant instant);
Moments moments_of(const ZoneRow& row, LocalMinute minute);

// Whether the rows are worth relying on: there are some, UTC among them, and they know of changes
// to come. The error says what is missing and which Debian package has it.
Status check_zone_rows(std::span<const ZoneRow> rows);

}  // namespace vaultbell
