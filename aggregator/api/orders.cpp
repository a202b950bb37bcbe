#include <fmt/format.h>

#include "aggregator/api/answers.hpp"
#include "aggregator/api/in_json.hpp"
#include "shared/crypto/join_token.hpp"

namespace vaultbell::api {

namespace {

constexpr Duration kTokenLifeDefault = std::chrono::hours(1);
constexpr Duration kTokenLifeMax = std::chrono::days(365);

core::TimingOverrides timing_in(Fields& body) {
  return {.heartbeat_every = body.duration("heartbeat_every"),
          .disconnect_after = body.duration("disconnect_after"),
          .offline_grace = body.duration("offline_grace")};
}

core::TimingEdit timing_edit_in(Fields& body) {
  const auto edit = [&](std::string_view name) {
    const auto value = body.duration(name);
    return value ? core::Edit<Duration>(*value) : core::Edit<Duration>();
  };
  return {edit("heartbeat_every"), edit("disconnect_after"), edit("offline_grace")};
}

Result<Answer> order(const Fields& body, OrderAsked asked) {
  if (auto ok = body.finish(); !ok) return fail(ok.error());
  return Answer(std::move(asked));
}

tl::unexpected<Error> missing(std::string_view field) {
  return fail(ErrorCode::invalid, fmt::format("{} is missing", field));
}

// The answer where there is nothing to do.
Answer nothing_to_do(std::string_view remark) {
  return Json{{"changes", Json::array()}, {"remark", remark}};
}

}  // namespace

Result<Answer> create_vault(const Scene&, Asked& asked) {
  auto& body = asked.body;
  const auto name = body.text("name");
  core::CreateVault vault{.name = name.value_or("")};
  vault.policy.mode = body.choice<core::PolicyMode>("policy").value_or(vault.policy.mode);
  vault.timing = timing_in(body);
  if (auto ok = body.finish(); !ok) return fail(ok.error());
  if (!name) return missing("name");
  return Answer(OrderAsked{vault, {}});
}

Result<Answer> edit_vault(const Scene& scene, Asked& asked) {
  const auto vault = vault_named(scene, asked.names[0]);
  if (!vault) return fail(vault.error());
  return order(asked.body, {core::EditVault{vault->id, timing_edit_in(asked.body)}, {}});
}

Result<Answer> edit_client(const Scene& scene, Asked& asked) {
  const auto client = client_named(scene, asked.names[0]);
  if (!client) return fail(client.error());
  return order(asked.body, {core::EditClient{client->id, timing_edit_in(asked.body)}, {}});
}

Result<Answer> inactivate_alert(const Scene& scene, Asked& asked) {
  const auto alert = numbered<core::Alert>(scene, "alert", asked.names[0]);
  if (!alert) return fail(alert.error());
  const auto why = asked.body.text("why").value_or("");
  if (auto ok = asked.body.finish(); !ok) return fail(ok.error());
  if (alert->state == core::AlertState::inactive) return nothing_to_do("it was already inactive");
  return Answer(OrderAsked{core::InactivateAlert{alert->id, why}, {}});
}

Result<Answer> retry_delivery(const Scene& scene, Asked& asked) {
  const auto delivery = numbered<core::Notification>(scene, "delivery", asked.names[0]);
  if (!delivery) return fail(delivery.error());
  return order(asked.body, {core::RetryDelivery{*delivery}, {}});
}

Result<Answer> create_token(const Scene& scene, Asked& asked) {
  auto& body = asked.body;
  const auto vault_name = body.text("vault");
  const auto uses = body.number("uses").value_or(1);
  const auto life = body.duration("expires_in").value_or(kTokenLifeDefault);
  const auto needs_approval = body.boolean("needs_approval");
  if (auto ok = body.finish(); !ok) return fail(ok.error());
  if (!vault_name) return missing("vault");
  if (life > kTokenLifeMax) {
    return fail(ErrorCode::invalid, fmt::format("expires_in: {} is longer than {}", to_text(life),
                                                to_text(kTokenLifeMax)));
  }
  const auto vault = vault_named(scene, *vault_name);
  if (!vault) return fail(vault.error());
  if (scene.facts.enrolment_endpoint.empty()) {
    return fail(ErrorCode::refused, "enrolment is off: set [enrolment] listen");
  }
  const crypto::JoinToken token{.enrolment_endpoint = scene.facts.enrolment_endpoint,
                                .server_key = scene.facts.server_key,
                                .secret = crypto::random_secret(),
                                .vault = vault->name,
                                .expires_at = scene.now + life};
  // More uses than the core allows are refused there; here only the type must hold them.
  const auto uses_max = std::min<std::uint64_t>(uses, std::numeric_limits<std::uint32_t>::max());
  return Answer(OrderAsked{core::CreateToken{.vault = vault->id,
                                             .hash = crypto::hash_of(token),
                                             .expires_at = token.expires_at,
                                             .uses_max = static_cast<std::uint32_t>(uses_max),
                                             .needs_approval = needs_approval},
                           crypto::to_text(token)});
}

Result<Answer> revoke_token(const Scene& scene, Asked& asked) {
  const auto token = numbered<core::Token>(scene, "token", asked.names[0]);
  if (!token) return fail(token.error());
  return order(asked.body, {core::RevokeToken{token->id}, {}});
}

Result<Answer> approve_request(const Scene& scene, Asked& asked) {
  const auto request = numbered<core::Enrolment>(scene, "enrolment request", asked.names[0]);
  if (!request) return fail(request.error());
  return order(asked.body, {core::ApproveEnrolment{request->id}, {}});
}

Result<Answer> reject_request(const Scene& scene, Asked& asked) {
  const auto request = numbered<core::Enrolment>(scene, "enrolment request", asked.names[0]);
  if (!request) return fail(request.error());
  return order(asked.body, {core::RejectEnrolment{request->id}, {}});
}

}  // namespace vaultbell::api
