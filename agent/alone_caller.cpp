#include "agent/alone_caller.hpp"

#include <fmt/format.h>

#include "shared/base/log.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::agent {

namespace {

// mail(1) hands over in seconds; a command that talks to a slow mail server itself may need longer.
constexpr Duration kCommandWithin = std::chrono::seconds(60);

// As long as a goodbye has to leave. Under systemd the command has got SIGTERM as well.
constexpr Duration kFinishWithin = std::chrono::seconds(2);

constexpr std::size_t kFailureBytesMax = 500;  // may name a path; is kept, shown and logged

core::AloneCommandEnded failed(const std::string& why) {
  return {std::nullopt, std::string(first_part(why, kFailureBytesMax))};
}

}  // namespace

void AloneCaller::recall(core::Started& started) const {
  started.alone = {configuration_.after, !configuration_.command.empty()};
  const auto bytes = folder_.load_alone();
  if (!bytes && bytes.error().code == ErrorCode::not_found) return;
  const auto kept = bytes ? alone::decode(*bytes) : Result<alone::Kept>(fail(bytes.error()));
  if (!kept) {
    log::warning("what was kept of being alone cannot be read and counts as nothing: {}",
                 kept.error().message);
    return;
  }
  started.alone_kept = kept->row;
  started.is_same_boot = kept->boot == boot_;
}

void AloneCaller::keep(const core::AloneRow& row) {
  kept_ = folder_.save_alone(alone::encode({boot_, row}));
  if (!kept_) log::error("what is known of being alone cannot be kept: {}", kept_.error().message);
}

std::optional<core::AloneCommandEnded> AloneCaller::run(const alone::Facts& facts, Steady now) {
  if (!kept_) return failed("it is run only when that is kept: " + kept_.error().message);
  log::info("the command of [alone] is run: \"{}\", no contact since {}",
            vaultbell::to_text(facts.call.event), to_iso(facts.call.since));
  const auto started = command_.start({.words = configuration_.command,
                                       .environment = alone::environment_of(facts),
                                       .input = alone::paragraph_of(facts),
                                       .limit = kCommandWithin},
                                      now);
  if (!started) return failed(started.error().message);
  return std::nullopt;
}

std::optional<core::AloneCommandEnded> AloneCaller::turn(Steady now) {
  const auto end = command_.turn(now);
  return end ? std::optional(note(*end)) : std::nullopt;
}

std::optional<core::AloneCommandEnded> AloneCaller::finish() {
  const auto end = command_.end_within(kFinishWithin);
  return end ? std::optional(note(*end)) : std::nullopt;
}

core::AloneCommandEnded AloneCaller::note(const alone::CommandEnd& end) {
  const auto output = trimmed(end.output);
  log::write(end.failure.empty() ? log::Level::info : log::Level::warning,
             fmt::format("the command of [alone] has ended: {}{}{}",
                         end.failure.empty() ? "exit code 0" : end.failure,
                         output.empty() ? "" : "; it printed: ", output));
  return {end.exit_code, end.failure};
}

}  // namespace vaultbell::agent
