// Enrolment: how hosts become clients (R2.1, R2.2, R2.9).
#pragma once

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

inline constexpr std::size_t kEnrolmentsMax = 1000;  // hosts that wait or were refused
inline constexpr std::size_t kTokensMax = 10'000;
inline constexpr std::uint32_t kTokenUsesMax = 10'000;

void request_enrolment(Draft& draft, const EnrolmentRequested& request);

// Why the token lets nobody in (any more); absent if it does.
std::optional<EnrolmentRefused> refusal_of(const Token& token, Instant now);

// Makes a client of a host that may come in: a new row, a use of the token, an entry at the
// gateway.
Client admit(Draft& draft, const Enrolment& host);

}  // namespace vaultbell::core
