#include "agent/classify/classifier.hpp"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <utility>

#include "agent/classify/amount.hpp"

namespace vaultbell::agent::classify {

namespace {

template <class T>
bool is_any_or(const std::vector<T>& values, const T& value) {
  return values.empty() || std::find(values.begin(), values.end(), value) != values.end();
}

bool is_in(const std::vector<CodeRange>& ranges, int code) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [code](const auto& one) { return one.first <= code && code <= one.last; });
}

bool fits_end(const Row& row, const End& end) {
  if (row.codes.empty() && row.signals.empty()) return true;
  if (end.exit_code && is_in(row.codes, *end.exit_code)) return true;
  return end.signal && !row.signals.empty() && is_any_or(row.signals, *end.signal);
}

Verdict verdict_of(Outcome outcome, std::optional<OutcomeReason> reason, std::string rule) {
  Verdict verdict;
  verdict.outcome = outcome;
  verdict.reason = reason;
  verdict.row = std::move(rule);
  return verdict;
}

std::string signal_text(int number) {
  const char* name = sigabbrev_np(number);
  return name == nullptr ? "signal " + std::to_string(number) : "SIG" + std::string(name);
}

// Whoever interrupted it knows better than any row why it did not go on; what it finished counts.
bool was_interrupted(const End& end) {
  return end.interrupted_by && end.exit_code != 0;
}

Verdict judge_zero(Outcome outcome) {
  std::optional<OutcomeReason> reason;
  if (outcome == Outcome::failed) reason = OutcomeReason::error;
  if (outcome == Outcome::cancelled) reason = OutcomeReason::user_cancelled;
  auto verdict = verdict_of(outcome, reason, "exit code 0 without a row");
  if (outcome != Outcome::succeeded) {
    verdict.message = "exit code 0, and nothing in the output says how it ended";
  }
  return verdict;
}

Verdict judge_interruption(int number) {
  const bool is_user = number == SIGINT;
  auto verdict =
      verdict_of(is_user ? Outcome::cancelled : Outcome::failed,
                 is_user ? OutcomeReason::user_cancelled : OutcomeReason::interrupted, "a signal");
  verdict.message = "interrupted by " + signal_text(number);
  verdict.why.push_back(verdict.message);
  return verdict;
}

std::string end_text(const End& end) {
  return end.signal ? "killed by " + signal_text(*end.signal)
                    : "exit code " + std::to_string(end.exit_code.value_or(0));
}

std::string filled(const std::string& message, const std::string& evidence) {
  const auto at = message.find("{}");
  if (at == std::string::npos) return message;
  return message.substr(0, at) + evidence + message.substr(at + 2);
}

// Absent where the row wants nothing of the output.
std::optional<std::string> evidence_of(const RowSeen& seen) {
  if (!seen.lines.empty()) return seen.lines.front();
  return seen.json ? seen.json : seen.document;
}

}  // namespace

Classifier::Classifier(const Adapter& adapter, Operation operation)
    : adapter_(adapter), operation_(operation), sightings_(adapter) {}

bool Classifier::fits(std::size_t place, const End& end) const {
  const auto& row = adapter_.rows[place];
  const auto& seen = sightings_.row(place);
  if (!is_any_or(row.operations, operation_) || !fits_end(row, end)) return false;
  if (!row.wanted.json.empty() && !seen.json) return false;
  if (!row.wanted.document.empty() && !seen.document) return false;
  return std::all_of(seen.lines.begin(), seen.lines.end(),
                     [](const Evidence& one) { return one.has_value(); });
}

bool Classifier::wants_version(const End& end) const {
  if (was_interrupted(end)) return false;
  for (std::size_t i = 0; i < adapter_.rows.size(); ++i) {
    if (fits(i, end)) return !adapter_.rows[i].versions.comparisons.empty();
  }
  return false;
}

Verdict Classifier::judge(const End& end, const std::optional<Version>& version) const {
  auto verdict = decide(end, version);
  if (verdict.why.empty()) verdict.why.push_back(end_text(end));
  add_figures(verdict);
  return verdict;
}

Verdict Classifier::decide(const End& end, const std::optional<Version>& version) const {
  if (was_interrupted(end)) return judge_interruption(*end.interrupted_by);
  for (std::size_t i = 0; i < adapter_.rows.size(); ++i) {
    if (!fits(i, end)) continue;
    const auto& versions = adapter_.rows[i].versions;
    if (versions.comparisons.empty() || (version && versions.contains(*version))) {
      return judge_by_row(i, end);
    }
  }
  if (end.signal) return judge_interruption(*end.signal);
  if (end.exit_code == 0) return judge_zero(adapter_.unmatched_zero);
  auto verdict = verdict_of(Outcome::failed, OutcomeReason::error, "an unknown exit code");
  verdict.message = end_text(end);
  return verdict;
}

Verdict Classifier::judge_by_row(std::size_t place, const End& end) const {
  const auto& row = adapter_.rows[place];
  const auto& seen = sightings_.row(place);
  auto verdict = verdict_of(row.outcome, row.reason, row.name);
  verdict.line = row.line;
  verdict.operation = row.operation;
  const auto evidence = evidence_of(seen);
  if (!row.message.empty() || row.outcome != Outcome::succeeded) {
    verdict.message = filled(row.message.empty() ? row.name : row.message, evidence.value_or(""));
  }
  verdict.why.push_back(end_text(end));
  for (std::size_t i = 0; i < seen.lines.size(); ++i) {
    verdict.why.push_back("\"" + *seen.lines[i] + "\" was found by '" +
                          row.wanted.lines[i].pattern.text() + "'");
  }
  if (!row.wanted.json.empty()) verdict.why.push_back("a JSON line has the fields that it wants");
  if (!row.wanted.document.empty()) {
    verdict.why.push_back("the JSON document has the fields that it wants");
  }
  if (!row.versions.comparisons.empty()) verdict.why.push_back("the version is one of its own");
  return verdict;
}

void Classifier::add_figures(Verdict& verdict) const {
  std::optional<std::uint64_t> errors;
  for (std::size_t i = 0; i < adapter_.facts.size(); ++i) {
    const auto& fact = adapter_.facts[i];
    const auto& seen = sightings_.fact(i);
    if (!is_any_or(fact.operations, operation_)) continue;
    std::optional<std::uint64_t> number;
    if (fact.is_count && seen.count > 0) number = seen.count;
    if (!fact.is_count && seen.last) number = parse_amount(*seen.last, fact.thousand);
    const auto keep = [&](std::optional<std::uint64_t>& into) {
      if (!into) into = number;
    };
    auto& statistics = verdict.statistics;
    switch (fact.figure) {
      case Figure::bytes_read:
        keep(statistics.bytes_read);
        break;
      case Figure::bytes_added:
        keep(statistics.bytes_added);
        break;
      case Figure::bytes_total:
        keep(statistics.bytes_total);
        break;
      case Figure::files:
        keep(statistics.files);
        break;
      case Figure::errors:
        keep(errors);
        break;
      case Figure::snapshot:
        if (verdict.snapshot.empty()) verdict.snapshot = seen.last.value_or("");
        break;
    }
  }
  if (errors.value_or(0) > 0 && !verdict.message.empty()) {
    verdict.message += " (" + std::to_string(*errors) + (errors == 1U ? " error)" : " errors)");
  }
}

}  // namespace vaultbell::agent::classify
