#include "aggregator/watchdog/ping_record.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

namespace vaultbell::watchdog {

namespace {

bool is_success(int status) {
  return status >= 200 && status < 300;
}

std::string words_for(const PingEnd& end) {
  if (end.status == 0) return end.detail;
  const bool is_redirect = end.status >= 300 && end.status < 400;
  return fmt::format("answer {}{}", end.status, is_redirect ? " (redirects are not followed)" : "");
}

}  // namespace

std::optional<LogLine> PingRecord::note(const PingEnd& end, Instant now) {
  last_end_ = end.status != 0 ? end.status : -end.curl_code;
  const bool was_failing = is_failing_;
  is_failing_ = !is_success(end.status);
  if (is_failing_) {
    if (was_failing) return std::nullopt;
    return LogLine{log::Level::warning,
                   fmt::format("the heartbeat is not taken by {}: {}", target_, words_for(end))};
  }
  last_success_ms_ = now.time_since_epoch().count();
  if (!was_failing) return std::nullopt;
  return LogLine{log::Level::info, fmt::format("the heartbeat is taken by {} again", target_)};
}

PingState PingRecord::state() const {
  PingState state{.target = target_, .last_success = {}, .last_answer = {}};
  const auto success = last_success_ms_.load();
  if (success != 0) state.last_success = Instant(Duration(success));
  const int end = last_end_;
  if (end > 0) state.last_answer = std::to_string(end);
  if (end < 0) state.last_answer = curl_easy_strerror(static_cast<CURLcode>(-end));
  return state;
}

}  // namespace vaultbell::watchdog
