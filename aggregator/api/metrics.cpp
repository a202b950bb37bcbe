#include "aggregator/api/metrics.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>

#include <fmt/format.h>

#include "aggregator/api/figures.hpp"
#include "aggregator/api/findings.hpp"
#include "aggregator/core/delivery_trouble.hpp"

namespace vaultbell::api {

namespace {

using Seconds = std::chrono::duration<double>;

constexpr std::array<std::size_t, 3> kPercentiles = {50, 90, 99};
constexpr double kMicrosecond = 1e-6;
constexpr double kMillisecond = 1e-3;

double seconds_since_1970(Instant instant) {
  return Seconds(instant.time_since_epoch()).count();
}

// The text, metric after metric.
class Exposition {
 public:
  void gauge(std::string_view name, std::string_view help, double value) {
    begin(name, help, "gauge");
    add(name, "", value);
  }
  void counter(std::string_view name, std::string_view help, std::uint64_t value) {
    begin(name, help, "counter");
    add(name, "", static_cast<double>(value));
  }
  void begin(std::string_view name, std::string_view help, std::string_view type) {
    text_ += fmt::format("# HELP vaultbell_{0} {1}\n# TYPE vaultbell_{0} {2}\n", name, help, type);
  }
  // `labels`: none, or `state="online"`.
  void add(std::string_view name, std::string_view labels, double value) {
    const auto* open = labels.empty() ? "" : "{";
    const auto* close = labels.empty() ? "" : "}";
    text_ += fmt::format("vaultbell_{}{}{}{} {}\n", name, open, labels, close, value);
  }
  // Each word of the list, also those that nothing is counted under.
  template <HasText E>
  void by_word(std::string_view name, std::string_view help, std::string_view label,
               const std::map<E, std::uint64_t>& counts) {
    begin(name, help, "gauge");
    for (const auto& [value, word] : kEnumText<E>) {
      const auto found = counts.find(value);
      const auto count = found == counts.end() ? 0 : found->second;
      add(name, fmt::format("{}=\"{}\"", label, word), static_cast<double>(count));
    }
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void add_fleet(Exposition& page, const Scene& scene, const Figures& figures) {
  page.by_word("clients", "Clients by state.", "state", figures.clients);
  page.gauge("clients_connected", "Clients with a standing connection.",
             static_cast<double>(scene.board.clients_connected.load()));
  page.gauge("vaults", "Vaults.", static_cast<double>(figures.vaults));
  page.gauge("jobs", "Backup jobs.", static_cast<double>(figures.jobs));
  page.gauge("enrolment_requests_waiting", "Hosts that wait to be approved.",
             static_cast<double>(figures.requests_waiting));
  page.by_word("runs_last_day", "Runs of the last 24 h by outcome.", "outcome", figures.runs);
  page.by_word("active_alerts", "Active alerts by severity.", "severity", figures.active_alerts);
}

double percentile_of(const std::vector<Duration>& ascending, std::size_t percentile) {
  return Seconds(ascending.at(percentile * (ascending.size() - 1) / 100)).count();
}

// Gauges, not a summary: its sum and count may never fall, and those of a sliding day do. The label
// "quantile" is a summary's own.
void add_latency(Exposition& page, const std::vector<Duration>& latencies) {
  constexpr std::string_view kName = "delivery_latency_seconds";
  page.gauge("deliveries_delivered_last_day", "Messages that were delivered in the last 24 h.",
             static_cast<double>(latencies.size()));
  page.begin(kName, "From when a message was made to its delivery, of the last 24 h.", "gauge");
  for (const auto percentile : kPercentiles) {
    if (latencies.empty()) break;
    page.add(kName, fmt::format("percentile=\"{}\"", percentile),
             percentile_of(latencies, percentile));
  }
}

void add_outbox(Exposition& page, const Scene& scene, const Figures& figures) {
  page.begin("deliveries", "Messages that have not ended, by state.", "gauge");
  page.add("deliveries", "state=\"pending\"", static_cast<double>(figures.pending));
  page.add("deliveries", "state=\"sending\"", static_cast<double>(figures.sending));
  const auto oldest = figures.oldest_delivery_at;
  const auto age = oldest ? std::max(Duration(scene.now - *oldest), Duration::zero()) : Duration();
  page.gauge("oldest_delivery_age_seconds", "Of the message that waits for longest; 0: none waits.",
             Seconds(age).count());
  page.gauge("deliveries_given_up_last_day", "Messages that were given up in the last 24 h.",
             static_cast<double>(figures.given_up));
  add_latency(page, figures.latencies);
}

Status add_channels(Exposition& page, const Scene& scene) {
  std::map<core::Channel, core::ChannelHealth> channels;
  for (const auto& [channel, word] : kEnumText<core::Channel>) {
    const auto row = scene.snapshot.get<core::ChannelHealth>(channel);
    if (!row) return fail(row.error());
    channels[channel] = row->value_or(core::ChannelHealth{.channel = channel});
  }
  page.begin("channel_failing", "Whether nothing is delivered by the channel.", "gauge");
  for (const auto& [channel, health] : channels) {
    page.add("channel_failing", fmt::format("channel=\"{}\"", to_text(channel)),
             core::undelivered_since(health) ? 1 : 0);
  }
  page.begin("channel_delivered_timestamp_seconds", "The last delivery by the channel.", "gauge");
  for (const auto& [channel, health] : channels) {
    if (!health.delivered_at) continue;
    page.add("channel_delivered_timestamp_seconds", fmt::format("channel=\"{}\"", to_text(channel)),
             seconds_since_1970(*health.delivered_at));
  }
  return {};
}

void add_loop(Exposition& page, const Scene& scene) {
  const auto& board = scene.board;
  page.counter("heartbeats_total", "Heartbeats taken.", board.heartbeats.load());
  page.counter("messages_refused_total", "Messages that were malformed or of nobody.",
               board.messages_refused.load());
  page.counter("reports_postponed_total", "Reports not taken because the inbox was full.",
               board.reports_postponed.load());
  page.counter("commands_total", "Commands decided.", board.commands.load());
  page.counter("commits_total", "Commits to the store.", board.commits.load());
  page.gauge("last_commit_duration_seconds", "How long the last commit took.",
             static_cast<double>(board.last_commit_us.load()) * kMicrosecond);
  page.gauge("slowest_turn_seconds", "The longest turn of the main loop since the start.",
             static_cast<double>(board.slowest_turn_ms.load()) * kMillisecond);
  page.gauge("inbox_depth", "Commands that wait to be decided.",
             static_cast<double>(board.inbox_depth.load()));
}

void add_store(Exposition& page, const Scene& scene) {
  page.gauge("store_used_bytes", "What the store uses.",
             static_cast<double>(scene.usage.used_bytes));
  page.gauge("store_max_bytes", "What the store may grow to.",
             static_cast<double>(scene.usage.map_bytes));
  page.gauge("disk_free_bytes", "Free on the disk of the state folder.",
             static_cast<double>(scene.board.disk_free_bytes.load()));
  page.gauge("disk_size_bytes", "Size of the disk of the state folder; 0: not looked yet.",
             static_cast<double>(scene.board.disk_bytes.load()));
}

// Loop lag, gateway lag and the auditor's last word are among these.
void add_findings(Exposition& page, const std::vector<Finding>& findings) {
  page.begin("check_state", "What check finds: 0 ok, 1 warning, 2 critical.", "gauge");
  for (const auto& one : findings) {
    page.add("check_state", fmt::format("finding=\"{}\"", one.name),
             static_cast<double>(one.state));
  }
  page.begin("check_value", "The number behind each finding, in its unit.", "gauge");
  for (const auto& one : findings) {
    page.add("check_value", fmt::format("finding=\"{}\"", one.name), one.value);
  }
}

}  // namespace

Result<std::string> metrics_of(const Scene& scene) {
  const auto figures = count_all(scene);
  if (!figures) return fail(figures.error());
  Exposition page;
  page.begin("build_info", "The version that runs.", "gauge");
  page.add("build_info", fmt::format("version=\"{}\"", scene.facts.version), 1);
  page.gauge("start_time_seconds", "When the aggregator was started.",
             seconds_since_1970(scene.facts.started_at));
  add_fleet(page, scene, *figures);
  add_outbox(page, scene, *figures);
  if (auto ok = add_channels(page, scene); !ok) return fail(ok.error());
  add_loop(page, scene);
  add_store(page, scene);
  add_findings(page, findings_of(scene, *figures));
  return page.take();
}

}  // namespace vaultbell::api
