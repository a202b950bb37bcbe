#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/listing.hpp"
#include "aggregator/ctl/showing.hpp"

namespace vaultbell::ctl {

Expected<ExitCode> list_jobs(Session& session) {
  return list(session,
              {.path = path_of({"jobs"}),
               .filters = {"client"},
               .columns = {{"outcome", "last_outcome", Kind::word},
                           {"client", "client"},
                           {"name", "name"},
                           {"operation", "last_operation"},
                           {"last_run_at", "last_run_at", Kind::time},
                           {"last_good_at", "last_good_at", Kind::time},
                           {"run", "last_run", Kind::number},
                           {"tool", "tool"},
                           {"created_at", "created_at", Kind::time, true}},
               .none = "no job; a job appears with its first run: vaultbell-agent run --job NAME "
                       "-- COMMAND",
               .none_matches = "no job matches",
               .ranked_by = "last_outcome",
               .worst_first = {"failed", "warning", "running", "cancelled", "succeeded"},
               .then_by = "last_run_at"});
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

}  // namespace vaultbell::ctl
