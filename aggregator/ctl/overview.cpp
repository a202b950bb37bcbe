#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "shared/base/duration.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::ctl {

namespace {

// "211 online, 3 disconnected", without the words that nothing is counted under.
std::string counts_of(const Json& counts) {
  std::string words;
  for (const auto& [word, count] : counts.items()) {
    if (!count.is_number() || count == 0) continue;
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ", count.get<std::uint64_t>(), word);
  }
  return words.empty() ? "none" : words;
}

std::string duration_of(const Json& json, std::string_view path) {
  const auto duration = parse_duration(text_at(json, path));
  return duration ? to_words(*duration) : "-";
}

std::string outbox_of(const Json& status) {
  const auto open = number_at(status, "outbox.pending") + number_at(status, "outbox.sending");
  const auto given_up = number_at(status, "outbox.given_up_24h");
  const auto waiting = open == 0 ? std::string("empty")
                                 : fmt::format("{} under way, the oldest for {}", open,
                                               duration_of(status, "outbox.oldest_age"));
  return fmt::format("{}; {} given up in 24 h", waiting, given_up);
}

std::string owners_of(const Json& status) {
  std::string owners;
  for (const auto& owner : at(status, "owners")) {
    owners += (owners.empty() ? "" : ", ") + owner.get<std::string>();
  }
  return owners.empty() ? "none: set [account] owners" : owners;
}

std::vector<std::pair<std::string, std::string>> lines_of(const Json& status) {
  const auto waiting = number_at(status, "requests_waiting");
  return {
      {"alerts", counts_of(at(status, "active_alerts"))},
      {"clients", counts_of(at(status, "clients"))},
      {"runs in 24 h", counts_of(at(status, "runs_24h"))},
      {"outbox", outbox_of(status)},
      {"enrolment",
       waiting == 0 ? "nobody waits" : fmt::format("{} waiting: vaultbell enrol pending", waiting)},
      {"vaults, jobs",
       fmt::format("{}, {}", number_at(status, "vaults"), number_at(status, "jobs"))},
      {"owners", owners_of(status)},
      {"agents at", text_at(status, "endpoints.agents")},
      {"store", fmt::format("{} in {}", size_in_words(number_at(status, "store.used_bytes")),
                            text_at(status, "state_dir"))},
      {"version",
       fmt::format("{}, up {}", text_at(status, "version"), duration_of(status, "uptime"))},
  };
}

// A number as Nagios wants it: never with an exponent, without a fraction where it has none.
std::string figure(double value) {
  const bool is_whole = value == std::floor(value);
  return is_whole ? fmt::format("{:.0f}", value) : fmt::format("{:.2f}", value);
}

// The Nagios threshold "alert above": from 1 client on is above 0; ages are above themselves.
std::string threshold(const Json& from, bool is_count) {
  if (!from.is_number()) return {};
  const auto value = from.get<double>();
  return figure(is_count ? value - 1 : value);
}

// " | clients_disconnected=0;;0 outbox_age=12s;600;3600": Nagios plugin guidelines, performance
// data.
std::string performance_of(const Json& check) {
  std::string text = " |";
  for (const auto& finding : at(check, "findings")) {
    const auto unit = text_at(finding, "unit");
    auto entry = fmt::format(" {}={}{};{};{}", text_at(finding, "name"),
                             figure(at(finding, "value").get<double>()), unit,
                             threshold(at(finding, "warning_from"), unit.empty()),
                             threshold(at(finding, "critical_from"), unit.empty()));
    text += entry.erase(entry.find_last_not_of(';') + 1);  // limits that there are not
  }
  return text;
}

// The Nagios plugin contract; 3, "cannot say", is what run() makes of a failure.
struct Verdict {
  std::string_view state;
  std::string_view word;
  std::uint8_t exit;
};
constexpr Verdict kVerdicts[] = {
    {"ok", "OK", 0}, {"warning", "WARNING", 1}, {"critical", "CRITICAL", 2}};

}  // namespace

std::string for_monitor(std::string_view word, std::string_view sentence) {
  auto text = one_line(sentence);
  std::ranges::replace(text, '|', '/');
  return fmt::format("VAULTBELL {} - {}", word, text);
}

Expected<ExitCode> show_status(Session& session) {
  const auto status = session.api().get(path_of({"status"}));
  if (!status) return tl::unexpected<Failure>(status.error());
  if (session.manner().is_json()) {
    session.print_json(*status);
    return ExitCode::done;
  }
  session.print(one_line(text_at(*status, "headline")) + "\n");
  const bool is_tsv = session.manner().format == Format::tsv;
  if (!is_tsv) session.print("\n");
  for (const auto& [name, value] : lines_of(*status)) {
    session.print(is_tsv ? fmt::format("{}\t{}\n", name, one_line(value))
                         : fmt::format("{:<13} {}\n", name, one_line(value)));
  }
  return ExitCode::done;
}

Expected<ExitCode> check_silence(Session& session) {
  const auto check = session.api().get(path_of({"check"}));
  if (!check) return tl::unexpected<Failure>(check.error());
  const auto state = text_at(*check, "state");
  const auto* const verdict = std::ranges::find(kVerdicts, state, &Verdict::state);
  if (verdict == std::end(kVerdicts)) {
    return tl::unexpected<Failure>({.code = "failed", .message = "unknown state: " + state});
  }
  const auto exit = static_cast<ExitCode>(verdict->exit);
  if (session.manner().is_json()) {
    session.print_json(*check);
    return exit;
  }
  const auto line = for_monitor(verdict->word, text_at(*check, "sentence"));
  if (session.manner().format == Format::tsv) {
    session.print(line + performance_of(*check) + "\n");
    return exit;
  }
  session.print(line + "\n\n");
  const auto& findings = at(*check, "findings");
  const std::vector<Json> items(findings.begin(), findings.end());
  const std::vector<Column> columns = {{"state", "state", Kind::word}, {"finding", "sentence"}};
  session.print(table_of(items, columns, session.manner()));
  return exit;
}

}  // namespace vaultbell::ctl
