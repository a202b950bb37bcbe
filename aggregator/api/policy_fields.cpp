#include "aggregator/api/policy_fields.hpp"

#include <algorithm>

#include "aggregator/api/named.hpp"
#include "shared/base/duration.hpp"

namespace vaultbell::api {

namespace {

std::vector<core::AlertKind> kinds_in(Fields& body) {
  std::vector<core::AlertKind> kinds;
  for (const auto& word : body.texts("kinds").value_or(Fields::Texts())) {
    if (const auto kind = body.word_of<core::AlertKind>("kind", word)) kinds.push_back(*kind);
  }
  std::ranges::sort(kinds);
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  return kinds;
}

std::vector<core::KindHold> holds_in(Fields& body) {
  constexpr std::string_view kField = "notify_after_by_kind";
  std::vector<core::KindHold> holds;
  for (const auto& [word, written] : body.text_by_name(kField).value_or(Fields::TextByName())) {
    const auto kind = body.word_of<core::AlertKind>("kind", word);
    const auto hold = parse_duration(written);
    if (!hold) body.complain(kField, hold.error().message);
    if (kind && hold) holds.push_back({*kind, *hold});
  }
  std::ranges::sort(holds, {}, &core::KindHold::kind);
  return holds;
}

std::optional<core::QuietHours> quiet_in(Fields& body) {
  const auto hours = body.text("quiet_hours");
  const auto zone = body.text("quiet_zone");
  const auto do_critical_pass = body.boolean("do_critical_pass");
  if (!hours) {
    if (zone) body.complain("quiet_zone", "it needs quiet_hours beside it");
    if (do_critical_pass) body.complain("do_critical_pass", "it needs quiet_hours beside it");
    return std::nullopt;
  }
  const auto parsed = parse_daily_hours(*hours);
  if (!parsed) return body.complain("quiet_hours", parsed.error().message);
  return core::QuietHours{*parsed, zone.value_or("UTC"), do_critical_pass.value_or(true)};
}

}  // namespace

core::Policy policy_in(const Scene& scene, Fields& body) {
  const auto mode = body.choice<core::PolicyMode>("mode");
  body.required_text("mode");
  return {.mode = mode.value_or(core::PolicyMode::default_recipients),
          .audience = {contacts_in(scene, body, "contacts"), groups_in(scene, body, "groups")},
          .least_severity = body.choice<core::Severity>("least_severity"),
          .kinds = kinds_in(body),
          .notify_after = body.duration("notify_after"),
          .notify_after_by_kind = holds_in(body),
          .frequency = body.choice<core::Frequency>("frequency"),
          .tells_recovery = body.boolean("tells_recovery").value_or(true),
          .remind_every = body.duration("remind_every"),
          .escalate_after = body.duration("escalate_after"),
          .escalation = {contacts_in(scene, body, "escalation_contacts"),
                         groups_in(scene, body, "escalation_groups")},
          .quiet = quiet_in(body)};
}

}  // namespace vaultbell::api
