#include <algorithm>

#include <fmt/format.h>

#include "aggregator/api/answers.hpp"
#include "aggregator/api/explaining.hpp"
#include "aggregator/api/in_json.hpp"
#include "aggregator/api/views.hpp"
#include "aggregator/core/alerts.hpp"
#include "aggregator/core/shown_address.hpp"
#include "aggregator/wording/sentences.hpp"

namespace vaultbell::api {

namespace {

using storage::Order;
using storage::TableNumber;

constexpr std::size_t kDeliveriesToldMax = 200;  // lines that somebody may want to read

// What happened when, and why; also what will, if nothing comes between.
class Story {
 public:
  void tell(Instant at, std::string_view what) { moments_.emplace_back(at, what); }

  // In the order of time: [{"at":"...","what":"..."}].
  [[nodiscard]] Json in_order() && {
    std::ranges::stable_sort(moments_, {}, &Moment::first);
    Json json = Json::array();
    for (const auto& [at, what] : moments_) {
      json.push_back({{"at", in_json(at)}, {"what", what}});
    }
    return json;
  }

 private:
  using Moment = std::pair<Instant, std::string>;
  std::vector<Moment> moments_;
};

// "It waits for its next attempt. Last answer: 451 greylisted"
std::string state_of(const core::Notification& delivery) {
  std::string line(wording::sentence(delivery.state));
  if (delivery.end_reason) line += fmt::format(" {}", wording::sentence(*delivery.end_reason));
  if (!delivery.last_answer.empty()) line += fmt::format(" Last answer: {}", delivery.last_answer);
  return line;
}

Status tell_deliveries(const Scene& scene, const core::Alert& alert, Story& story) {
  std::size_t told = 0;
  return scene.snapshot.each_in<core::Notification>(
      TableNumber::notification_by_alert, storage::key_bytes(alert.id), Order::ascending,
      std::nullopt, [&](const core::Notification& delivery) {
        const bool is_recovery = delivery.event == core::NotificationEvent::recovered;
        story.tell(
            delivery.created_at,
            fmt::format("delivery {} to {} by {}{}: {}", delivery.id.value,
                        core::shown_address(delivery.recipient.place()),
                        to_text(delivery.recipient.channel),
                        is_recovery ? " about the recovery" : "", wording::sentence(delivery.why)));
        const auto is_pending = delivery.state == core::NotificationState::pending;
        const auto at = is_pending ? delivery.next_attempt_at : scene.now;
        story.tell(delivery.ended_at.value_or(at),
                   fmt::format("delivery {}: {}", delivery.id.value, state_of(delivery)));
        return ++told < kDeliveriesToldMax;
      });
}

void tell_decision(const Scene& scene, const core::Alert& alert, Story& story) {
  if (alert.decision) {
    return story.tell(alert.decision->at, wording::sentence(alert.decision->reason));
  }
  const auto due = notifies_at(scene, alert);
  if (!due || !alert.vault.is_set()) return;
  const auto policies = policies_of(scene, alert.vault, alert.client);
  const auto hold =
      core::hold_of(scene.facts.settings, policies.vault, policies.client, alert.kind);
  story.tell(*due, "its hold ends. By the policy in force now: " +
                       would_be(routing_of(scene, policies, alert.kind, alert.severity), hold));
}

void tell_end(const core::Alert& alert, Story& story) {
  if (!alert.inactivation) return;
  const auto& how = *alert.inactivation;
  std::string line(wording::sentence(how.reason));
  if (how.run.is_set()) line += fmt::format(" (run {})", how.run.value);
  if (!how.who.empty()) line += fmt::format(" ({})", how.who);
  if (!how.why.empty()) line += fmt::format(" Why: {}", how.why);
  story.tell(how.at, line);
}

}  // namespace

Result<Answer> explain_alert(const Scene& scene, Asked& asked) {
  const auto alert = numbered<core::Alert>(scene, "alert", asked.names[0]);
  if (!alert) return fail(alert.error());
  Story story;
  story.tell(alert->first_at, fmt::format("raised: {}", alert->message));
  if (alert->occurrences > 1) {
    story.tell(alert->last_at,
               fmt::format("occurrence {}; further ones notify nobody again", alert->occurrences));
  }
  tell_decision(scene, *alert, story);
  if (auto ok = tell_deliveries(scene, *alert, story); !ok) return fail(ok.error());
  tell_end(*alert, story);
  return Answer(Json{{"alert", view_of(*alert, scene.rows)},
                     {"notifies_at", in_json(notifies_at(scene, *alert))},
                     {"story", std::move(story).in_order()}});
}

Result<Answer> explain_run(const Scene& scene, Asked& asked) {
  const auto run = numbered<core::Run>(scene, "run", asked.names[0]);
  if (!run) return fail(run.error());
  const auto* alert = scene.rows.find<core::Alert>(run->alert);
  Story story;
  const auto& report = run->report;
  story.tell(run->received_at, fmt::format("{} of \"{}\" reported: {}", to_text(report.operation),
                                           report.job, to_text(report.outcome)));
  if (report.reason) story.tell(run->received_at, wording::sentence(*report.reason));
  story.tell(run->received_at, wording::sentence(run->verdict));
  if (alert != nullptr) {
    story.tell(run->received_at,
               fmt::format("alert {}: {}", alert->id.value, headline_of(*alert, scene.rows)));
  }
  return Answer(Json{{"run", view_of(*run, scene.rows)},
                     {"alert", alert == nullptr ? Json() : view_of(*alert, scene.rows)},
                     {"story", std::move(story).in_order()}});
}

}  // namespace vaultbell::api
