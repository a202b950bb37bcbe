#include "aggregator/core/bands.hpp"

#include <algorithm>
#include <cmath>

#include "aggregator/core/alerts.hpp"
#include "shared/base/duration.hpp"

namespace vaultbell::core {

namespace {

constexpr double kScale = 1.4826;

// Below these nobody cares: a minute, 64 MiB.
constexpr Width kDurationWidth{.deviations = 6, .share = 0.75, .floor = 60};
constexpr Width kAddedWidth{.deviations = 8, .share = 1.5, .floor = 64.0 * 1024 * 1024};
constexpr Width kTotalWidth{.deviations = 6, .share = 0.3, .floor = 64.0 * 1024 * 1024};

double median_of(std::vector<double> values) {
  std::ranges::sort(values);
  const auto middle = values.size() / 2;
  if (values.size() % 2 == 1) return values[middle];
  return (values[middle - 1] + values[middle]) / 2;
}

double seconds_of(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

// A quantity of runs: what it is called, how it is read and shown, what is usual of it.
struct Quantity {
  std::string_view name;
  std::optional<double> (*of)(const RunSample&);
  std::string (*shown)(double);
  Width width;
};

std::string as_duration(double seconds) {
  return to_words(std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000)));
}

std::string as_size(double bytes) {
  return size_in_words(static_cast<std::uint64_t>(std::max(bytes, 0.0)));
}

std::optional<double> duration_in(const RunSample& sample) {
  return sample.duration ? std::optional(seconds_of(*sample.duration)) : std::nullopt;
}

std::optional<double> as_number(const std::optional<std::uint64_t>& bytes) {
  return bytes ? std::optional(static_cast<double>(*bytes)) : std::nullopt;
}

constexpr Quantity kDuration{"duration", duration_in, as_duration, kDurationWidth};
constexpr Quantity kAdded{"bytes added",
                          [](const RunSample& sample) { return as_number(sample.bytes_added); },
                          as_size, kAddedWidth};
constexpr Quantity kTotal{"bytes in total",
                          [](const RunSample& sample) { return as_number(sample.bytes_total); },
                          as_size, kTotalWidth};

std::vector<double> values_of(const Job& job, const Quantity& quantity) {
  std::vector<double> values;
  for (const auto& sample : job.samples) {
    if (const auto value = quantity.of(sample)) values.push_back(*value);
  }
  return values;
}

std::optional<Band> band_of(const Job& job, const Quantity& quantity) {
  return band_of(values_of(job, quantity), quantity.width);
}

// "duration 12 min is below the usual 45 min to 2 h (median 1 h 20 min, deviation 4 min, of 1 h 10
// min, 1 h 20 min, ...)"; empty where it is inside, or nothing is known.
std::string finding_of(const Job& job, const RunSample& sample, const Quantity& quantity) {
  const auto value = quantity.of(sample);
  const auto band = band_of(job, quantity);
  if (!value || !band || (*value >= band->low && *value <= band->high)) return {};
  std::string inputs;
  for (const auto input : values_of(job, quantity)) {
    inputs += (inputs.empty() ? "" : ", ") + quantity.shown(input);
  }
  return std::string(quantity.name) + " " + quantity.shown(*value) + " is " +
         (*value < band->low ? "below" : "above") + " the usual " + quantity.shown(band->low) +
         " to " + quantity.shown(band->high) + " (median " + quantity.shown(band->median) +
         ", deviation " + quantity.shown(band->deviation) + ", learnt from " + inputs + ")";
}

RunSample sample_of(const RunReport& report) {
  RunSample sample{.bytes_added = report.statistics.bytes_added,
                   .bytes_total = report.statistics.bytes_total};
  if (report.started_at && report.ended_at && *report.ended_at >= *report.started_at) {
    sample.duration = *report.ended_at - *report.started_at;
  }
  return sample;
}

AlertId judge(Draft& draft, const Job& job, const Run& run, AlertKind kind,
              const std::string& finding) {
  const Subject subject{.kind = kind, .client = job.client, .job = job.id};
  if (!finding.empty()) {
    return raise(draft, {.subject = subject, .run = run.id, .message = finding}).alert;
  }
  recover(draft, subject,
          {.reason = InactiveReason::recovered_by_run, .at = draft.now(), .run = run.id});
  return {};
}

std::string joined(const std::string& a, const std::string& b) {
  return a.empty() || b.empty() ? a + b : a + "; " + b;
}

}  // namespace

std::optional<Band> band_of(std::vector<double> values, const Width& width) {
  if (values.size() < kSamplesMin) return std::nullopt;
  const auto median = median_of(values);
  std::vector<double> distances;
  for (const auto value : values) distances.push_back(std::abs(value - median));
  const auto deviation = median_of(std::move(distances));
  const auto half = std::max(
      {width.deviations * kScale * deviation, width.share * std::abs(median), width.floor});
  return Band{.low = median - half,
              .high = median + half,
              .median = median,
              .deviation = deviation,
              .count = values.size()};
}

JobBands bands_of(const Job& job) {
  return {.duration = band_of(job, kDuration),
          .bytes_added = band_of(job, kAdded),
          .bytes_total = band_of(job, kTotal)};
}

AlertId judge_bands(Draft& draft, Job& job, const Run& run) {
  const auto sample = sample_of(run.report);
  AlertId raised;
  if (job.settings.has_bands && draft.before().settings.has_bands) {
    const auto size = joined(finding_of(job, sample, kAdded), finding_of(job, sample, kTotal));
    raised = judge(draft, job, run, AlertKind::size_anomaly, size);
    const auto duration =
        judge(draft, job, run, AlertKind::duration_anomaly, finding_of(job, sample, kDuration));
    if (!raised.is_set()) raised = duration;
  }
  job.samples.push_back(sample);
  if (job.samples.size() > kSamplesMax) job.samples.erase(job.samples.begin());
  return raised;
}

}  // namespace vaultbell::core
