// Clients, and what their agents send.
#include <fmt/format.h>

#include "tests/scenarios/statements.hpp"

namespace vaultbell::scenarios {

namespace {

// ---- the connection

void return_to_network(Stage& stage, support::Host& host) {
  if (host.is_up) return stage.world().beat_again(host);
  stage.world().connect(host);
}

Status connect(Stage& stage, const Match& match) {
  stage.world().connect(stage.host(match));
  return {};
}

Status come_back(Stage& stage, const Match& match) {
  return_to_network(stage, stage.host(match));
  return {};
}

Status go_silent(Stage& stage, const Match& match) {
  stage.world().go_silent(stage.host(match));
  return {};
}

template <class Act>
auto each_of_them(Act act) {
  return [act](Stage& stage, const Match& match) -> Status {
    const auto names = names_from(match.at("FIRST"), match.at("LAST"));
    if (!names) return fail(names.error());
    for (const auto& name : *names) act(stage, stage.world().host(name));
    return {};
  };
}

Status beat_until(Stage& stage, const Match& match) {
  const auto time = stage.time_of(match);
  if (!time) return fail(time.error());
  auto& host = stage.host(match);
  stage.plan(*time, [&stage, &host] { stage.world().go_silent(host); });
  return {};
}

Status say_goodbye(Stage& stage, const Match& match) {
  auto reason = GoodbyeReason::stopped;
  if (match.contains("REASON")) {
    const auto said = word_in<GoodbyeReason>(match, "REASON", "reason");
    if (!said) return fail(said.error());
    reason = *said;
  }
  stage.world().say_goodbye(stage.host(match), reason);
  return {};
}

// ---- reports

Result<Operation> operation_of(const Match& match) {
  if (!match.contains("OPERATION")) return Operation::backup;
  return word_in<Operation>(match, "OPERATION", "operation");
}

std::string name_of_run(const Match& match, Operation operation) {
  return match.at("CLIENT") + "/" + match.at("JOB") + "/" + std::string(to_text(operation));
}

Status start(Stage& stage, const Match& match) {
  const auto operation = operation_of(match);
  if (!operation) return fail(operation.error());
  RunReport report = support::a_report(match.at("JOB")).of(*operation).started();
  report.run = support::uuid(800'000 + stage.open_runs().size());
  stage.open_runs()[name_of_run(match, *operation)] = report.run;
  stage.world().report(stage.host(match), std::move(report));
  return {};
}

// What is said of the run in brackets.
Status add_details(const Stage& stage, RunReport& report, const Match& match) {
  if (match.contains("REASON")) {
    const auto reason = word_in<OutcomeReason>(match, "REASON", "reason");
    if (!reason) return fail(reason.error());
    report.reason = *reason;
  }
  if (match.contains("DURATION")) {
    const auto duration = duration_in(match);
    if (!duration) return fail(duration.error());
    report.started_at = stage.now() - *duration;
    report.ended_at = stage.now();
  }
  if (const auto size = match.find("SIZE"); size != match.end()) {
    const auto bytes = parse_size(size->second);
    if (!bytes) return fail(bytes.error());
    report.statistics.bytes_total = *bytes;
  }
  if (const auto text = match.find("TEXT"); text != match.end()) report.message = text->second;
  return {};
}

Status report(Stage& stage, const Match& match) {
  const auto operation = operation_of(match);
  if (!operation) return fail(operation.error());
  const auto outcome = word_in<Outcome>(match, "OUTCOME", "outcome");
  if (!outcome) return fail(outcome.error());
  RunReport report = support::a_report(match.at("JOB")).of(*operation).ended(*outcome);
  if (auto ok = add_details(stage, report, match); !ok) return ok;
  const auto started = stage.open_runs().extract(name_of_run(match, *operation));
  if (!started.empty()) report.run = started.mapped();
  stage.world().report(stage.host(match), std::move(report));
  return {};
}

Status report_again(Stage& stage, const Match& match) {
  auto& host = stage.host(match);
  stage.world().submit(core::ReportReceived{.client = host.client,
                                            .spool = host.spool,
                                            .sequence = host.sequence,
                                            .report = stage.world().last_run().report});
  stage.world().settle();
  return {};
}

Status set_up_anew(Stage& stage, const Match& match) {
  stage.world().set_up_anew(stage.host(match));
  return {};
}

template <bool is_full>
Status spool(Stage& stage, const Match& match) {
  stage.world().spool_full(stage.host(match), is_full);
  return {};
}

}  // namespace

Statements hosts() {
  return {
      {Pattern("CLIENT connects"), "its agent says hello on a new connection", connect},
      {Pattern("CLIENT goes silent"), "nothing from it arrives any more", go_silent},
      {Pattern("FIRST to LAST go silent"), "web1 to web5, at the same moment",
       each_of_them([](Stage& stage, support::Host& host) { stage.world().go_silent(host); })},
      {Pattern("CLIENT beats until [DATE] TIME"), "it goes silent then", beat_until},
      {Pattern("CLIENT comes back"), "what it sends arrives again, its agent runs again",
       come_back},
      {Pattern("FIRST to LAST come back"), "the same of several", each_of_them(return_to_network)},
      {Pattern("CLIENT is set up anew"),
       "its disk was lost; it enrols with a token for this client, and does not connect yet",
       set_up_anew},
      {Pattern("CLIENT says goodbye [REASON]"), "its agent stops, with a goodbye", say_goodbye},
      {Pattern("CLIENT starts [OPERATION of] JOB"),
       "a run begins; the next report of it is its end", start},
      {Pattern("CLIENT reports [OPERATION of] JOB OUTCOME [after DURATION] [with SIZE] "
               "[because REASON] [\"TEXT\"]"),
       "a run (of a backup) has ended; SIZE is its bytes in total", report},
      {Pattern("CLIENT sends its last report again"), "as if the acknowledgement had been lost",
       report_again},
      {Pattern("the spool of CLIENT is full"), "its agent refuses reports", spool<true>},
      {Pattern("the spool of CLIENT has space"), "it takes them again", spool<false>},
  };
}

}  // namespace vaultbell::scenarios
