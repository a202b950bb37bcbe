#include "aggregator/api/alerts.hpp"

#include <map>

#include <fmt/format.h>

#include "aggregator/api/in_json.hpp"
#include "aggregator/api/lists.hpp"
#include "aggregator/api/reasons.hpp"
#include "aggregator/api/views.hpp"

namespace vaultbell::api {

// Which alerts a list shows: an acknowledged one is active still.
enum class Activity : std::uint8_t { active, acknowledged, inactive, all };

}  // namespace vaultbell::api

namespace vaultbell {

template <>
inline constexpr auto kEnumText<api::Activity> = std::to_array<EnumText<api::Activity>>({
    {api::Activity::active, "active"},
    {api::Activity::acknowledged, "acknowledged"},
    {api::Activity::inactive, "inactive"},
    {api::Activity::all, "all"},
});

}  // namespace vaultbell

namespace vaultbell::api {

namespace {

using storage::Order;
using storage::TableNumber;

using DeliveryCounts = std::map<core::NotificationState, std::size_t>;

// The messages that an alert was raised, not those of its recovery.
Result<DeliveryCounts> count_deliveries(const Scene& scene, AlertId alert) {
  DeliveryCounts counts;
  std::size_t walked = 0;
  const auto seen = scene.snapshot.each_in<core::Notification>(
      TableNumber::notification_by_alert, storage::key_bytes(alert), Order::ascending, std::nullopt,
      [&](const core::Notification& delivery) {
        if (delivery.event == core::NotificationEvent::raised) ++counts[delivery.state];
        return ++walked < kRowsWalkedMax;
      });
  if (!seen) return fail(seen.error());
  return counts;
}

// "2 of 3 delivered, 1 waiting"; where all are in the same state the state alone: "given up".
std::string in_words(DeliveryCounts counts) {
  using core::NotificationState;
  const std::pair<std::string_view, std::size_t> groups[] = {
      {"delivered", counts[NotificationState::delivered]},
      {"waiting", counts[NotificationState::pending] + counts[NotificationState::sending]},
      {"given up", counts[NotificationState::given_up]},
      {"cancelled", counts[NotificationState::cancelled]}};
  std::size_t all = 0;
  for (const auto& [word, count] : groups) all += count;
  std::string words;
  for (const auto& [word, count] : groups) {
    if (count == 0) continue;
    if (count == all) return std::string(word);
    words += words.empty() ? fmt::format("{} of {} {}", count, all, word)
                           : fmt::format(", {} {}", count, word);
  }
  return words;
}

// How far telling has come: nothing before the decision, its reason where nobody is told.
Result<Json> told_so_far(const Scene& scene, const core::Alert& alert) {
  if (!alert.decision) return Json();
  if (alert.decision->reason != core::NotifyReason::notified) {
    return in_json(alert.decision->reason);
  }
  const auto counts = count_deliveries(scene, alert.id);
  if (!counts) return fail(counts.error());
  return text_or_null(in_words(*counts));
}

bool shows(Activity wanted, core::AlertState state) {
  switch (wanted) {
    case Activity::active:
      return state != core::AlertState::inactive;
    case Activity::acknowledged:
      return state == core::AlertState::acknowledged;
    case Activity::inactive:
      return state == core::AlertState::inactive;
    case Activity::all:
      return true;
  }
  return true;
}

}  // namespace

Result<Json> alert_in_full(const Scene& scene, const core::Alert& alert) {
  auto told = told_so_far(scene, alert);
  if (!told) return told;
  auto json = view_of(alert, scene.rows);
  const auto held_now = held(scene, alert);
  json["notifies_at"] = held_now ? in_json(held_now->until) : Json();
  put_reason(json, "held_by", held_now ? std::optional(held_now->by) : std::nullopt);
  json["told_so_far"] = std::move(*told);
  return json;
}

Result<Answer> list_alerts(const Scene& scene, Asked& asked) {
  auto& query = asked.query;
  const auto activity = query.choice<Activity>("state").value_or(Activity::active);
  const auto severity = query.choice<core::Severity>("severity");
  const auto kind = query.choice<core::AlertKind>("kind");
  const auto vault = vault_filter(scene, query);
  const auto client = client_filter(scene, query);
  Range range;
  const bool is_active = activity == Activity::active || activity == Activity::acknowledged;
  if (client) {
    range.index = is_active ? TableNumber::active_alert_by_client : TableNumber::alert_by_client;
    range.prefix = storage::key_bytes(client->id);
  } else if (is_active) {
    range.index = TableNumber::active_alerts;
  }
  const auto passes = [&](const core::Alert& alert) {
    return shows(activity, alert.state) && is_wanted(severity, alert.severity) &&
           is_wanted(kind, alert.kind) && is_wanted(vault, alert.vault) &&
           (!client || client->id == alert.client);
  };
  Status failed;
  const auto show = [&](const core::Alert& alert) {
    auto json = alert_in_full(scene, alert);
    if (!json) failed = fail(json.error());
    return json ? std::move(*json) : Json();
  };
  auto page = page_of<core::Alert>(scene, query, range, passes, show);
  if (!failed) return fail(failed.error());
  return page;
}

Result<Answer> show_alert(const Scene& scene, Asked& asked) {
  const auto alert = numbered<core::Alert>(scene, "alert", asked.names[0]);
  if (!alert) return fail(alert.error());
  Json deliveries = Json::array();
  Status failed;
  const auto seen = scene.snapshot.each_in<core::Notification>(
      TableNumber::notification_by_alert, storage::key_bytes(alert->id), Order::ascending,
      std::nullopt, [&](const core::Notification& delivery) {
        auto json = delivery_in_full(scene, delivery);
        if (!json) failed = fail(json.error());
        if (json) deliveries.push_back(std::move(*json));
        return failed && deliveries.size() < kRowsWalkedMax;
      });
  if (!seen) return fail(seen.error());
  if (!failed) return fail(failed.error());
  auto json = alert_in_full(scene, *alert);
  if (!json) return fail(json.error());
  (*json)["deliveries"] = std::move(deliveries);
  return Answer(std::move(*json));
}

}  // namespace vaultbell::api
