#include "agent/ping_book.hpp"

#include <utility>

#include <fmt/format.h>

#include "agent/pings/ping.hpp"
#include "agent/reporting.hpp"
#include "agent/tool_end.hpp"
#include "shared/base/local_time.hpp"
#include "shared/base/log.hpp"
#include "shared/domain/name.hpp"

namespace vaultbell::agent {

namespace {

constexpr int kOk = 200;
constexpr int kBadRequest = 400;
constexpr int kNoPing = 404;
constexpr int kNoRun = 409;
constexpr int kNotKept = 503;

using pings::Event;
using pings::Ping;

RunReport report_of(const Ping& ping, const std::string& body, const Configuration& configuration,
                    Instant now) {
  RunReport report{.run = random_uuid(), .job = ping.job, .output = body};
  add_declared(report, configuration);
  report.utc_offset_minutes = utc_offset_at(now);
  (ping.event == Event::start ? report.started_at : report.ended_at) = now;
  fit_to_limits(report);
  return report;
}

RunReport end_of(const Ping& ping, const std::string& body, RunReport report,
                 const Configuration& configuration) {
  if (ping.event == Event::failure) {
    report.outcome = Outcome::failed;
    report.reason = OutcomeReason::error;
  } else {
    if (ping.event == Event::exit_code) report.exit_code = ping.exit_code;
    judge_by_tool(report, {.exit_code = ping.exit_code}, body, configuration);
  }
  fit_to_limits(report);
  return report;
}

Status keep_start(const RunReport& report, const Ping& ping, spool::Spool& spool) {
  const auto ended = spool.begin_pinged(report, ping.rid);
  if (!ended) return fail(ended.error());
  for (const auto& one : *ended) {
    log::warning("the run {} of job \"{}\" was interrupted: {}", to_text(one.run), one.job,
                 one.message);
  }
  return {};
}

// Error not_found: there is no run that it would belong to.
Status keep_log(const Ping& ping, const std::string& body, spool::Spool& spool) {
  const auto is_kept = spool.log_pinged(ping.job, ping.rid, body);
  if (!is_kept) return fail(is_kept.error());
  if (*is_kept) return {};
  return fail(ErrorCode::not_found,
              fmt::format("no such run of job \"{}\" has begun: this was not kept", ping.job));
}

Status keep(const Ping& ping, const std::string& body, spool::Spool& spool,
            const Configuration& configuration, Instant now) {
  auto report = report_of(ping, body, configuration, now);
  if (auto ok = check_report(report); !ok) return ok;
  switch (ping.event) {
    case Event::start:
      return keep_start(report, ping, spool);
    case Event::log:
      return keep_log(ping, body, spool);
    case Event::success:
    case Event::failure:
    case Event::exit_code:
      return spool.end_pinged(end_of(ping, body, std::move(report), configuration), ping.rid);
  }
  return {};
}

BookedPing refusal(const Error& error) {
  switch (error.code) {
    case ErrorCode::invalid:
      return {{kBadRequest, error.message}};
    case ErrorCode::not_found:
      return {{kNoRun, error.message}};
    case ErrorCode::full:
      return {{kNotKept, "not kept: " + error.message}, {}, true};
    case ErrorCode::failed:
    case ErrorCode::stale:
    case ErrorCode::refused:
    case ErrorCode::unavailable:
      return {{kNotKept, "not kept: " + error.message}, error, true};
  }
  return {};
}

}  // namespace

std::optional<pings::Answer> PingBook::refuse_name(const std::string& job,
                                                   const Configuration& configuration) const {
  if (configuration.job_named(job) != nullptr) return std::nullopt;
  if (configuration.healthchecks.jobs == PingedJobs::declared) {
    return pings::Answer{
        kNoPing, fmt::format("not kept: there is no [[job]] \"{}\" in agent.toml, and jobs in "
                             "[healthchecks] is \"declared\"",
                             job)};
  }
  if (undeclared_.size() < kUndeclaredNamesMax || undeclared_.contains(job)) return std::nullopt;
  return pings::Answer{
      kNotKept, fmt::format("not kept: there have been pings for {} jobs already that no [[job]] "
                            "in agent.toml declares; declare \"{}\" there",
                            undeclared_.size(), job)};
}

BookedPing PingBook::book(const pings::Request& request, spool::Spool& spool,
                          const Configuration& configuration, Instant now) {
  const auto ping = pings::read_ping(request.target);
  if (!ping) {
    const bool is_none = ping.error().code == ErrorCode::not_found;
    return {{is_none ? kNoPing : kBadRequest, ping.error().message}};
  }
  if (auto ok = check_name("job name", ping->job); !ok) return {{kBadRequest, ok.error().message}};
  if (auto refused = refuse_name(ping->job, configuration)) return {*refused, {}, true};
  const auto kept = keep(*ping, request.body, spool, configuration, now);
  if (!kept) return refusal(kept.error());
  if (configuration.job_named(ping->job) == nullptr) undeclared_.insert(ping->job);
  return {{kOk, "OK"}};
}

}  // namespace vaultbell::agent
