#include <fmt/format.h>

#include "aggregator/api/answers.hpp"
#include "aggregator/api/in_json.hpp"
#include "aggregator/api/sentences.hpp"
#include "aggregator/api/views.hpp"
#include "aggregator/core/alerts.hpp"
#include "aggregator/core/routing.hpp"

namespace vaultbell::api {

namespace {

using storage::Order;
using storage::TableNumber;

constexpr std::size_t kDeliveriesToldMax = 200;  // lines that somebody may want to read

Json recipients_of(const core::Routing& routing) {
  Json recipients = Json::array();
  for (const auto& chosen : routing.recipients) {
    auto& json = recipients.emplace_back(view_of(chosen.recipient));
    json["why"] = in_json(chosen.why);
    json["why_sentence"] = wording::sentence(chosen.why);
  }
  return recipients;
}

std::string names_of(const core::Routing& routing) {
  std::string names;
  for (const auto& chosen : routing.recipients) {
    names += (names.empty() ? "" : ", ") + chosen.recipient.address;
  }
  return names;
}

std::string moment_of(Duration hold) {
  if (hold == Duration::zero()) return "at once";
  return to_words(hold) + " after it was raised, if it is active then";
}

// Who would be told of an alert of this kind about a client of this vault.
Json explain_kind(const Scene& scene, const core::Vault& vault, core::AlertKind kind) {
  const auto routing = core::route(scene.facts.settings, vault, kind);
  const auto hold = core::hold_of(scene.facts.settings, kind);
  const auto sentence =
      routing.recipients.empty()
          ? std::string(wording::sentence(routing.reason))
          : fmt::format("{} would be told {}", names_of(routing), moment_of(hold));
  return {{"kind", in_json(kind)},
          {"severity", in_json(core::severity_of(kind))},
          {"notify_after", in_json(hold)},
          {"reason", in_json(routing.reason)},
          {"reason_sentence", wording::sentence(routing.reason)},
          {"recipients", recipients_of(routing)},
          {"sentence", sentence}};
}

// What happened, and why, line by line.
class Story {
 public:
  void tell(std::string line) { lines_.push_back(std::move(line)); }
  void tell(Instant at, std::string_view line) { tell(fmt::format("{}  {}", to_iso(at), line)); }
  [[nodiscard]] const Json& lines() const { return lines_; }

 private:
  Json lines_ = Json::array();
};

std::string end_of(const core::Notification& delivery) {
  const auto tries = fmt::format("attempt {}", delivery.attempts);
  switch (delivery.state) {
    case core::NotificationState::pending:
      if (delivery.attempts == 0) return "waits for its first attempt";
      return fmt::format("waits for its next attempt at {}; {} answered: {}",
                         to_iso(delivery.next_attempt_at), tries, delivery.last_answer);
    case core::NotificationState::sending:
      return tries + " is under way";
    case core::NotificationState::delivered:
    case core::NotificationState::given_up:
    case core::NotificationState::cancelled:
      break;
  }
  auto line = fmt::format("{} at {}", to_text(delivery.state), to_iso(*delivery.ended_at));
  if (delivery.end_reason) line += fmt::format(": {}", wording::sentence(*delivery.end_reason));
  if (!delivery.last_answer.empty()) line += fmt::format(" ({})", delivery.last_answer);
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
                        delivery.recipient.address, to_text(delivery.recipient.channel),
                        is_recovery ? " about the recovery" : "", wording::sentence(delivery.why)));
        story.tell(fmt::format("    {}", end_of(delivery)));
        return ++told < kDeliveriesToldMax;
      });
}

void tell_raising(const Scene& scene, const core::Alert& alert, Story& story) {
  const auto hold = core::hold_of(scene.facts.settings, alert.kind);
  story.tell(alert.first_at, fmt::format("raised: {}", alert.message));
  if (alert.occurrences > 1) {
    story.tell(alert.last_at, fmt::format("{} occurrences by now; further ones notify nobody again",
                                          alert.occurrences));
  }
  if (alert.decision) {
    story.tell(alert.decision->at, wording::sentence(alert.decision->reason));
    return;
  }
  const auto* client = scene.rows.find<core::Client>(alert.client);
  const auto* vault = scene.rows.find<core::Vault>(client == nullptr ? alert.vault : client->vault);
  if (vault == nullptr) return;
  const auto due = notifies_at(scene, alert);
  story.tell(fmt::format("held: told {} (at {})", moment_of(hold), due ? to_iso(*due) : "once"));
  const auto routing = core::route(scene.facts.settings, *vault, alert.kind);
  story.tell(routing.recipients.empty()
                 ? fmt::format("by the policy in force now: {}", wording::sentence(routing.reason))
                 : fmt::format("by the policy in force now: {} will be told", names_of(routing)));
}

void tell_end(const core::Alert& alert, Story& story) {
  if (!alert.inactivation) return;
  const auto& how = *alert.inactivation;
  auto line = fmt::format("inactive: {}", wording::sentence(how.reason));
  if (how.run.is_set()) line += fmt::format(" (run {})", how.run.value);
  if (!how.who.empty()) line += fmt::format(" ({})", how.who);
  if (!how.why.empty()) line += fmt::format(": {}", how.why);
  story.tell(how.at, line);
}

}  // namespace

Result<Answer> explain_client(const Scene& scene, Asked& asked) {
  const auto client = client_named(scene, asked.names[0]);
  if (!client) return fail(client.error());
  const auto* vault = scene.rows.find<core::Vault>(client->vault);
  if (vault == nullptr) return no_such("vault", client->vault.value);
  const auto wanted = asked.query.choice<core::AlertKind>("kind");
  Json kinds = Json::array();
  for (const auto& entry : kEnumText<core::AlertKind>) {
    if (wanted.value_or(entry.value) != entry.value) continue;
    kinds.push_back(explain_kind(scene, *vault, entry.value));
  }
  return Answer(Json{{"client", client->name},
                     {"vault", vault->name},
                     {"policy", in_json(vault->policy)},
                     {"kinds", std::move(kinds)}});
}

Result<Answer> explain_alert(const Scene& scene, Asked& asked) {
  const auto alert = numbered<core::Alert>(scene, "alert", asked.names[0]);
  if (!alert) return fail(alert.error());
  Story story;
  tell_raising(scene, *alert, story);
  if (auto ok = tell_deliveries(scene, *alert, story); !ok) return fail(ok.error());
  tell_end(*alert, story);
  return Answer(Json{{"alert", view_of(*alert, scene.rows)},
                     {"notifies_at", in_json(notifies_at(scene, *alert))},
                     {"story", story.lines()}});
}

Result<Answer> explain_run(const Scene& scene, Asked& asked) {
  const auto run = numbered<core::Run>(scene, "run", asked.names[0]);
  if (!run) return fail(run.error());
  const auto* alert = scene.rows.find<core::Alert>(run->alert);
  Story story;
  const auto& report = run->report;
  story.tell(run->received_at, fmt::format("{} of \"{}\" reported: {}", to_text(report.operation),
                                           report.job, to_text(report.outcome)));
  if (report.reason) story.tell(std::string(wording::sentence(*report.reason)));
  story.tell(std::string(wording::sentence(run->verdict)));
  if (alert != nullptr) {
    story.tell(fmt::format("alert {}: {}", alert->id.value, headline_of(*alert, scene.rows)));
  }
  return Answer(Json{{"run", view_of(*run, scene.rows)},
                     {"alert", alert == nullptr ? Json() : view_of(*alert, scene.rows)},
                     {"story", story.lines()}});
}

}  // namespace vaultbell::api
