#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::ctl {

namespace {

using Columns = std::vector<Column>;

tl::unexpected<Failure> failed(const Failure& failure) {
  return tl::unexpected<Failure>(failure);
}

// Prints the fields of one object and, for people, what belongs under them.
Expected<ExitCode> show(Session& session, const std::string& path, const Columns& fields,
                        void (*and_more)(const Session&, const Json&) = nullptr) {
  const auto object = session.api().get(path);
  if (!object) return failed(object.error());
  session.print_fields(*object, fields);
  if (and_more != nullptr && !session.manner().is_json()) and_more(session, *object);
  return ExitCode::done;
}

// A list inside the object, as a table under a title; nothing where it is empty.
void print_inner(const Session& session, const Json& list, std::string_view title,
                 const Columns& columns) {
  if (!list.is_array() || list.empty()) return;
  session.print(fmt::format("\n{}\n", title));
  const std::vector<Json> items(list.begin(), list.end());
  session.print(table_of(items, columns, session.manner()));
}

const Columns& attempt_columns() {
  static const Columns kColumns = {{"attempt", "number", Kind::number},
                                   {"result", "result"},
                                   {"started_at", "started_at", Kind::time},
                                   {"latency", "latency", Kind::duration},
                                   {"answer", "answer"}};
  return kColumns;
}

void print_alerts(const Session& session, const Json& client) {
  print_inner(session, at(client, "alerts"), "active alerts",
              {{"id", "id", Kind::number},
               {"severity", "severity", Kind::word},
               {"headline", "headline"},
               {"since", "first_at", Kind::time},
               {"notifies_at", "notifies_at", Kind::time}});
}

void print_attempts(const Session& session, const Json& delivery) {
  print_inner(session, at(delivery, "attempts"), "attempts", attempt_columns());
}

void print_deliveries(const Session& session, const Json& alert) {
  print_inner(session, at(alert, "deliveries"), "deliveries",
              {{"id", "id", Kind::number},
               {"state", "state", Kind::word},
               {"event", "event"},
               {"to", "address"},
               {"why", "why"},
               {"attempts", "attempt_count", Kind::number},
               {"created_at", "created_at", Kind::time},
               {"last_answer", "last_answer"}});
}

// The end of what the tool printed, line by line: each harmless, none cut.
void print_output(const Session& session, const Json& run) {
  const auto output = text_at(run, "output");
  if (output.empty()) return;
  session.print("\noutput\n");
  std::string_view rest = output;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    session.print(fmt::format("  {}\n", one_line(rest.substr(0, end))));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

void print_story(const Session& session, const Json& answer) {
  auto exact = session.manner();
  if (exact.format == Format::table) exact.format = Format::wide;
  for (const auto& moment : at(answer, "story")) {
    const auto when = shown(at(moment, "at"), Kind::time, exact);
    const auto what = shown(at(moment, "what"), Kind::text, session.manner());
    session.print(session.manner().format == Format::tsv ? fmt::format("{}\t{}\n", when, what)
                                                         : fmt::format("{}  {}\n", when, what));
  }
}

Expected<ExitCode> tell_story(Session& session, const std::string& path) {
  const auto answer = session.api().get(path);
  if (!answer) return failed(answer.error());
  if (session.manner().is_json()) {
    session.print_json(*answer);
  } else {
    print_story(session, *answer);
  }
  return ExitCode::done;
}

}  // namespace

Expected<ExitCode> show_client(Session& session) {
  return show(session, path_of({"clients", session.argument(0)}),
              {{"name", "name"},
               {"state", "state", Kind::word},
               {"state_since", "state_since", Kind::time},
               {"last_heard", "last_heard", Kind::time},
               {"goodbye", "goodbye"},
               {"vault", "vault"},
               {"policy", "policy"},
               {"active_alerts", "active_alerts"},
               {"heartbeat_every", "timing.heartbeat_every"},
               {"disconnect_after", "timing.disconnect_after"},
               {"offline_grace", "timing.offline_grace"},
               {"address", "address"},
               {"hostname", "hostname"},
               {"os", "os"},
               {"agent_version", "agent_version"},
               {"clock_skew", "clock_skew"},
               {"fingerprint", "fingerprint"},
               {"created_at", "created_at", Kind::time}},
              print_alerts);
}

Expected<ExitCode> show_vault(Session& session) {
  return show(session, path_of({"vaults", session.argument(0)}),
              {{"name", "name"},
               {"policy", "policy"},
               {"online", "clients.online"},
               {"disconnected", "clients.disconnected"},
               {"offline", "clients.offline"},
               {"invited", "clients.invited"},
               {"heartbeat_every", "timing.heartbeat_every"},
               {"disconnect_after", "timing.disconnect_after"},
               {"offline_grace", "timing.offline_grace"},
               {"created_at", "created_at", Kind::time}});
}

Expected<ExitCode> show_job(Session& session) {
  return show(session, path_of({"clients", session.argument(0), "jobs", session.argument(1)}),
              {{"client", "client"},
               {"name", "name"},
               {"tool", "tool"},
               {"last_outcome", "last_outcome", Kind::word},
               {"last_operation", "last_operation"},
               {"last_run", "last_run"},
               {"last_run_at", "last_run_at", Kind::time},
               {"last_good_at", "last_good_at", Kind::time},
               {"created_at", "created_at", Kind::time}});
}

Expected<ExitCode> show_run(Session& session) {
  return show(session, path_of({"runs", session.argument(0)}),
              {{"id", "id"},
               {"outcome", "outcome", Kind::word},
               {"reason", "reason_sentence"},
               {"client", "client"},
               {"job", "job"},
               {"operation", "operation"},
               {"trigger", "trigger"},
               {"started_at", "started_at", Kind::time},
               {"ended_at", "ended_at", Kind::time},
               {"duration", "duration"},
               {"exit_code", "exit_code"},
               {"signal", "signal"},
               {"bytes_read", "bytes_read", Kind::size},
               {"bytes_added", "bytes_added", Kind::size},
               {"bytes_total", "bytes_total", Kind::size},
               {"files", "files"},
               {"tool", "tool"},
               {"snapshot", "snapshot"},
               {"message", "message"},
               {"verdict", "verdict_sentence"},
               {"alert", "alert"}},
              print_output);
}

Expected<ExitCode> show_alert(Session& session) {
  return show(session, path_of({"alerts", session.argument(0)}),
              {{"id", "id"},
               {"severity", "severity", Kind::word, false, "state"},
               {"headline", "headline"},
               {"state", "state", Kind::word},
               {"kind", "kind"},
               {"vault", "vault"},
               {"client", "client"},
               {"job", "job"},
               {"message", "message"},
               {"first_at", "first_at", Kind::time},
               {"last_at", "last_at", Kind::time},
               {"occurrences", "occurrences"},
               {"run", "run"},
               {"notifies_at", "notifies_at", Kind::time},
               {"decided_at", "decision.at", Kind::time},
               {"decision", "decision.reason_sentence"},
               {"told", "told_so_far"},
               {"inactive_at", "inactivation.at", Kind::time},
               {"inactive_because", "inactivation.reason_sentence"},
               {"inactive_by", "inactivation.who"},
               {"inactive_why", "inactivation.why"}},
              print_deliveries);
}

Expected<ExitCode> show_delivery(Session& session) {
  return show(session, path_of({"deliveries", session.argument(0)}),
              {{"id", "id"},
               {"state", "state", Kind::word},
               {"event", "event"},
               {"alert", "alert"},
               {"headline", "headline"},
               {"to", "address"},
               {"channel", "channel"},
               {"why", "why_sentence"},
               {"created_at", "created_at", Kind::time},
               {"next_attempt_at", "next_attempt_at", Kind::time},
               {"give_up_at", "give_up_at", Kind::time},
               {"ended_at", "ended_at", Kind::time},
               {"ended_because", "end_reason_sentence"},
               {"latency", "latency"},
               {"may_be_repeated", "may_be_repeated"}},
              print_attempts);
}

Expected<ExitCode> explain_client(Session& session) {
  Query query;
  if (session.typed().has("kind")) query.emplace_back("kind", session.typed().value("kind"));
  const auto answer = session.api().get(path_of({"explain", "client", session.argument(0)}), query);
  if (!answer) return failed(answer.error());
  if (session.manner().is_json()) {
    session.print_json(*answer);
    return ExitCode::done;
  }
  const auto& kinds = at(*answer, "kinds");
  const std::vector<Json> items(kinds.begin(), kinds.end());
  session.remark(fmt::format("{} is in vault {}, whose policy is {}", session.argument(0),
                             text_at(*answer, "vault"), text_at(*answer, "policy")));
  return session.print_list(items, Columns{{"severity", "severity", Kind::word},
                                           {"kind", "kind"},
                                           {"notify_after", "notify_after", Kind::duration},
                                           {"who", "reason_sentence"},
                                           {"reason", "reason", Kind::text, true}});
}

Expected<ExitCode> explain_alert(Session& session) {
  return tell_story(session, path_of({"explain", "alert", session.argument(0)}));
}

Expected<ExitCode> explain_run(Session& session) {
  return tell_story(session, path_of({"explain", "run", session.argument(0)}));
}

}  // namespace vaultbell::ctl
