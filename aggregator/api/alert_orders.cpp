#include "aggregator/api/answers.hpp"
#include "aggregator/api/in_json.hpp"

// Orders about alerts (R4.4).

namespace vaultbell::api {

namespace {

Result<core::Alert> alert_in(const Scene& scene, const Asked& asked) {
  return numbered<core::Alert>(scene, "alert", asked.names[0]);
}

// By which people were told of it, as far as they are kept.
Result<std::vector<core::Notification>> messages_of(const Scene& scene, const core::Alert& alert) {
  std::vector<core::Notification> messages;
  for (const auto& told : alert.told) {
    auto row = scene.snapshot.get<core::Notification>(told.notification);
    if (!row) return fail(row.error());
    if (*row) messages.push_back(std::move(**row));
  }
  return messages;
}

// The answer where there is nothing to do.
Answer nothing_to_do(std::string_view remark) {
  return Json{{"changes", Json::array()}, {"remark", remark}};
}

}  // namespace

Result<Answer> acknowledge_alert(const Scene& scene, Asked& asked) {
  const auto alert = alert_in(scene, asked);
  if (!alert) return fail(alert.error());
  const auto why = asked.body.text("why").value_or("");
  return Answer(OrderAsked{core::AcknowledgeAlert{alert->id, why}, {}});
}

Result<Answer> inactivate_alert(const Scene& scene, Asked& asked) {
  const auto alert = alert_in(scene, asked);
  if (!alert) return fail(alert.error());
  const auto why = asked.body.text("why").value_or("");
  if (alert->state == core::AlertState::inactive) return nothing_to_do("it was already inactive");
  return Answer(OrderAsked{core::InactivateAlert{alert->id, why}, {}});
}

Result<Answer> reactivate_alert(const Scene& scene, Asked& asked) {
  const auto alert = alert_in(scene, asked);
  if (!alert) return fail(alert.error());
  const auto why = asked.body.text("why").value_or("");
  if (alert->state != core::AlertState::inactive) return nothing_to_do("it is active already");
  auto messages = messages_of(scene, *alert);
  if (!messages) return fail(messages.error());
  return Answer(OrderAsked{core::ReactivateAlert{*alert, why, std::move(*messages)}, {}});
}

Result<Answer> comment_alert(const Scene& scene, Asked& asked) {
  const auto alert = alert_in(scene, asked);
  if (!alert) return fail(alert.error());
  return Answer(OrderAsked{core::CommentAlert{*alert, asked.body.required_text("text")}, {}});
}

Result<Answer> notify_alert_now(const Scene& scene, Asked& asked) {
  const auto alert = alert_in(scene, asked);
  if (!alert) return fail(alert.error());
  return Answer(OrderAsked{core::NotifyAlertNow{alert->id}, {}});
}

Result<Answer> raise_test(const Scene& scene, Asked& asked) {
  auto& body = asked.body;
  core::RaiseTest test;
  test.severity = body.choice<core::Severity>("severity").value_or(test.severity);
  const auto client_name = body.text("client");
  const auto vault_name = body.text("vault");
  if (client_name.has_value() == vault_name.has_value()) {
    body.complain({ErrorCode::invalid, "either client or vault is needed"});
  }
  if (auto ok = body.finish(); !ok) return fail(ok.error());
  if (client_name) {
    const auto client = client_named(scene, *client_name);
    if (!client) return fail(client.error());
    test.client = client->id;
    test.vault = client->vault;
  } else {
    const auto vault = vault_named(scene, *vault_name);
    if (!vault) return fail(vault.error());
    test.vault = vault->id;
  }
  return Answer(OrderAsked{test, {}});
}

}  // namespace vaultbell::api
