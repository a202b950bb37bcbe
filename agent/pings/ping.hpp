// Ping: what a URL says, in the form that Healthchecks has given it (healthchecks.io, "Pinging
// API"). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"
#include "shared/base/uuid.hpp"

namespace vaultbell::agent::pings {

enum class Event : std::uint8_t { start, success, failure, log, exit_code };

struct Ping {
  std::string job;  // not checked
  Event event = Event::success;
  int exit_code = 0;          // 0 to 255, where that is the event
  std::optional<Uuid> rid{};  // ties a start and its end together

  bool operator==(const Ping&) const = default;
};

// "[/ping][/KEY]/JOB[/start|/fail|/log|/CODE][?rid=UUID]": JOB may be percent-encoded, KEY does not
// matter, nor do other parameters. Error not_found: this is no ping; invalid: a part of it is
// wrong.
Result<Ping> read_ping(std::string_view target);

}  // namespace vaultbell::agent::pings
