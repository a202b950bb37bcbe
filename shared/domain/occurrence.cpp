#include "shared/domain/occurrence.hpp"

#include <algorithm>

#include "shared/domain/cron_match.hpp"

namespace vaultbell {

namespace {

using std::chrono::minutes;

// A search meets each change of the clock at most once, and a zone has some four a year at most.
constexpr int kChangesSearchedMax = 4 * kSearchYearsMax;

}  // namespace

std::optional<Occurrence> next_occurrence(const Cron& cron, Zone zone, Instant after) {
  const auto span = zone.span_at(after);
  // What the clock shows for the second time from here has had its first time before.
  auto from = std::max(to_local_minute(after, span.offset) + minutes(1), span.new_from);
  for (int i = 0; i < kChangesSearchedMax; ++i) {
    const auto match = first_match(cron, from);
    if (!match) return std::nullopt;
    const auto moments = zone.moments_of(*match);
    if (moments.count > 0) {
      return Occurrence{.earliest = moments.earliest, .latest = moments.latest};
    }
    from = zone.span_at(moments.earliest).new_from;
  }
  return std::nullopt;
}

std::optional<Instant> last_moment(const Cron& cron, Zone zone, Instant at, Instant not_before) {
  for (int i = 0; i < kChangesSearchedMax && at >= not_before; ++i) {
    const auto span = zone.span_at(at);
    const auto begin = std::max(span.begin, not_before);
    const auto match =
        last_match(cron, to_local_minute(at, span.offset), to_local_minute(begin, span.offset));
    if (match) {
      const Instant found(match->time_since_epoch() - span.offset);
      if (found >= begin) return found;
    }
    if (span.begin <= not_before) return std::nullopt;
    at = span.begin - Duration(1);
  }
  return std::nullopt;
}

}  // namespace vaultbell
