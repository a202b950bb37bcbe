#include "tests/scenarios/stage.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "shared/base/duration.hpp"
#include "shared/base/nearest.hpp"

namespace vaultbell::scenarios {

namespace {

constexpr Duration kStep = std::chrono::seconds(1);

std::string line_of(const support::Mail& mail) {
  return fmt::format("{} got \"{}\" at {}", mail.to, mail.text, to_iso(mail.at));
}

tl::unexpected<Error> not_understood(const std::vector<Word>& words) {
  std::string line;
  std::string hint;
  std::set<std::string> known;
  for (const auto& statement : Stage::statements()) {
    for (auto& keyword : statement.pattern.keywords()) known.insert(std::move(keyword));
  }
  const std::vector<std::string_view> keywords(known.begin(), known.end());
  for (const auto& word : words) {
    line += (line.empty() ? "" : " ") + (word.is_quoted ? '"' + word.text + '"' : word.text);
    if (hint.empty() && !word.is_quoted && !known.contains(word.text)) {
      hint = did_you_mean(word.text, keywords);
    }
  }
  std::string allowed;
  for (const auto& statement : Stage::statements()) {
    allowed += "\n  " + statement.pattern.form();
  }
  return fail(fmt::format("\"{}\" is no statement{}\nallowed are:{}", line, hint, allowed));
}

}  // namespace

Result<Instant> parse_time(std::string_view date, std::string_view time) {
  const auto instant =
      parse_iso(fmt::format("2026-{}T{}{}Z", date, time, time.size() == 5 ? ":00" : ""));
  if (!instant) {
    return fail(fmt::format("\"{} {}\" is not a time (example: 03-01 02:20)", date, time));
  }
  return *instant;
}

Result<Instant> Stage::time_of(const Match& match) const {
  const auto date = match.find("DATE");
  if (date != match.end()) return parse_time(date->second, match.at("TIME"));
  const auto today = to_iso(now()).substr(5, 5);
  auto time = parse_time(today, match.at("TIME"));
  if (time && *time <= now()) *time += std::chrono::hours(24);
  return time;
}

Status Stage::check_unexpected() {
  for (auto& mail : world_.take_mails()) mails_.push_back(std::move(mail));
  if (auto faults = world_.take_faults(); !faults.empty()) return fail(std::move(faults.front()));
  return {};
}

Status Stage::step(Duration duration) {
  if (auto ok = check_unexpected(); !ok) return ok;
  if (!mails_.empty()) return fail(line_of(mails_.front()) + ", which no line expects");
  world_.pass(duration);
  return check_unexpected();
}

Status Stage::advance(Instant until) {
  if (until < now()) return fail(fmt::format("{} is in the past", to_iso(until)));
  while (now() < until) {
    const auto next = planned_.empty() ? until : std::min(until, planned_.begin()->first);
    if (next > now()) {
      if (auto ok = step(std::min<Duration>(kStep, next - now())); !ok) return ok;
      continue;
    }
    const auto what = planned_.extract(planned_.begin());
    what.mapped()();
  }
  while (!planned_.empty() && planned_.begin()->first <= now()) {
    const auto what = planned_.extract(planned_.begin());
    what.mapped()();
  }
  return check_unexpected();
}

Status Stage::play(const std::vector<Word>& words) {
  for (const auto& statement : statements()) {
    if (const auto match = statement.pattern.match(words)) {
      if (auto ok = statement.carry_out(*this, *match); !ok) return ok;
      return check_unexpected();
    }
  }
  return not_understood(words);
}

// ---- what happens

struct Actions {
  using Settings = core::Settings;

  static Status set_vault(Stage& stage, const Match& match) {
    const auto policy = parse_enum<core::PolicyMode>("policy", match.at("POLICY"));
    if (!policy) return fail(policy.error());
    const auto id = stage.world_.vault(match.at("VAULT"), *policy);
    return done(stage.world_.order(core::SetPolicy{.holder = {.vault = id}, .policy = {*policy}}));
  }

  static Status add_client(Stage& stage, const Match& match) {
    auto& host = stage.world_.enrol(match.at("CLIENT"), match.at("VAULT"));
    stage.world_.connect(host);
    return {};
  }

  static Status set_owners(Stage& stage, const Match& match) {
    auto settings = stage.world_.settings();
    settings.owners.clear();
    const auto names = split(match.at("REST"));
    for (const auto& name : *names) {
      if (name.text != "nobody") settings.owners.push_back(name.text + "@example.org");
    }
    stage.world_.reconfigure(std::move(settings));
    return {};
  }

  // Sets a duration of the configuration.
  template <class Member>
  static auto set(Member member) {
    return [member](Stage& stage, const Match& match) -> Status {
      const auto duration = parse_duration(match.at("DURATION"));
      if (!duration) return fail(duration.error());
      auto settings = stage.world_.settings();
      member(settings) = *duration;
      stage.world_.reconfigure(std::move(settings));
      return {};
    };
  }

  static Status connect(Stage& stage, const Match& match) {
    stage.world_.connect(stage.host(match));
    return {};
  }

  static Status come_back(Stage& stage, const Match& match) {
    auto& host = stage.host(match);
    if (!host.is_up) return connect(stage, match);
    stage.world_.beat_again(host);
    return {};
  }

  static Status go_silent(Stage& stage, const Match& match) {
    stage.world_.go_silent(stage.host(match));
    return {};
  }

  static Status beat_until(Stage& stage, const Match& match) {
    const auto time = stage.time_of(match);
    if (!time) return fail(time.error());
    auto& host = stage.host(match);
    stage.at(*time, [&stage, &host] { stage.world_.go_silent(host); });
    return {};
  }

  static Status say_goodbye(Stage& stage, const Match& match) {
    auto reason = GoodbyeReason::stopped;
    if (const auto said = match.find("REASON"); said != match.end()) {
      const auto parsed = parse_enum<GoodbyeReason>("reason", said->second);
      if (!parsed) return fail(parsed.error());
      reason = *parsed;
    }
    stage.world_.say_goodbye(stage.host(match), reason);
    return {};
  }

  static Result<Operation> operation_of(const Match& match) {
    const auto said = match.find("OPERATION");
    return said == match.end() ? Operation::backup
                               : parse_enum<Operation>("operation", said->second);
  }

  static Status start(Stage& stage, const Match& match) {
    const auto operation = operation_of(match);
    if (!operation) return fail(operation.error());
    auto& host = stage.host(match);
    RunReport report = support::a_report(match.at("JOB")).of(*operation).started();
    report.run = support::uuid(800'000 + stage.started_.size());
    stage.started_[name_of_run(match, *operation)] = report.run;
    stage.world_.report(host, std::move(report));
    return {};
  }

  static Status report(Stage& stage, const Match& match) {
    const auto operation = operation_of(match);
    if (!operation) return fail(operation.error());
    const auto outcome = parse_enum<Outcome>("outcome", match.at("OUTCOME"));
    if (!outcome) return fail(outcome.error());
    RunReport report = support::a_report(match.at("JOB")).of(*operation).ended(*outcome);
    if (const auto said = match.find("REASON"); said != match.end()) {
      const auto reason = parse_enum<OutcomeReason>("reason", said->second);
      if (!reason) return fail(reason.error());
      report.reason = *reason;
    }
    if (const auto text = match.find("TEXT"); text != match.end()) report.message = text->second;
    const auto started = stage.started_.find(name_of_run(match, *operation));
    if (started != stage.started_.end()) {
      report.run = started->second;
      stage.started_.erase(started);
    }
    stage.world_.report(stage.host(match), std::move(report));
    return {};
  }

  static std::string name_of_run(const Match& match, Operation operation) {
    return match.at("CLIENT") + "/" + match.at("JOB") + "/" + std::string(to_text(operation));
  }

  static Status report_again(Stage& stage, const Match& match) {
    auto& host = stage.host(match);
    stage.world_.submit(core::ReportReceived{.client = host.client,
                                             .spool = host.spool,
                                             .sequence = host.sequence,
                                             .report = stage.world_.last_run().report});
    stage.world_.settle();
    return {};
  }

  static auto spool(bool is_full) {
    return [is_full](Stage& stage, const Match& match) -> Status {
      stage.world_.spool_full(stage.host(match), is_full);
      return {};
    };
  }

  static Status restart(Stage& stage, const Match&) {
    stage.world_.stop();
    stage.world_.start();
    stage.world_.settle();
    return {};
  }

  static Status stop_until(Stage& stage, const Match& match) {
    const auto time = stage.time_of(match);
    if (!time) return fail(time.error());
    stage.world_.stop();
    stage.at(*time, [&stage] {
      stage.world_.start();
      stage.world_.settle();
    });
    return {};
  }

  static Status suspend(Stage& stage, const Match& match) {
    const auto duration = parse_duration(match.at("DURATION"));
    if (!duration) return fail(duration.error());
    stage.world_.suspend(*duration);
    return {};
  }

  static Status step_clock(Stage& stage, const Match& match) {
    const auto& text = match.at("DURATION");
    const bool is_back = text.starts_with('-');
    const auto duration = parse_duration(is_back ? text.substr(1) : text);
    if (!duration) return fail(duration.error());
    stage.world_.step_clock(is_back ? -*duration : *duration);
    stage.world_.settle();
    return {};
  }

  static Status slow_disk(Stage& stage, const Match& match) {
    const auto duration = parse_duration(match.at("DURATION"));
    if (!duration) return fail(duration.error());
    const auto time = stage.time_of(match);
    if (!time) return fail(time.error());
    stage.world_.commits_take(*duration);
    stage.at(*time, [&stage] { stage.world_.commits_take(Duration::zero()); });
    return {};
  }

  static Status mail_down(Stage& stage, const Match& match) {
    const auto time = stage.time_of(match);
    if (!time) return fail(time.error());
    stage.world_.receivers.always(support::try_later("connection refused"));
    stage.at(*time, [&stage] { stage.world_.receivers.always({}); });
    return {};
  }

  static Status mail_hangs(Stage& stage, const Match&) {
    stage.world_.receivers.are_answering = false;
    return {};
  }

  static Status mail_answers(Stage& stage, const Match&) {
    stage.world_.receivers.are_answering = true;
    return {};
  }

  static Status mail_refuses(Stage& stage, const Match& match) {
    stage.world_.receivers.always(match.at("PERSON") + "@example.org", support::refusal());
    return {};
  }

  static Status mail_accepts(Stage& stage, const Match& match) {
    stage.world_.receivers.always(match.at("PERSON") + "@example.org", {});
    return {};
  }

  static Status mail_greylists(Stage& stage, const Match& match) {
    const auto& text = match.at("COUNT");
    if (text.find_first_not_of("0123456789") != std::string::npos || text.size() > 3) {
      return fail(fmt::format("\"{}\" is not a count", text));
    }
    stage.world_.receivers.next(match.at("PERSON") + "@example.org",
                                {std::stoul(text), support::try_later("450 greylisted")});
    return {};
  }

  static Status inactivate(Stage& stage, const Match& match) {
    const auto& rows = stage.world_.rows();
    const auto why = match.find("WHY");
    for (const auto& [id, alert] : rows.all<core::Alert>()) {
      if (alert.state == core::AlertState::inactive) continue;
      if (support::in_words(rows, alert) != match.at("ALERT")) continue;
      return done(stage.world_.order(
          core::InactivateAlert{.alert = id, .why = why == match.end() ? "" : why->second}));
    }
    return fail(fmt::format("there is no active alert \"{}\"", match.at("ALERT")));
  }

  static Status retry(Stage& stage, const Match& match);

  static Status done(const tl::expected<core::OrderDone, Error>& result) {
    if (!result) return fail(result.error());
    return {};
  }
};

// ---- what is expected

struct Expectations {
  static Status gets(Stage& stage, const Match& match) {
    const auto& person = match.at("PERSON");
    auto deadline = stage.now();
    if (const auto within = match.find("DURATION"); within != match.end()) {
      const auto duration = parse_duration(within->second);
      if (!duration) return fail(duration.error());
      deadline += *duration;
    }
    while (true) {
      const auto mail = std::find_if(
          stage.mails_.begin(), stage.mails_.end(),
          [&](const auto& one) { return one.to == person && one.text == match.at("TEXT"); });
      if (mail != stage.mails_.end()) {
        stage.mails_.erase(mail);
        return {};
      }
      if (stage.now() >= deadline) break;
      if (auto ok = stage.step(kStep); !ok) return ok;
    }
    std::string instead;
    for (const auto& mail : stage.mails_) instead += ", but " + line_of(mail);
    return fail(fmt::format("{} did not get \"{}\"{}", person, match.at("TEXT"), instead));
  }

  static Status nothing(Stage& stage, const Match&) {
    if (stage.mails_.empty()) return {};
    return fail(line_of(stage.mails_.front()));
  }

  static Status alerts(Stage& stage, const Match& match) {
    std::string active;
    for (const auto& alert : stage.world_.alerts()) active += (active.empty() ? "" : ", ") + alert;
    if (active.empty()) active = "none";
    if (active == match.at("REST")) return {};
    return fail(fmt::format("the active alerts are: {}", active));
  }

  static Status client_is(Stage& stage, const Match& match) {
    const auto wanted = parse_enum<core::ClientState>("state", match.at("STATE"));
    if (!wanted) return fail(wanted.error());
    const auto state = stage.world_.client(stage.host(match)).state;
    if (state == *wanted) return {};
    return fail(fmt::format("{} is {}", match.at("CLIENT"), to_text(state)));
  }

  static Status all_sent(Stage& stage, const Match& match) {
    const auto count = stage.host(match).kept.size();
    if (count == 0) return {};
    return fail(fmt::format("{} still keeps {} reports", match.at("CLIENT"), count));
  }

  static Status run_is(Stage& stage, const Match& match) {
    const auto wanted = parse_enum<core::RunVerdict>("verdict", match.at("VERDICT"));
    if (!wanted) return fail(wanted.error());
    const auto verdict = stage.world_.last_run().verdict;
    if (verdict == *wanted) return {};
    return fail(fmt::format("the last run is {}", to_text(verdict)));
  }

  static Status decision_is(Stage& stage, const Match& match) {
    const auto wanted = parse_enum<core::NotifyReason>("decision", match.at("DECISION"));
    if (!wanted) return fail(wanted.error());
    const auto& rows = stage.world_.rows();
    std::string found = "there is no such alert";
    for (const auto& [id, alert] : rows.all<core::Alert>()) {
      if (support::in_words(rows, alert) != match.at("ALERT")) continue;
      found = alert.decision ? std::string(to_text(alert.decision->reason)) : "it is still held";
    }
    if (found == match.at("DECISION")) return {};
    return fail(found);
  }

  static const core::Notification* notification(Stage& stage, const Match& match) {
    const auto& rows = stage.world_.rows();
    const core::Notification* last = nullptr;
    for (const auto& [id, row] : rows.all<core::Notification>()) {
      const bool is_it = support::person(row.recipient) == match.at("PERSON") &&
                         support::mail_text(rows, row) == match.at("TEXT");
      if (is_it) last = &row;
    }
    return last;
  }

  static Status ended(Stage& stage, const Match& match) {
    const auto wanted = parse_enum<core::EndReason>("reason", match.at("REASON"));
    if (!wanted) return fail(wanted.error());
    const auto* row = notification(stage, match);
    if (row == nullptr) return fail("there is no such notification");
    if (row->end_reason == *wanted) return {};
    return fail(row->end_reason ? "it ended: " + std::string(to_text(*row->end_reason))
                                : "it has not ended");
  }
};

Status Actions::retry(Stage& stage, const Match& match) {
  const auto* row = Expectations::notification(stage, match);
  if (row == nullptr) return fail("there is no such notification");
  return done(stage.world_.order(core::RetryDelivery{*row}));
}

namespace {

std::vector<Stage::Statement> settings() {
  return {
      {Pattern("vault VAULT POLICY"), "make a vault, or change its policy: default or off",
       Actions::set_vault},
      {Pattern("client CLIENT in VAULT"), "enrol a host in this vault and connect it",
       Actions::add_client},
      {Pattern("owners REST"), "the owners are these people, or nobody", Actions::set_owners},
      {Pattern("notify_after DURATION"), "the configuration is read again, with this hold",
       Actions::set([](auto& settings) -> Duration& { return settings.notify_after; })},
      {Pattern("heartbeat_every DURATION"), "the same for the time between heartbeats",
       Actions::set([](auto& settings) -> Duration& { return settings.timing.heartbeat_every; })},
      {Pattern("disconnect_after DURATION"), "the same for the silence that is a disconnect",
       Actions::set([](auto& settings) -> Duration& { return settings.timing.disconnect_after; })},
      {Pattern("offline_grace DURATION"), "the same for the time a client may stay offline",
       Actions::set([](auto& settings) -> Duration& { return settings.timing.offline_grace; })},
  };
}

std::vector<Stage::Statement> happenings() {
  return {
      {Pattern("CLIENT connects"), "its agent says hello on a new connection", Actions::connect},
      {Pattern("CLIENT goes silent"), "nothing from it arrives any more", Actions::go_silent},
      {Pattern("CLIENT beats until [DATE] TIME"), "it goes silent then", Actions::beat_until},
      {Pattern("CLIENT comes back"), "what it sends arrives again, its agent runs again",
       Actions::come_back},
      {Pattern("CLIENT says goodbye [REASON]"), "its agent stops, with a goodbye",
       Actions::say_goodbye},
      {Pattern("CLIENT starts [OPERATION of] JOB"),
       "a run begins; the next report of it is its end", Actions::start},
      {Pattern("CLIENT reports [OPERATION of] JOB OUTCOME [because REASON] [\"TEXT\"]"),
       "a run (of a backup) has ended", Actions::report},
      {Pattern("CLIENT sends its last report again"), "as if the acknowledgement had been lost",
       Actions::report_again},
      {Pattern("the spool of CLIENT is full"), "its agent refuses reports", Actions::spool(true)},
      {Pattern("the spool of CLIENT has space"), "it takes them again", Actions::spool(false)},
      {Pattern("aggregator restarts"), "as after a power cut", Actions::restart},
      {Pattern("aggregator is down until [DATE] TIME"), "it does not run until then",
       Actions::stop_until},
      {Pattern("aggregator is suspended for DURATION"), "its machine sleeps: both clocks go on",
       Actions::suspend},
      {Pattern("wall clock steps by DURATION"), "forwards, or with \"-\" backwards",
       Actions::step_clock},
      {Pattern("commits take DURATION until [DATE] TIME"), "a slow disk", Actions::slow_disk},
      {Pattern("mail server is down until [DATE] TIME"), "it cannot be reached",
       Actions::mail_down},
      {Pattern("mail server hangs"), "it answers no delivery any more", Actions::mail_hangs},
      {Pattern("mail server answers again"), "new deliveries, that is", Actions::mail_answers},
      {Pattern("mail server refuses PERSON"), "for good, with 550", Actions::mail_refuses},
      {Pattern("mail server accepts PERSON"), "again", Actions::mail_accepts},
      {Pattern("mail server greylists PERSON COUNT times"), "with 450", Actions::mail_greylists},
      {Pattern("operator inactivates \"ALERT\" [because \"WHY\"]"), "the active alert of this name",
       Actions::inactivate},
      {Pattern("operator sends \"TEXT\" to PERSON again"), "a notification that was given up",
       Actions::retry},
  };
}

std::vector<Stage::Statement> expectations() {
  return {
      {Pattern("PERSON gets \"TEXT\" [within DURATION]"), "exactly one mail, now or until then",
       Expectations::gets},
      {Pattern("nothing sent"), "since the last line", Expectations::nothing},
      {Pattern("nothing else was sent"), "the last line of every scenario, at \"end\"",
       Expectations::nothing},
      {Pattern("alerts: REST"), "the active alerts, separated by commas; or none",
       Expectations::alerts},
      {Pattern("CLIENT is STATE"), "online, offline or disconnected", Expectations::client_is},
      {Pattern("CLIENT has sent everything"), "its agent keeps no report", Expectations::all_sent},
      {Pattern("last run is VERDICT"), "what the run reported last meant for alerts",
       Expectations::run_is},
      {Pattern("decision on \"ALERT\" is DECISION"), "why its recipients were told or not",
       Expectations::decision_is},
      {Pattern("\"TEXT\" to PERSON ended REASON"), "why the notification ended",
       Expectations::ended},
  };
}

}  // namespace

const std::vector<Stage::Statement>& Stage::statements() {
  static const std::vector<Statement> all = [] {
    auto statements = settings();
    for (const auto& more : {happenings(), expectations()}) {
      statements.insert(statements.end(), more.begin(), more.end());
    }
    return statements;
  }();
  return all;
}

}  // namespace vaultbell::scenarios
