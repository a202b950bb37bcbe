#include "agent/pings/ping.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <vector>

#include <fmt/format.h>

namespace vaultbell::agent::pings {

namespace {

constexpr int kExitCodeMax = 255;
constexpr std::size_t kPingKeyBytes = 22;

std::vector<std::string_view> parts_of(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(separator, at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

Result<std::string> decoded(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      plain += text[at];
      continue;
    }
    unsigned value = 0;
    const auto digits = text.substr(at + 1, 2);
    const auto* end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, value, 16);
    if (digits.size() < 2 || error != std::errc{} || rest != end) {
      return fail(ErrorCode::invalid, fmt::format("\"{}\": \"%\" is not followed by two "
                                                  "hexadecimal digits",
                                                  text));
    }
    plain += static_cast<char>(value);
    at += 2;
  }
  return plain;
}

bool is_number(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char one) { return one >= '0' && one <= '9'; });
}

// Whether the last part of a path says what happened; then it is in `ping`.
bool read_event(std::string_view text, Ping& ping) {
  if (text == "start") ping.event = Event::start;
  if (text == "fail") ping.event = Event::failure;
  if (text == "log") ping.event = Event::log;
  if (ping.event != Event::success) return true;
  if (!is_number(text)) return false;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, ping.exit_code);
  if (error != std::errc{} || rest != end || ping.exit_code > kExitCodeMax) return false;
  ping.event = Event::exit_code;
  return true;
}

// As Healthchecks makes them. Anything else in that place is a job with a misspelt word behind it,
// which must not count as the success of a job of that name.
bool is_ping_key(std::string_view text) {
  return text.size() == kPingKeyBytes &&
         std::all_of(text.begin(), text.end(), [](unsigned char one) {
           return std::isalnum(one) != 0 || one == '-' || one == '_';
         });
}

Status read_parameters(std::string_view query, Ping& ping) {
  for (const auto parameter : parts_of(query, '&')) {
    if (!parameter.starts_with("rid=")) continue;
    const auto rid = parse_uuid(parameter.substr(4));
    if (!rid) return fail(ErrorCode::invalid, "rid: " + rid.error().message);
    ping.rid = *rid;
  }
  return {};
}

tl::unexpected<Error> no_ping() {
  return fail(ErrorCode::not_found,
              "this is no ping: /ping/JOB, and behind it /start, /fail, /log or an exit code from "
              "0 to 255");
}

}  // namespace

Result<Ping> read_ping(std::string_view target) {
  const auto question = std::min(target.find('?'), target.size());
  auto parts = parts_of(target.substr(0, question), '/');
  if (!parts.front().empty()) return no_ping();
  parts.erase(parts.begin());
  if (parts.size() > 1 && parts.front() == "ping") parts.erase(parts.begin());
  Ping ping;
  if (parts.size() > 1 && read_event(parts.back(), ping)) {
    parts.pop_back();
  } else if (parts.size() > 1 && is_number(parts.back())) {
    return no_ping();  // never the success of a job that is called "256"
  }
  if (parts.size() == 2 && is_ping_key(parts.front())) parts.erase(parts.begin());
  const bool is_job = parts.size() == 1 && !parts.front().empty();
  if (!is_job || target.starts_with("/ping?") || target == "/ping" || target == "/ping/") {
    return no_ping();
  }
  auto job = decoded(parts.front());
  if (!job) return fail(job.error());
  ping.job = std::move(*job);
  const auto query = target.substr(std::min(question + 1, target.size()));
  if (auto ok = read_parameters(query, ping); !ok) return fail(ok.error());
  return ping;
}

}  // namespace vaultbell::agent::pings
