// Views: stored rows as the API's JSON. Each shows what its row holds and names what it refers to;
// what lists and details add to it is in the routes. docs/api.md describes every field.
#pragma once

#include <string>

#include "aggregator/api/json.hpp"
#include "aggregator/api/rows.hpp"
#include "aggregator/core/rows.hpp"

namespace vaultbell::api {

Json view_of(const core::ClientTiming& timing);
Json view_of(const core::Recipient& recipient);

Json view_of(const core::Vault& vault, Rows& rows);
Json view_of(const core::Client& client, Rows& rows);
Json view_of(const core::Job& job, Rows& rows);
Json view_of(const JobSettings& settings);
Json view_of(const core::Run& run, Rows& rows);  // without the output
Json view_of(const core::Alert& alert, Rows& rows);
Json view_of(const core::Notification& delivery, Rows& rows);
Json view_of(const core::Attempt& attempt);
Json view_of(const core::Token& token, Rows& rows, Instant now);
Json view_of(const core::Access& access);  // never its hash
Json view_of(const core::Enrolment& request, Rows& rows);
Json view_of(const core::Contact& contact, Rows& rows, Instant now);
Json view_of(const core::Group& group, Rows& rows);
Json view_of(const core::Policy& policy, Rows& rows);
Json view_of(const core::Maintenance& maintenance, Rows& rows, Instant now);

// What an agent says about its host: hostname, os, agent_version, address.
void put_host(Json& json, const core::HostFacts& host);

// The one line that says what an alert is about.
std::string headline_of(const core::Alert& alert, Rows& rows);

}  // namespace vaultbell::api
