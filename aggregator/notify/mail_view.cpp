#include "aggregator/notify/mail_view.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "aggregator/wording/sentences.hpp"
#include "shared/base/duration.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::notify {

namespace {

// "2026-03-01 02:20:00 UTC"
std::string moment(Instant instant) {
  auto text = to_iso(std::chrono::floor<std::chrono::seconds>(instant));
  text[text.find('T')] = ' ';
  text.back() = ' ';
  return text + "UTC";
}

std::string moment_and_age(Instant instant, Instant now) {
  return moment(instant) + ", " + to_words(now - instant) + " ago";
}

// "3, the last 2026-03-01 04:20:00 UTC"; empty if there was only one.
std::string repeats(const core::Alert& alert) {
  if (alert.occurrences <= 1) return {};
  return fmt::format("{}, the last {}", alert.occurrences, moment(alert.last_at));
}

std::string last_success(const wording::AlertFacts& facts, Instant now) {
  if (!facts.alert.job.is_set()) return {};
  return facts.last_good_at ? moment_and_age(*facts.last_good_at, now) : "never";
}

// How the tool's process ended; empty where the message says just that (see the core's reports).
std::string process_end(const wording::AlertFacts& facts) {
  if (!facts.run) return {};
  const auto& report = facts.run->report;
  std::string text;
  if (report.signal) {
    text = fmt::format("killed by signal {}", *report.signal);
  } else if (report.exit_code) {
    text = fmt::format("exit code {}", *report.exit_code);
  }
  return text == facts.alert.message ? "" : text;
}

// The last lines as a terminal would leave them: what was written over by a progress display is
// gone, and nothing in them can act on the reader's screen.
std::vector<std::string> last_lines(std::string_view output) {
  std::vector<std::string> lines;
  output = trimmed(output);
  while (!output.empty() && lines.size() < kOutputLinesMax) {
    const auto begin = output.rfind('\n') + 1;  // npos + 1 is 0
    auto line = output.substr(begin);
    while (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(one_line(line.substr(line.rfind('\r') + 1)));
    output.remove_suffix(output.size() - (begin == 0 ? 0 : begin - 1));
  }
  std::ranges::reverse(lines);
  return lines;
}

void add_end(View& view, const core::Alert& alert) {
  const auto& end = alert.inactivation;
  view.texts["ended"] =
      end ? moment(end->at) + ", after " + to_words(end->at - alert.first_at) : "";
  view.texts["how_it_ended"] = end ? wording::sentence(end->reason) : "";
}

}  // namespace

View view_of(const Delivery& delivery) {
  const auto& facts = delivery.facts;
  const auto& alert = facts.alert;
  const bool is_raised = delivery.event != core::NotificationEvent::recovered;
  View view;
  view.texts = {
      {"raised", is_raised ? "yes" : ""},
      {"recovered", is_raised ? "" : "yes"},
      {"may_be_repeated", delivery.is_doubtful ? "yes" : ""},
      {"subject", one_line(wording::mail_subject(facts, delivery.event))},
      {"in_short", one_line(wording::sms_text(facts, delivery.event))},
      {"headline", one_line(wording::headline(facts))},
      {"severity", std::string(to_text(alert.severity))},
      {"vault", one_line(facts.vault)},
      {"client", one_line(facts.client)},
      {"job", one_line(facts.job)},
      {"since", is_raised ? moment_and_age(alert.first_at, delivery.now) : moment(alert.first_at)},
      {"occurrences", repeats(alert)},
      {"last_success", last_success(facts, delivery.now)},
      {"message", one_line(alert.message)},
      {"process_end", process_end(facts)},
      {"why", std::string(wording::sentence(delivery.why))},
      {"alert", std::to_string(alert.id.value)},
      {"account", one_line(delivery.account)},
  };
  add_end(view, alert);
  const auto steps = wording::next_steps(alert.kind);
  view.lists["next_steps"].assign(steps.begin(), steps.end());
  auto& output = view.lists["output"];
  if (facts.run) output = last_lines(facts.run->report.output);
  view.texts["has_output"] = output.empty() ? "" : "yes";
  return view;
}

View letter_view_of(const Delivery& delivery) {
  const auto& letter = *delivery.letter;
  View view;
  view.texts = {
      {"subject", one_line(letter.subject)},
      {"closing", one_line(letter.closing)},
      {"account", one_line(delivery.account)},
      {"may_be_repeated", delivery.is_doubtful ? "yes" : ""},
      {"has_items", letter.items.empty() ? "" : "yes"},
  };
  auto& paragraphs = view.lists["paragraphs"];
  for (const auto& line : letter.paragraphs) paragraphs.push_back(one_line(line));
  auto& items = view.lists["items"];
  for (const auto& line : letter.items) items.push_back(one_line(line));
  return view;
}

}  // namespace vaultbell::notify
