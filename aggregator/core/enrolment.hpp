// Enrolment: how hosts become clients (R2.1, R2.2, R2.9).
#pragma once

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

inline constexpr std::size_t kEnrolmentsMax = 1000;  // hosts that wait or were refused
inline constexpr std::size_t kTokensMax = 10'000;
inline constexpr std::uint32_t kTokenUsesMax = 10'000;

void request_enrolment(Draft& draft, const EnrolmentRequested& request);

// Why the token lets nobody in (any more); absent if it does. That the client for which it was made
// is retired only the draft knows.
std::optional<EnrolmentRefused> refusal_of(const Token& token, Instant now);
std::optional<EnrolmentRefused> refusal_of(const Draft& draft, const Token& token, Instant now);

// Whether a host that comes with this token may not have that name: a living client has it. A token
// that was made for a client gives the host that one's name.
bool is_name_taken(const Draft& draft, const Token& token, const std::string& name);

// Makes a client of a host that may come in with this token: a new row, or another key for the
// client for which the token was made; a use of the token, an entry at the gateway.
Client admit(Draft& draft, const Enrolment& host, Token token);

// Orders, as carry_out() in operator.hpp.
Result<std::string> create_token(Draft& draft, const std::string& actor, const CreateToken& order);
Result<std::string> approve_enrolment(Draft& draft, const ApproveEnrolment& order);

}  // namespace vaultbell::core
