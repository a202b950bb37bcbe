#include "tests/scenarios/phrases.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tests/scenarios/statements.hpp"

namespace vaultbell::scenarios {

namespace {

// ---- policies

using core::Policy;

// Contacts and groups by their names.
Result<core::Audience> audience_of(Stage& stage, const std::string& text) {
  const auto& state = stage.world().state();
  core::Audience audience;
  for (const auto& name : names_in(text)) {
    const auto contact = state.contact_by_name.find(name);
    const auto group = state.group_by_name.find(name);
    if (contact != state.contact_by_name.end()) {
      audience.contacts.push_back(contact->second);
    } else if (group != state.group_by_name.end()) {
      audience.groups.push_back(group->second);
    } else {
      return fail(fmt::format("there is no contact and no group \"{}\"", name));
    }
  }
  std::ranges::sort(audience.contacts);
  std::ranges::sort(audience.groups);
  return audience;
}

Status say_mode(Stage&, Policy& policy, const Match& match) {
  const auto mode = word_in<core::PolicyMode>(match, "POLICY", "policy");
  if (!mode) return fail(mode.error());
  policy.mode = *mode;
  return {};
}

Status say_custom(Stage& stage, Policy& policy, const Match& match) {
  auto audience = audience_of(stage, match.at("REST"));
  if (!audience) return fail(audience.error());
  policy.mode = core::PolicyMode::custom;
  policy.audience = std::move(*audience);
  return {};
}

Status say_severity(Stage&, Policy& policy, const Match& match) {
  const auto severity = word_in<core::Severity>(match, "SEVERITY", "severity");
  if (!severity) return fail(severity.error());
  policy.least_severity = *severity;
  return {};
}

Status say_kinds(Stage&, Policy& policy, const Match& match) {
  for (const auto& name : names_in(match.at("REST"))) {
    const auto kind = parse_enum<core::AlertKind>("kind", name);
    if (!kind) return fail(kind.error());
    policy.kinds.push_back(*kind);
  }
  std::ranges::sort(policy.kinds);
  return {};
}

Status say_hold(Stage&, Policy& policy, const Match& match) {
  const auto hold = duration_in(match);
  if (!hold) return fail(hold.error());
  if (!match.contains("KIND")) {
    policy.notify_after = *hold;
    return {};
  }
  const auto kind = word_in<core::AlertKind>(match, "KIND", "kind");
  if (!kind) return fail(kind.error());
  policy.notify_after_by_kind.push_back({*kind, *hold});
  std::ranges::sort(policy.notify_after_by_kind, {}, &core::KindHold::kind);
  return {};
}

template <core::Frequency frequency>
Status say_frequency(Stage&, Policy& policy, const Match&) {
  policy.frequency = frequency;
  return {};
}

Status say_reminders(Stage&, Policy& policy, const Match& match) {
  const auto every = duration_in(match);
  if (!every) return fail(every.error());
  policy.remind_every = *every;
  return {};
}

Status say_escalation(Stage& stage, Policy& policy, const Match& match) {
  const auto after = duration_in(match);
  if (!after) return fail(after.error());
  auto audience = audience_of(stage, match.at("REST"));
  if (!audience) return fail(audience.error());
  policy.escalate_after = *after;
  policy.escalation = std::move(*audience);
  return {};
}

template <bool do_critical_pass>
Status say_quiet(Stage&, Policy& policy, const Match& match) {
  const auto hours = parse_daily_hours(match.at("FROM") + "-" + match.at("UNTIL"));
  if (!hours) return fail(hours.error());
  policy.quiet = core::QuietHours{*hours, match.at("ZONE"), do_critical_pass};
  return {};
}

Status say_no_recoveries(Stage&, Policy& policy, const Match&) {
  policy.tells_recovery = false;
  return {};
}

// ---- jobs

std::string cron_in(const Match& match) {
  return fmt::format("{} {} {} {} {}", match.at("MINUTE"), match.at("HOUR"), match.at("DAY"),
                     match.at("MONTH"), match.at("WEEKDAY"));
}

// Sets a duration of the schedule or of the job.
template <class Member>
auto say_duration(Member member) {
  return [member](Stage&, JobSettings& job, const Match& match) -> Status {
    const auto duration = duration_in(match);
    if (!duration) return fail(duration.error());
    member(job) = *duration;
    return {};
  };
}

Schedule& schedule_of(JobSettings& job) {
  if (!job.schedule) job.schedule.emplace();
  return *job.schedule;
}

Status say_cron(Stage&, JobSettings& job, const Match& match) {
  schedule_of(job).cron = cron_in(match);
  schedule_of(job).zone = match.at("ZONE");
  return {};
}

Status say_tolerated(Stage&, JobSettings& job, const Match& match) {
  const auto count = count_in(match);
  if (!count) return fail(count.error());
  job.tolerate_failures = static_cast<std::uint32_t>(*count);
  return {};
}

Status say_warning(Stage&, JobSettings& job, const Match& match) {
  const auto outcome = word_in<Outcome>(match, "OUTCOME", "outcome");
  if (!outcome) return fail(outcome.error());
  job.warning_counts_as = *outcome;
  return {};
}

Status say_no_bands(Stage&, JobSettings& job, const Match&) {
  job.has_bands = false;
  return {};
}

// ---- maintenances

using core::StartMaintenance;

Status about_vault(Stage& stage, StartMaintenance& order, const Match& match) {
  order.scope.vault = stage.world().vault(match.at("VAULT"));
  return {};
}

Status about_client(Stage& stage, StartMaintenance& order, const Match& match) {
  order.scope.client = stage.host(match).client;
  return {};
}

Status about_job(Stage& stage, StartMaintenance& order, const Match& match) {
  const auto& jobs = stage.world().state().job_by_name;
  const auto job = jobs.find({stage.host(match).client, match.at("JOB")});
  if (job == jobs.end()) return fail(fmt::format("there is no job \"{}\"", match.at("JOB")));
  order.scope.job = job->second;
  return {};
}

Status about_kind(Stage&, StartMaintenance& order, const Match& match) {
  const auto kind = word_in<core::AlertKind>(match, "KIND", "kind");
  if (!kind) return fail(kind.error());
  order.scope.kind = *kind;
  return {};
}

template <auto member>
Status say_time(Stage& stage, StartMaintenance& order, const Match& match) {
  const auto time = stage.time_of(match);
  if (!time) return fail(time.error());
  order.*member = *time;
  return {};
}

Status say_recurrence(Stage&, StartMaintenance& order, const Match& match) {
  const auto length = duration_in(match);
  if (!length) return fail(length.error());
  order.recurrence = core::Recurrence{cron_in(match), match.at("ZONE"), *length};
  return {};
}

}  // namespace

const std::vector<Phrase<core::Policy>>& policy_phrases() {
  static const std::vector<Phrase<core::Policy>> all = {
      {Pattern("custom to REST"), "these contacts and groups are told", say_custom},
      {Pattern("at least SEVERITY"), "less severe alerts tell nobody", say_severity},
      {Pattern("only REST"), "alerts of other kinds tell nobody", say_kinds},
      {Pattern("notify_after DURATION [for KIND]"), "its own hold", say_hold},
      {Pattern("hourly"), "in digests", say_frequency<core::Frequency::hourly>},
      {Pattern("daily"), "in digests", say_frequency<core::Frequency::daily>},
      {Pattern("remind_every DURATION"), "until somebody has acknowledged the alert",
       say_reminders},
      {Pattern("escalate_after DURATION to REST"), "then these are told as well", say_escalation},
      {Pattern("quiet FROM to UNTIL in ZONE"), "critical alerts pass", say_quiet<true>},
      {Pattern("silent FROM to UNTIL in ZONE"), "no alert passes", say_quiet<false>},
      {Pattern("without recoveries"), "that an alert is over is not told", say_no_recoveries},
      {Pattern("POLICY"), "off, default or (of a client) same_as_vault", say_mode},
  };
  return all;
}

const std::vector<Phrase<JobSettings>>& job_phrases() {
  static const std::vector<Phrase<JobSettings>> all = {
      {Pattern("every DURATION"), "its schedule",
       say_duration([](auto& job) -> auto& { return schedule_of(job).every; })},
      {Pattern("cron MINUTE HOUR DAY MONTH WEEKDAY in ZONE"), "its schedule", say_cron},
      {Pattern("grace DURATION"), "how late it may start",
       say_duration([](auto& job) -> auto& { return schedule_of(job).grace; })},
      {Pattern("max_age DURATION"), "of its last good run",
       say_duration([](auto& job) -> auto& { return job.max_age; })},
      {Pattern("max_duration DURATION"), "of a run",
       say_duration([](auto& job) -> auto& { return job.max_duration; })},
      {Pattern("verify_every DURATION"), "time between good verifications",
       say_duration([](auto& job) -> auto& { return job.verify_every; })},
      {Pattern("tolerate_failures COUNT"), "in a row", say_tolerated},
      {Pattern("warning_counts_as OUTCOME"), "failed or succeeded", say_warning},
      {Pattern("without bands"), "unusual runs are no alerts", say_no_bands},
  };
  return all;
}

const std::vector<Phrase<core::StartMaintenance>>& maintenance_phrases() {
  static const std::vector<Phrase<core::StartMaintenance>> all = {
      {Pattern("of vault VAULT"), "what it covers", about_vault},
      {Pattern("of client CLIENT"), "what it covers", about_client},
      {Pattern("of JOB on CLIENT"), "what it covers", about_job},
      {Pattern("of KIND"), "what it covers", about_kind},
      {Pattern("from [DATE] TIME"), "without it: from now on", say_time<&StartMaintenance::from>},
      {Pattern("until [DATE] TIME"), "its end", say_time<&StartMaintenance::until>},
      {Pattern("cron MINUTE HOUR DAY MONTH WEEKDAY in ZONE for DURATION"), "it comes again",
       say_recurrence},
  };
  return all;
}

Result<std::vector<std::vector<Word>>> split_phrases(std::string_view text) {
  std::vector<std::vector<Word>> phrases;
  while (!text.empty()) {
    const auto end = std::min(text.find(", "), text.size());
    auto words = split(text.substr(0, end));
    if (!words) return fail(words.error());
    phrases.push_back(std::move(*words));
    text.remove_prefix(std::min(end + 2, text.size()));
  }
  return phrases;
}

tl::unexpected<Error> not_a_phrase(const std::vector<Word>& words, std::string_view of,
                                   const std::vector<std::string>& forms) {
  std::string said;
  for (const auto& word : words) said += (said.empty() ? "" : " ") + word.text;
  std::string allowed;
  for (const auto& form : forms) allowed += "\n  " + form;
  return fail(fmt::format("\"{}\" says nothing of {}\nallowed are:{}", said, of, allowed));
}

}  // namespace vaultbell::scenarios
