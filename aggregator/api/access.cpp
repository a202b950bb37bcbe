#include <fmt/format.h>

#include "aggregator/api/answers.hpp"
#include "aggregator/api/in_json.hpp"
#include "aggregator/api/lists.hpp"
#include "aggregator/api/secrets.hpp"
#include "aggregator/api/views.hpp"

// API tokens, login links, and the sessions that there are (R9.3).

namespace vaultbell::api {

namespace {

constexpr Duration kTokenLife = std::chrono::hours(24 * 90);
constexpr Duration kLinkLife = std::chrono::minutes(10);
constexpr Duration kLifeMax = std::chrono::hours(24 * 1000);  // the core has shorter ones

// The rest of what is asked, and a secret for it.
Result<Answer> create(const Scene& scene, Fields& body, core::CreateAccess order, Duration life) {
  order.role = body.choice<core::Role>("role").value_or(order.role);
  life = body.duration("expires_in").value_or(life);
  if (life > kLifeMax) body.complain("expires_in", "is longer than " + to_text(kLifeMax));
  if (auto ok = body.finish(); !ok) return fail(ok.error());
  const auto secret = make_secret(order.kind);
  order.hash = hash_of_secret(secret);
  order.expires_at = scene.now + life;
  return Answer(OrderAsked{std::move(order), secret});
}

}  // namespace

Result<Answer> list_access(const Scene& scene, Asked& asked) {
  return page_of<core::Access>(scene, asked.query, oldest_first(), passes_all<core::Access>,
                               [](const core::Access& access) { return view_of(access); });
}

Result<Answer> create_api_token(const Scene& scene, Asked& asked) {
  core::CreateAccess order{.kind = core::AccessKind::api_token,
                           .name = asked.body.required_text("name"),
                           .role = core::Role::viewer};
  return create(scene, asked.body, std::move(order), kTokenLife);
}

Result<Answer> create_login_link(const Scene& scene, Asked& asked) {
  const auto& visitor = *asked.visitor;
  const auto own_name = visitor.access ? visitor.access->name : visitor.actor;
  core::CreateAccess order{.kind = core::AccessKind::login_link,
                           .name = asked.body.text("name").value_or(own_name),
                           .role = core::Role::admin};
  return create(scene, asked.body, std::move(order), kLinkLife);
}

Result<Answer> revoke_access(const Scene& scene, Asked& asked) {
  const auto access =
      numbered<core::Access>(scene, "API token, login link or session", asked.names[0]);
  if (!access) return fail(access.error());
  return Answer(OrderAsked{core::RevokeAccess{access->id}, {}});
}

}  // namespace vaultbell::api
