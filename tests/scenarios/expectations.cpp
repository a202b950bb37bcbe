#include "tests/scenarios/expectations.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tests/scenarios/statements.hpp"

namespace vaultbell::scenarios {

namespace {

Status gets(Stage& stage, const Match& match) {
  const auto& person = match.at("PERSON");
  auto deadline = stage.now();
  if (match.contains("DURATION")) {
    const auto duration = duration_in(match);
    if (!duration) return fail(duration.error());
    deadline += *duration;
  }
  auto& mails = stage.unexpected();
  while (true) {
    const auto mail = std::ranges::find_if(
        mails, [&](const auto& one) { return one.to == person && one.text == match.at("TEXT"); });
    if (mail != mails.end()) {
      mails.erase(mail);
      return {};
    }
    if (stage.now() >= deadline) break;
    if (auto ok = stage.step(std::chrono::seconds(1)); !ok) return ok;
  }
  std::string instead;
  for (const auto& mail : mails) instead += ", but " + line_of(mail);
  return fail(fmt::format("{} did not get \"{}\"{}", person, match.at("TEXT"), instead));
}

Status nothing(Stage& stage, const Match&) {
  if (stage.unexpected().empty()) return {};
  return fail(line_of(stage.unexpected().front()));
}

Status alerts(Stage& stage, const Match& match) {
  std::string active;
  for (const auto& alert : stage.world().alerts()) active += (active.empty() ? "" : ", ") + alert;
  if (active.empty()) active = "none";
  if (active == match.at("REST")) return {};
  return fail(fmt::format("the active alerts are: {}", active));
}

Status alert_is(Stage& stage, const Match& match) {
  const auto wanted = word_in<core::AlertState>(match, "STATE", "state");
  if (!wanted) return fail(wanted.error());
  const auto alert = last_alert(stage, match.at("ALERT"));
  if (!alert) return fail(alert.error());
  if (alert->state == *wanted) return {};
  return fail(fmt::format("it is {}", to_text(alert->state)));
}

Status alert_flaps(Stage& stage, const Match& match) {
  const auto alert = last_alert(stage, match.at("ALERT"));
  if (!alert) return fail(alert.error());
  if (alert->is_flapping) return {};
  return fail("it is not flapping");
}

Status alert_says(Stage& stage, const Match& match) {
  const auto alert = last_alert(stage, match.at("ALERT"));
  if (!alert) return fail(alert.error());
  if (alert->message.find(match.at("TEXT")) != std::string::npos) return {};
  return fail(fmt::format("it says \"{}\"", alert->message));
}

Status client_is(Stage& stage, const Match& match) {
  const auto wanted = word_in<core::ClientState>(match, "STATE", "state");
  if (!wanted) return fail(wanted.error());
  const auto state = stage.world().client(stage.host(match)).state;
  if (state == *wanted) return {};
  return fail(fmt::format("{} is {}", match.at("CLIENT"), to_text(state)));
}

Status all_sent(Stage& stage, const Match& match) {
  const auto count = stage.host(match).kept.size();
  if (count == 0) return {};
  return fail(fmt::format("{} still keeps {} reports", match.at("CLIENT"), count));
}

Status run_is(Stage& stage, const Match& match) {
  const auto wanted = word_in<core::RunVerdict>(match, "VERDICT", "verdict");
  if (!wanted) return fail(wanted.error());
  const auto verdict = stage.world().last_run().verdict;
  if (verdict == *wanted) return {};
  return fail(fmt::format("the last run is {}", to_text(verdict)));
}

Status decision_is(Stage& stage, const Match& match) {
  const auto wanted = word_in<core::NotifyReason>(match, "DECISION", "decision");
  if (!wanted) return fail(wanted.error());
  const auto alert = last_alert(stage, match.at("ALERT"));
  if (!alert) return fail(alert.error());
  if (!alert->decision) return fail("it is still held");
  if (alert->decision->reason == *wanted) return {};
  return fail(std::string(to_text(alert->decision->reason)));
}

Status ended(Stage& stage, const Match& match) {
  const auto wanted = word_in<core::EndReason>(match, "REASON", "reason");
  if (!wanted) return fail(wanted.error());
  const auto row = last_notification(stage, match.at("PERSON"), match.at("TEXT"));
  if (!row) return fail(row.error());
  if (row->end_reason == *wanted) return {};
  return fail(row->end_reason ? "it ended: " + std::string(to_text(*row->end_reason))
                              : "it has not ended");
}

}  // namespace

Result<core::Alert> last_alert(Stage& stage, const std::string& words) {
  const auto& rows = stage.world().rows();
  const auto& alerts = rows.all<core::Alert>();
  for (auto entry = alerts.rbegin(); entry != alerts.rend(); ++entry) {
    if (support::in_words(rows, entry->second) == words) return entry->second;
  }
  return fail(fmt::format("there is no alert \"{}\"", words));
}

Result<AlertId> active_alert(Stage& stage, const std::string& words) {
  const auto alert = last_alert(stage, words);
  if (alert && alert->state != core::AlertState::inactive) return alert->id;
  return fail(fmt::format("there is no active alert \"{}\"", words));
}

Result<core::Notification> last_notification(Stage& stage, const std::string& person,
                                             const std::string& text) {
  const auto& rows = stage.world().rows();
  const auto& notifications = rows.all<core::Notification>();
  for (auto entry = notifications.rbegin(); entry != notifications.rend(); ++entry) {
    const auto& row = entry->second;
    const bool is_it =
        support::person(row.recipient) == person && support::mail_text(rows, row) == text;
    if (is_it) return row;
  }
  return fail("there is no such notification");
}

Statements expectations() {
  return {
      {Pattern("PERSON gets \"TEXT\" [within DURATION]"), "exactly one mail, now or until then",
       gets},
      {Pattern("nothing sent"), "since the last line", nothing},
      {Pattern("nothing else was sent"), "the last line of every scenario, at \"end\"", nothing},
      {Pattern("alerts: REST"), "the active alerts, separated by commas; or none", alerts},
      {Pattern("\"ALERT\" is flapping"), "the newest alert of this name", alert_flaps},
      {Pattern("\"ALERT\" is STATE"), "active, acknowledged or inactive", alert_is},
      {Pattern("\"ALERT\" says \"TEXT\""), "its message has this in it", alert_says},
      {Pattern("CLIENT is STATE"), "invited, online, offline, disconnected or retired", client_is},
      {Pattern("CLIENT has sent everything"), "its agent keeps no report", all_sent},
      {Pattern("last run is VERDICT"), "what the run reported last meant for alerts", run_is},
      {Pattern("decision on \"ALERT\" is DECISION"), "why its recipients were told or not",
       decision_is},
      {Pattern("\"TEXT\" to PERSON ended REASON"), "why the notification ended", ended},
  };
}

}  // namespace vaultbell::scenarios
