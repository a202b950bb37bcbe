#include "agent/outcome.hpp"

#include <cerrno>
#include <charconv>
#include <cstring>

#include <fmt/format.h>

#include "agent/exit_code.hpp"
#include "shared/base/duration.hpp"

namespace vaultbell::agent {

namespace {

constexpr int kCodeMax = 255;

struct Judgement {
  Outcome outcome = Outcome::failed;
  std::optional<OutcomeReason> reason = OutcomeReason::error;
  std::string message{};
};

Judgement as_mapped(Outcome outcome) {
  switch (outcome) {
    case Outcome::failed:
      return {};
    case Outcome::cancelled:
      return {outcome, OutcomeReason::user_cancelled};
    case Outcome::running:
    case Outcome::succeeded:
    case Outcome::warning:
      return {outcome, std::nullopt};
  }
  return {};
}

// What `run` itself knows counts before what the tool says.
Judgement judgement_of(const Ended& ended, const Judging& judging,
                       const classify::Verdict& verdict) {
  if (ended.start_error) {
    return {Outcome::failed, OutcomeReason::error,
            fmt::format("cannot start {}: {}", judging.command, std::strerror(*ended.start_error))};
  }
  if (ended.has_timed_out) {
    return {Outcome::failed, OutcomeReason::timeout,
            fmt::format("ended after {}, as --timeout says", to_text(*judging.timeout))};
  }
  const auto mapped = judging.map.find(ended.exit_code.value_or(-1));
  if (mapped != judging.map.end()) return as_mapped(mapped->second);
  return {verdict.outcome, verdict.reason, verdict.message};
}

}  // namespace

Result<OutcomeByCode> parse_map(const std::vector<std::string>& texts) {
  OutcomeByCode map;
  for (const auto& text : texts) {
    int code = -1;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, code);
    const bool is_code = error == std::errc{} && code >= 0 && code <= kCodeMax;
    if (!is_code || rest == end || *rest != '=') {
      return fail(
          ErrorCode::invalid,
          fmt::format("--map {}: not an exit code and an outcome (example: 3=warning)", text));
    }
    const auto outcome = parse_enum<Outcome>("outcome", std::string_view(rest + 1, end));
    if (!outcome) return fail_within(fmt::format("--map {}", text), outcome.error());
    if (*outcome == Outcome::running) {
      return fail(ErrorCode::invalid,
                  fmt::format("--map {}: a command that has ended is not running", text));
    }
    if (!map.emplace(code, *outcome).second) {
      return fail(ErrorCode::invalid, fmt::format("--map {}: {} is mapped twice", text, code));
    }
  }
  return map;
}

void judge(RunReport& report, const Ended& ended, const Judging& judging,
           const classify::Verdict& verdict) {
  auto judgement = judgement_of(ended, judging, verdict);
  report.outcome = judgement.outcome;
  report.reason = judgement.reason;
  report.message = std::move(judgement.message);
  report.exit_code = ended.exit_code;
  report.signal = ended.signal;
  report.output = ended.output;
  report.statistics = verdict.statistics;
  report.snapshot = verdict.snapshot;
  if (ended.start_error) report.exit_code = exit_code_of(ended);
}

int exit_code_of(const Ended& ended) {
  if (ended.start_error)
    return *ended.start_error == ENOENT ? kCommandNotFound : kCommandNotStarted;
  if (ended.signal) return 128 + *ended.signal;
  return ended.exit_code == 0 && ended.has_timed_out ? kFailed : *ended.exit_code;
}

}  // namespace vaultbell::agent
