#include "aggregator/api/in_json.hpp"
#include "aggregator/api/reasons.hpp"
#include "aggregator/api/views.hpp"
#include "aggregator/core/enrolment.hpp"
#include "shared/crypto/keys.hpp"

namespace vaultbell::api {

namespace {

// Whether a token still lets hosts in, and if not, why.
struct TokenState {
  std::string_view word;
  std::string sentence;
};

TokenState state_of(const core::Token& token, Instant now) {
  const auto refusal = core::refusal_of(token, now);
  if (!refusal) return {"usable", "A host can enrol with it."};
  switch (refusal->why) {
    case core::EnrolmentRefusal::token_used:
      return {"used", "It has let in as many hosts as it may."};
    case core::EnrolmentRefusal::token_expired:
      return {"expired", "It expired before it was used up."};
    case core::EnrolmentRefusal::token_revoked:
      return {"revoked", "An administrator revoked it."};
    case core::EnrolmentRefusal::token_unknown:
    case core::EnrolmentRefusal::name_taken:
    case core::EnrolmentRefusal::rejected:
    case core::EnrolmentRefusal::busy:
      break;  // said of a host, not of a token
  }
  return {"unusable", refusal->message};
}

}  // namespace

Json view_of(const core::Token& token, Rows& rows, Instant now) {
  const auto state = state_of(token, now);
  return {{"id", token.id.value},
          {"vault", rows.name_of(token.vault)},
          {"client", text_or_null(rows.name_of(token.client))},
          {"state", state.word},
          {"state_sentence", state.sentence},
          {"uses", token.uses},
          {"uses_max", token.uses_max},
          {"needs_approval", token.needs_approval},
          {"created_by", token.created_by},
          {"created_at", in_json(token.created_at)},
          {"expires_at", in_json(token.expires_at)},
          {"revoked_at", in_json(token.revoked_at)},
          {"last_client", text_or_null(rows.name_of(token.last_client))}};
}

Json view_of(const core::Enrolment& request, Rows& rows) {
  Json json = {{"id", request.id.value},
               {"name", request.name},
               {"vault", rows.name_of(request.vault)},
               {"fingerprint", crypto::fingerprint(request.public_key)}};
  put_reason(json, "state", std::optional(request.state));
  json["token"] = in_json(request.token);
  json["asked_at"] = in_json(request.asked_at);
  put_host(json, request.host);
  return json;
}

}  // namespace vaultbell::api
