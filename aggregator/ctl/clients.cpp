#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/changing.hpp"
#include "aggregator/ctl/listing.hpp"
#include "aggregator/ctl/showing.hpp"

namespace vaultbell::ctl {

namespace {

constexpr BodyField kClientTimes[] = {{"heartbeat-every", "heartbeat_every", As::text, kInherit},
                                      {"disconnect-after", "disconnect_after", As::text, kInherit},
                                      {"offline-grace", "offline_grace", As::text, kInherit}};

void print_alerts_and_jobs(const Session& session, const Json& client) {
  print_inner(session, at(client, "alerts"), "active alerts",
              {{"id", "id", Kind::number},
               {"severity", "severity", Kind::word},
               {"headline", "headline"},
               {"since", "first_at", Kind::time},
               {"notifies_at", "notifies_at", Kind::time}});
  print_inner(session, at(client, "passed_jobs"),
              "passed by: the agent declares them, and nothing is expected of them",
              {{"job", "name"}, {"why", "why"}});
}

}  // namespace

Expected<ExitCode> list_clients(Session& session) {
  Query query;
  if (session.typed().has("outdated")) query.emplace_back("outdated", "true");
  return list(
      session,
      {.path = path_of({"clients"}),
       .filters = {"vault", "state", "stale"},
       .columns = {{"state", "state", Kind::word},
                   {"name", "name"},
                   {"vault", "vault"},
                   {"last_heard", "last_heard", Kind::time},
                   {"last_run", "last_outcome", Kind::word},
                   {"last_run_at", "last_run_at", Kind::time},
                   {"alerts", "active_alerts", Kind::number},
                   {"policy", "policy"},
                   {"version", "agent_version"},
                   {"address", "address"},
                   {"state_since", "state_since", Kind::time, true},
                   {"last_job", "last_job", Kind::text, true},
                   {"last_good_at", "last_good_at", Kind::time, true},
                   {"hostname", "hostname", Kind::text, true},
                   {"os", "os", Kind::text, true},
                   {"clock_skew", "clock_skew", Kind::duration, true},
                   {"disconnect_after", "timing.disconnect_after", Kind::duration, true},
                   {"fingerprint", "fingerprint", Kind::key, true}},
       .none = "no client; let the first one in: vaultbell enrol token create "
               "--vault VAULT",
       .none_matches = "no client matches",
       .rank = by_words("state", {"disconnected", "offline", "invited", "online", "retired"}),
       .then_by = "state_since"},
      std::move(query));
}

Expected<ExitCode> show_client(Session& session) {
  return show(session, path_of({"clients", session.argument(0)}),
              {{"name", "name"},
               {"state", "state", Kind::word},
               {"state_since", "state_since", Kind::time},
               {"last_heard", "last_heard", Kind::time},
               {"goodbye", "goodbye"},
               {"vault", "vault"},
               {"policy", "policy"},
               {"policy_of", "policy_of"},
               {"active_alerts", "active_alerts"},
               {"last_run", "last_outcome", Kind::word},
               {"last_run_at", "last_run_at", Kind::time},
               {"last_good_at", "last_good_at", Kind::time},
               {"heartbeat_every", "timing.heartbeat_every"},
               {"disconnect_after", "timing.disconnect_after"},
               {"offline_grace", "timing.offline_grace"},
               {"address", "address"},
               {"hostname", "hostname"},
               {"os", "os"},
               {"agent_version", "agent_version"},
               {"clock_skew", "clock_skew"},
               {"fingerprint", "fingerprint"},
               {"managed_by", "managed_by"},
               {"created_at", "created_at", Kind::time}},
              print_alerts_and_jobs);
}

Expected<ExitCode> show_timeline(Session& session) {
  Query query;
  if (session.typed().has("all")) query.emplace_back("all", "true");
  return list(session,
              {.path = path_of({"clients", session.argument(0), "timeline"}),
               .filters = {"since"},
               .columns = {{"at", "at", Kind::time},
                           {"kind", "kind"},
                           {"what", "what", Kind::word},
                           {"sentence", "sentence"},
                           {"id", "id", Kind::number, true},
                           {"alert", "alert", Kind::number, true}},
               .none = "nothing has happened to it yet",
               .none_matches = "nothing has happened to it since then"},
              std::move(query));
}

Expected<ExitCode> edit_client(Session& session) {
  return edit(session, path_of({"clients", session.argument(0)}), kClientTimes);
}

Expected<ExitCode> retire_client(Session& session) {
  const auto& name = session.argument(0);
  if (!session.is_dry_run()) {
    const auto client = session.api().get(path_of({"clients", name}));
    if (!client) return tl::unexpected<Failure>(client.error());
    const auto is_meant = session.confirm(fmt::format(
        "{} of vault {} is {}. Once it is retired nobody hears of it any more, and it must be "
        "enrolled again to come back. Retire it?",
        name, text_at(*client, "vault"), text_at(*client, "state")));
    if (!is_meant) return tl::unexpected<Failure>(is_meant.error());
    if (!*is_meant) {
      return tl::unexpected<Failure>({.code = "failed", .message = "nothing was retired"});
    }
  }
  return change(session, {"POST", path_of({"clients", name, "retire"}), Json::object()});
}

Expected<ExitCode> move_client(Session& session) {
  const auto& typed = session.typed();
  if (!typed.has("vault")) {
    return wrong_usage("--vault is missing: where the client is to be",
                       std::string(typed.command->example));
  }
  return change(session, {"POST",
                          path_of({"clients", session.argument(0), "move"}),
                          {{"vault", typed.value("vault")}}});
}

Expected<ExitCode> rename_client(Session& session) {
  return change(session, {"POST",
                          path_of({"clients", session.argument(0), "rename"}),
                          {{"name", session.argument(1)}}});
}

}  // namespace vaultbell::ctl
