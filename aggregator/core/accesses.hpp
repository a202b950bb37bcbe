// Accesses: the ways in for those who are not on the aggregator's host (R9.3). What is no good any
// more is taken away at once; the audit log keeps that it was there.
#pragma once

#include <string>

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

inline constexpr std::size_t kAccessesMax = 1000;
inline constexpr Duration kApiTokenLifeMax = std::chrono::hours(24 * 400);
inline constexpr Duration kLoginLinkLifeMax = std::chrono::hours(24);
inline constexpr Duration kSessionLife = std::chrono::hours(24 * 7);  // and not beyond its token's

Result<std::string> create_access(Draft& draft, const std::string& actor,
                                  const CreateAccess& order);

// When a session that is opened now with this token or link ends.
Instant session_ends_at(const Access& key, Instant now);

// A link is used up by it.
Result<std::string> open_session(Draft& draft, const std::string& actor, const OpenSession& order);

// And every session that a token has opened.
Result<std::string> revoke_access(Draft& draft, const RevokeAccess& order);

}  // namespace vaultbell::core
