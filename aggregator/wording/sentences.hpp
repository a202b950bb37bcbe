// The closed lists of reasons as full sentences: what `vaultbell explain` answers and what stands
// in mails. The words themselves are in aggregator/core/words.hpp and shared/domain/run.hpp.
#pragma once

#include <string_view>

#include "aggregator/core/telling.hpp"
#include "aggregator/core/words.hpp"
#include "shared/domain/run.hpp"

namespace vaultbell::wording {

std::string_view sentence(OutcomeReason reason);
std::string_view sentence(core::RunVerdict verdict);
std::string_view sentence(core::NotifyReason reason);
std::string_view sentence(core::HeldBy reason);
std::string_view sentence(core::RecipientReason reason);
std::string_view sentence(core::InactiveReason reason);
std::string_view sentence(core::NotificationState state);
std::string_view sentence(core::EndReason reason);
std::string_view sentence(core::AttemptResult result);
std::string_view sentence(core::EnrolmentState state);

}  // namespace vaultbell::wording
