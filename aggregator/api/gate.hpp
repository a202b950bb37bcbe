// Gate: who asks, and what they may do (R9.3). Over the Unix socket everybody is an administrator,
// under the name of their user; over TCP they come with an API token or the session of a browser.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aggregator/api/facts.hpp"
#include "aggregator/api/http_message.hpp"
#include "aggregator/api/problem.hpp"
#include "aggregator/core/rows.hpp"
#include "aggregator/storage/snapshot.hpp"

namespace vaultbell::api {

struct Visitor {
  std::string actor;  // for the audit log: "root", "alice (browser)", "ci (token)"
  core::Role role = core::Role::viewer;
  std::optional<core::Access> access;  // over TCP
  std::string csrf_token;              // of a session
};

// Who asks. Absent: somebody who shows nothing. Error: what they show is not good; or their
// browser was sent here by another site.
tl::expected<std::optional<Visitor>, Problem> visitor_of(const HttpRequest& request,
                                                         const storage::Snapshot& snapshot,
                                                         const Facts& facts, Instant now);

// The access of that secret, if it is good.
Result<std::optional<core::Access>> access_of(std::string_view secret,
                                              const storage::Snapshot& snapshot, Instant now);

// Refuses names that are not this aggregator's: one of somebody else's may be made to lead here,
// and then any page could ask in its reader's browser. Numbers cannot.
std::optional<Problem> objection_to_host(const HttpRequest& request, const Facts& facts);

// Where somebody comes from: what a proxy on this host says of them counts.
std::string origin_of(const HttpRequest& request);

inline constexpr std::string_view kSessionCookie = "vaultbell_session";

}  // namespace vaultbell::api
