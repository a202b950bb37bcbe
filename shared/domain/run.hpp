// The words for runs of backup jobs (rules R3.1 to R3.4). Agent and aggregator share them; their
// numbers are stored and sent, so a number is never reused.
#pragma once

#include <cstdint>

#include "shared/base/enum_text.hpp"

namespace vaultbell {

// What a run did (R3.1).
enum class Operation : std::uint8_t {
  configure = 1,
  backup = 2,
  log_backup = 3,
  restore = 4,
  verify = 5,
  prune = 6,
  delete_backup = 7,
  stop_protection_retain = 8,
  stop_protection_delete = 9,
};

// Whether it is to protect data: what `backup_failed` and the like are about.
constexpr bool is_backup(Operation operation) {
  return operation == Operation::backup || operation == Operation::log_backup;
}

// How it ended (R3.2); `running` until an end is reported.
enum class Outcome : std::uint8_t {
  running = 1,
  succeeded = 2,
  warning = 3,
  failed = 4,
  cancelled = 5,
};

// Why it ended so (R3.3).
enum class OutcomeReason : std::uint8_t {
  error = 1,
  user_cancelled = 2,
  another_run_in_progress = 3,
  source_gone = 4,
  interrupted = 5,
  timeout = 6,
};

// Who started it (R3.4).
enum class Trigger : std::uint8_t {
  scheduled = 1,
  user = 2,
};

template <>
inline constexpr auto kEnumText<Operation> = std::to_array<EnumText<Operation>>({
    {Operation::configure, "configure"},
    {Operation::backup, "backup"},
    {Operation::log_backup, "log_backup"},
    {Operation::restore, "restore"},
    {Operation::verify, "verify"},
    {Operation::prune, "prune"},
    {Operation::delete_backup, "delete_backup"},
    {Operation::stop_protection_retain, "stop_protection_retain"},
    {Operation::stop_protection_delete, "stop_protection_delete"},
});

template <>
inline constexpr auto kEnumText<Outcome> = std::to_array<EnumText<Outcome>>({
    {Outcome::running, "running"},
    {Outcome::succeeded, "succeeded"},
    {Outcome::warning, "warning"},
    {Outcome::failed, "failed"},
    {Outcome::cancelled, "cancelled"},
});

template <>
inline constexpr auto kEnumText<OutcomeReason> = std::to_array<EnumText<OutcomeReason>>({
    {OutcomeReason::error, "error"},
    {OutcomeReason::user_cancelled, "user_cancelled"},
    {OutcomeReason::another_run_in_progress, "another_run_in_progress"},
    {OutcomeReason::source_gone, "source_gone"},
    {OutcomeReason::interrupted, "interrupted"},
    {OutcomeReason::timeout, "timeout"},
});

template <>
inline constexpr auto kEnumText<Trigger> = std::to_array<EnumText<Trigger>>({
    {Trigger::scheduled, "scheduled"},
    {Trigger::user, "user"},
});

}  // namespace vaultbell
