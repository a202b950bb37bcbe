#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"

namespace vaultbell::ctl {

namespace {

using Words = std::vector<std::string_view>;

constexpr std::size_t kItemsMax = 100'000;  // of lists that are ordered here; bounds the memory
constexpr std::size_t kHistoryItems = 100;  // of lists without end, unless --limit says otherwise

// A list of the API as the command shows it.
struct Listing {
  std::string path;
  Words filters;  // flags that go into the query under their own names
  std::vector<Column> columns;
  std::string_view none;          // what is said when it is empty, and what to do
  std::string_view none_matches;  // the same where a filter was given
  // Where the worst come first: the field, its words from the worst on, and what counts among
  // equals. Without it, the API's order: the newest first.
  std::string_view ranked_by;
  Words worst_first;
  std::string_view then_by;
};

void put_worst_first(std::vector<Json>& items, const Listing& listing) {
  const auto rank = [&](const Json& item) {
    const auto word = text_at(item, listing.ranked_by);
    return std::ranges::find(listing.worst_first, word) - listing.worst_first.begin();
  };
  // What is over alarms nobody: it comes behind all else.
  const auto is_over = [](const Json& item) { return text_at(item, "state") == "inactive"; };
  const auto comes_first = [&](const Json& a, const Json& b) {
    if (is_over(a) != is_over(b)) return is_over(b);
    const auto left = rank(a);
    const auto right = rank(b);
    if (left != right) return left < right;
    return text_at(a, listing.then_by) < text_at(b, listing.then_by);
  };
  std::ranges::stable_sort(items, comes_first);
}

Expected<ExitCode> list(Session& session, const Listing& listing, Query query = {}) {
  bool is_filtered = session.typed().has("failed");
  for (const auto filter : listing.filters) {
    if (!session.typed().has(filter)) continue;
    query.emplace_back(filter, session.typed().value(filter));
    is_filtered = true;
  }
  const bool is_history = listing.ranked_by.empty();
  const auto count_max = is_history ? session.limit_or(kHistoryItems) : kItemsMax;
  auto items = session.api().list(listing.path, query, count_max);
  if (!items) return tl::unexpected<Failure>(items.error());
  if (!is_history) put_worst_first(*items, listing);
  const auto count = items->size();
  auto exit = session.print_list(std::move(*items), listing.columns);
  if (exit && count == 0) session.remark(is_filtered ? listing.none_matches : listing.none);
  const bool is_cut = is_history && count == kHistoryItems && !session.typed().has("limit");
  if (exit && is_cut) {
    session.remark(fmt::format("the newest {} are shown; --limit N shows more", kHistoryItems));
  }
  return exit;
}

}  // namespace

Expected<ExitCode> list_clients(Session& session) {
  return list(session,
              {.path = path_of({"clients"}),
               .filters = {"vault", "state"},
               .columns = {{"state", "state", Kind::word},
                           {"name", "name"},
                           {"vault", "vault"},
                           {"last_heard", "last_heard", Kind::time},
                           {"alerts", "active_alerts", Kind::number},
                           {"policy", "policy"},
                           {"version", "agent_version"},
                           {"address", "address"},
                           {"state_since", "state_since", Kind::time, true},
                           {"hostname", "hostname", Kind::text, true},
                           {"os", "os", Kind::text, true},
                           {"clock_skew", "clock_skew", Kind::duration, true},
                           {"disconnect_after", "timing.disconnect_after", Kind::duration, true},
                           {"fingerprint", "fingerprint", Kind::key, true}},
               .none = "no client; let the first one in: vaultbell enrol token create "
                       "--vault VAULT",
               .none_matches = "no client matches",
               .ranked_by = "state",
               .worst_first = {"disconnected", "invited", "offline", "online", "retired"},
               .then_by = "state_since"});
}

Expected<ExitCode> list_vaults(Session& session) {
  return list(session,
              {.path = path_of({"vaults"}),
               .columns = {{"name", "name"},
                           {"policy", "policy"},
                           {"online", "clients.online", Kind::number},
                           {"disconnected", "clients.disconnected", Kind::number},
                           {"offline", "clients.offline", Kind::number},
                           {"invited", "clients.invited", Kind::number},
                           {"heartbeat_every", "timing.heartbeat_every", Kind::duration, true},
                           {"disconnect_after", "timing.disconnect_after", Kind::duration, true},
                           {"offline_grace", "timing.offline_grace", Kind::duration, true},
                           {"created_at", "created_at", Kind::time, true}},
               .none = "no vault; make the first one: vaultbell vault create NAME",
               .ranked_by = "name",
               .then_by = "name"});
}

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

Expected<ExitCode> list_alerts(Session& session) {
  Query query;
  if (session.typed().has("all")) query.emplace_back("state", "all");
  const bool are_all_active = query.empty() && !session.typed().has("state");
  return list(session,
              {.path = path_of({"alerts"}),
               .filters = {"state", "severity", "vault", "client", "kind"},
               .columns = {{"id", "id", Kind::number},
                           {"state", "state", Kind::word, are_all_active},
                           {"severity", "severity", Kind::word, false, "state"},
                           {"headline", "headline"},
                           {"vault", "vault"},
                           {"since", "first_at", Kind::time},
                           {"times", "occurrences", Kind::number, false, {}, 2},
                           {"told", "told_so_far", Kind::text, false, {}, 1},
                           {"notifies_at", "notifies_at", Kind::time, false, {}, 3},
                           {"told_at", "decision.at", Kind::time, true},
                           {"kind", "kind", Kind::text, true},
                           {"client", "client", Kind::text, true},
                           {"job", "job", Kind::text, true},
                           {"message", "message", Kind::text, true},
                           {"inactive_by", "inactivation.reason", Kind::text, true}},
               .none = are_all_active ? "no active alert" : "no alert",
               .none_matches = "no alert matches",
               .ranked_by = "severity",
               .worst_first = {"critical", "warning", "informational"},
               .then_by = "first_at"},
              std::move(query));
}

Expected<ExitCode> list_deliveries(Session& session) {
  Query query;
  if (session.typed().has("failed")) query.emplace_back("state", "given_up");
  return list(session,
              {.path = path_of({"deliveries"}),
               .filters = {"state", "alert", "recipient"},
               .columns = {{"id", "id", Kind::number},
                           {"state", "state", Kind::word},
                           {"to", "address"},
                           {"event", "event"},
                           {"headline", "headline"},
                           {"created_at", "created_at", Kind::time},
                           {"attempts", "attempt_count", Kind::number},
                           {"next_attempt_at", "next_attempt_at", Kind::time},
                           {"last_answer", "last_answer"},
                           {"alert", "alert", Kind::number, true},
                           {"channel", "channel", Kind::text, true},
                           {"why", "why", Kind::text, true},
                           {"end_reason", "end_reason", Kind::text, true},
                           {"ended_at", "ended_at", Kind::time, true},
                           {"latency", "latency", Kind::duration, true}},
               .none = "no delivery; there is one for everybody who is told of an alert",
               .none_matches = "no delivery matches"},
              std::move(query));
}

Expected<ExitCode> list_tokens(Session& session) {
  return list(session, {.path = path_of({"enrolment", "tokens"}),
                        .columns = {{"id", "id", Kind::number},
                                    {"state", "state", Kind::word},
                                    {"vault", "vault"},
                                    {"uses", "uses", Kind::number},
                                    {"of", "uses_max", Kind::number},
                                    {"needs_approval", "needs_approval"},
                                    {"expires_at", "expires_at", Kind::time},
                                    {"created_by", "created_by"},
                                    {"created_at", "created_at", Kind::time, true},
                                    {"last_client", "last_client", Kind::text, true}},
                        .none = "no token; make one: vaultbell enrol token create --vault VAULT"});
}

Expected<ExitCode> list_requests(Session& session) {
  const auto& typed = session.typed();
  const bool are_all_waiting = !typed.has("all") && !typed.has("state");
  Query query;
  if (are_all_waiting) query.emplace_back("state", "waiting");
  return list(session,
              {.path = path_of({"enrolment", "requests"}),
               .filters = {"state"},
               .columns = {{"state", "state", Kind::word, are_all_waiting},
                           {"name", "name"},
                           {"vault", "vault", Kind::text, false, {}, 1},
                           {"fingerprint", "fingerprint", Kind::key},
                           {"address", "address", Kind::text, false, {}, 2},
                           {"os", "os", Kind::text, false, {}, 4},
                           {"asked_at", "asked_at", Kind::time, false, {}, 3},
                           {"id", "id", Kind::number, true},
                           {"token", "token", Kind::number, true},
                           {"hostname", "hostname", Kind::text, true},
                           {"version", "agent_version", Kind::text, true}},
               .none = are_all_waiting ? "no host waits to be let in" : "no host",
               .none_matches = "no host matches",
               .ranked_by = "state",
               .worst_first = {"waiting", "name_taken", "rejected"},
               .then_by = "asked_at"},
              std::move(query));
}

}  // namespace vaultbell::ctl
