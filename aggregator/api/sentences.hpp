// Stands in for aggregator/wording until that is there: the two functions the API calls of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aggregator/core/words.hpp"
#include "shared/domain/run.hpp"

namespace vaultbell::wording {

// What a headline says; names only.
struct AlertFacts {
  core::AlertKind kind = core::AlertKind::backup_failed;
  std::optional<Operation> operation;
  std::string vault;
  std::string client;
  std::string job;
};

// One line that can be read on a phone: `db-1: backup "nightly" failed`.
std::string headline(const AlertFacts& facts);

// What a reason means, in one sentence without a full stop.
std::string_view sentence(core::RunVerdict verdict);
std::string_view sentence(core::NotifyReason reason);
std::string_view sentence(core::RecipientReason reason);
std::string_view sentence(core::InactiveReason reason);
std::string_view sentence(core::EndReason reason);
std::string_view sentence(core::EnrolmentState state);
std::string_view sentence(core::AttemptResult result);
std::string_view sentence(OutcomeReason reason);

}  // namespace vaultbell::wording
