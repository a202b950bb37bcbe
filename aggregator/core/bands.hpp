// Bands: what is usual for a job, learnt from its last good backups, and runs that leave it: much
// too long or too short, much too large or too small. Median and median absolute deviation, because
// one odd run must not teach that odd is usual.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

inline constexpr std::size_t kSamplesMin = 5;   // fewer teach nothing
inline constexpr std::size_t kSamplesMax = 14;  // two weeks of nights

// What is usual of one quantity.
struct Band {
  double low = 0;
  double high = 0;
  double median = 0;
  double deviation = 0;  // median absolute deviation
  std::size_t count = 0;

  bool operator==(const Band&) const = default;
};

// The band of these values: the median, give or take the greatest of `deviations` scaled
// deviations (1.4826 times the median absolute one estimates a standard deviation, Rousseeuw and
// Croux, 1993), `share` of the median, and `floor`. Absent: too few values.
struct Width {
  double deviations = 6;
  double share = 0.5;
  double floor = 0;
};
std::optional<Band> band_of(std::vector<double> values, const Width& width);

// The bands of a job's duration (in seconds) and sizes (in bytes); absent where nothing is learnt.
struct JobBands {
  std::optional<Band> duration;
  std::optional<Band> bytes_added;
  std::optional<Band> bytes_total;
};
JobBands bands_of(const Job& job);

// Compares a good backup with what is usual, raises or recovers, and learns from it. Returns the
// alert that it raised; not set if none.
AlertId judge_bands(Draft& draft, Job& job, const Run& run);

}  // namespace vaultbell::core
