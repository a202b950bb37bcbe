#include <fmt/format.h>

#include "aggregator/api/in_json.hpp"
#include "aggregator/api/lists.hpp"
#include "aggregator/api/views.hpp"
#include "shared/crypto/join_token.hpp"

namespace vaultbell::api {

namespace {

constexpr Duration kTokenLifeDefault = std::chrono::hours(1);
constexpr Duration kTokenLifeMax = std::chrono::days(365);

// Into which vault, and for which client: one of the two is named, and a client has its vault.
struct LetsInto {
  core::Vault vault;
  ClientId client;
};

Result<LetsInto> lets_into(const Scene& scene, const std::optional<std::string>& vault_name,
                           const std::optional<std::string>& client_name) {
  if (vault_name.has_value() == client_name.has_value()) {
    return fail(ErrorCode::invalid,
                "a token is either for a vault (vault), or for a client whose host has lost its "
                "key (client)");
  }
  if (vault_name) {
    auto vault = vault_named(scene, *vault_name);
    if (!vault) return fail(vault.error());
    return LetsInto{std::move(*vault), {}};
  }
  const auto client = client_named(scene, *client_name);
  if (!client) return fail(client.error());
  auto vault = scene.snapshot.get<core::Vault>(client->vault);
  if (!vault) return fail(vault.error());
  check(vault->has_value(), "a client's vault exists");
  return LetsInto{std::move(**vault), client->id};
}

}  // namespace

Result<Answer> list_tokens(const Scene& scene, Asked& asked) {
  return page_of<core::Token>(
      scene, asked.query, {}, passes_all<core::Token>,
      [&](const core::Token& token) { return view_of(token, scene.rows, scene.now); });
}

Result<Answer> list_requests(const Scene& scene, Asked& asked) {
  const auto state = asked.query.choice<core::EnrolmentState>("state");
  return page_of<core::Enrolment>(
      scene, asked.query, oldest_first(),
      [&](const core::Enrolment& request) { return is_wanted(state, request.state); },
      [&](const core::Enrolment& request) { return view_of(request, scene.rows); });
}

Result<Answer> create_token(const Scene& scene, Asked& asked) {
  auto& body = asked.body;
  const auto vault_name = body.text("vault");
  const auto client_name = body.text("client");
  const auto uses = body.number("uses").value_or(1);
  const auto life = body.duration("expires_in").value_or(kTokenLifeDefault);
  const auto needs_approval = body.boolean("needs_approval");
  if (auto ok = body.finish(); !ok) return fail(ok.error());
  if (life > kTokenLifeMax) {
    return fail(ErrorCode::invalid, fmt::format("expires_in: {} is longer than {}", to_text(life),
                                                to_text(kTokenLifeMax)));
  }
  const auto into = lets_into(scene, vault_name, client_name);
  if (!into) return fail(into.error());
  if (scene.facts.enrolment_endpoint.empty()) {
    return fail(ErrorCode::refused, "enrolment is off: set [enrolment] listen");
  }
  const crypto::JoinToken token{.enrolment_endpoint = scene.facts.enrolment_endpoint,
                                .server_key = scene.facts.server_key,
                                .secret = crypto::random_secret(),
                                .vault = into->vault.name,
                                .expires_at = scene.now + life};
  // More uses than the core allows are refused there; here only the type must hold them.
  const auto uses_max = std::min<std::uint64_t>(uses, std::numeric_limits<std::uint32_t>::max());
  return Answer(OrderAsked{core::CreateToken{.vault = into->vault.id,
                                             .client = into->client,
                                             .hash = crypto::hash_of(token),
                                             .expires_at = token.expires_at,
                                             .uses_max = static_cast<std::uint32_t>(uses_max),
                                             .needs_approval = needs_approval},
                           crypto::to_text(token)});
}

Result<Answer> revoke_token(const Scene& scene, Asked& asked) {
  const auto token = numbered<core::Token>(scene, "token", asked.names[0]);
  if (!token) return fail(token.error());
  return Answer(OrderAsked{core::RevokeToken{token->id}, {}});
}

Result<Answer> approve_request(const Scene& scene, Asked& asked) {
  const auto request = numbered<core::Enrolment>(scene, "enrolment request", asked.names[0]);
  if (!request) return fail(request.error());
  return Answer(OrderAsked{core::ApproveEnrolment{request->id}, {}});
}

Result<Answer> reject_request(const Scene& scene, Asked& asked) {
  const auto request = numbered<core::Enrolment>(scene, "enrolment request", asked.names[0]);
  if (!request) return fail(request.error());
  return Answer(OrderAsked{core::RejectEnrolment{request->id}, {}});
}

}  // namespace vaultbell::api
