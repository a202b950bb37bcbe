#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/listing.hpp"
#include "aggregator/ctl/showing.hpp"

namespace vaultbell::ctl {

namespace {

// The end of what the tool printed.
void print_output(const Session& session, const Json& run) {
  const auto output = text_at(run, "output");
  if (output.empty()) return;
  session.print("\noutput\n");
  print_lines(session, output, "  ");
}

}  // namespace

Expected<ExitCode> list_runs(Session& session) {
  if (session.typed().has("job") && !session.typed().has("client")) {
    return wrong_usage("--job needs --client: other clients may have a job of that name",
                       "vaultbell run list --client db-1 --job nightly");
  }
  Query query;
  if (session.typed().has("failed")) query.emplace_back("outcome", "failed");
  if (session.typed().has("all")) query.emplace_back("all", "true");
  return list(session,
              {.path = path_of({"runs"}),
               .filters = {"client", "job", "outcome", "operation", "since"},
               .columns = {{"id", "id", Kind::number},
                           {"outcome", "outcome", Kind::word},
                           {"client", "client"},
                           {"job", "job"},
                           {"operation", "operation"},
                           {"started_at", "started_at", Kind::time},
                           {"duration", "duration", Kind::duration},
                           {"added", "bytes_added", Kind::size},
                           {"alert", "alert", Kind::number},
                           {"message", "message"},
                           {"reason", "reason", Kind::text, true},
                           {"verdict", "verdict", Kind::text, true},
                           {"exit_code", "exit_code", Kind::number, true},
                           {"received_at", "received_at", Kind::time, true},
                           {"tool", "tool", Kind::text, true}},
               .none = "no run; report one: vaultbell-agent run --job NAME -- COMMAND",
               .none_matches = "no run matches"},
              std::move(query));
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

}  // namespace vaultbell::ctl
