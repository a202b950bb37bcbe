#include "agent/spool/interrupted.hpp"

#include <utility>

namespace vaultbell::agent::spool {

RunReport interrupted_end(const Uuid& run, const OpenRun& open, std::string message) {
  return {.run = run,
          .job = open.job,
          .operation = open.operation,
          .outcome = Outcome::failed,
          .reason = OutcomeReason::interrupted,
          .trigger = open.trigger,
          .started_at = open.started_at,
          .utc_offset_minutes = open.utc_offset_minutes,
          .tool = open.tool,
          .message = std::move(message),
          .output = open.pinged ? open.pinged->output : std::string()};
}

}  // namespace vaultbell::agent::spool
