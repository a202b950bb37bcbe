// Recipients: who may be named by a policy, and the message that greets somebody whom a policy
// names for the first time (R5.5, R5.6, R6.1).
#pragma once

#include <string_view>

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

// Refuses an audience of which nobody can be told anything: a contact or group that does not exist,
// one that is not verified, an empty group; or more addresses than kRecipientsMax. `what` names the
// thing: `the policy of vault "prod"`.
Status check_audience(const Draft& draft, const Audience& audience, std::string_view what);

// Sets the policy of a vault or client.
Result<std::string> set_policy(Draft& draft, const SetPolicy& order);

// `the policy of vault "prod"`.
std::string name_of(const State& state, const PolicyHolder& holder);

// A slice of greeting new recipients.
void welcome_recipients(Draft& draft);

// Whether somebody waits to be greeted by a channel that is configured.
bool is_welcome_due(const State& state);

}  // namespace vaultbell::core
