#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/changing.hpp"
#include "aggregator/ctl/listing.hpp"

namespace vaultbell::ctl {

namespace {

constexpr BodyField kMaintenanceFields[] = {
    {"vault", "vault"}, {"client", "client"}, {"job", "job"}, {"kind", "kind"},
    {"from", "from"},   {"until", "until"},   {"for", "for"}, {"cron", "cron"},
    {"zone", "zone"},   {"length", "length"}, {"why", "why"},
};

std::string_view maintenance_state(const Json& maintenance) {
  if (at(maintenance, "is_active") == true) return "active";
  return at(maintenance, "ended_at").is_null() ? "planned" : "over";
}

std::string scope_of(const Json& maintenance) {
  const auto client = text_at(maintenance, "client");
  const auto job = text_at(maintenance, "job");
  const auto vault = text_at(maintenance, "vault");
  if (!job.empty()) return fmt::format("job {} of {}", job, client);
  if (!client.empty()) return "client " + client;
  return vault.empty() ? "everything" : "vault " + vault;
}

std::vector<Json> maintenance_rows(std::vector<Json> maintenances) {
  for (auto& maintenance : maintenances) {
    maintenance["state"] = maintenance_state(maintenance);
    maintenance["scope"] = scope_of(maintenance);
    const auto& ends = at(maintenance, "active_until");
    maintenance["ends_at"] = ends.is_null() ? at(maintenance, "until") : ends;
  }
  return maintenances;
}

// What a maintenance is about must be said, if need be that it is everything.
std::optional<Failure> wrong_scope(const Invocation& typed) {
  const int count = static_cast<int>(typed.has("all")) + static_cast<int>(typed.has("vault")) +
                    static_cast<int>(typed.has("client"));
  constexpr std::string_view kForms = "--all, --vault VAULT, or --client CLIENT [--job JOB]";
  if (count == 0) {
    return wrong_usage("what the maintenance is about is missing",
                       fmt::format("one of: {}", kForms))
        .value();
  }
  if (count > 1) {
    return wrong_usage("--all, --vault and --client exclude each other",
                       fmt::format("one of: {}", kForms))
        .value();
  }
  if (typed.has("job") && !typed.has("client")) {
    return wrong_usage("--job needs --client: other clients may have a job of that name",
                       std::string(typed.command->example))
        .value();
  }
  return std::nullopt;
}

std::optional<Failure> wrong_end(const Invocation& typed) {
  const bool recurs = typed.has("cron");
  if (typed.has("for") && typed.has("until")) {
    return wrong_usage("--for and --until exclude each other").value();
  }
  if (recurs && !typed.has("length")) {
    return wrong_usage("--length is missing: how long each of the windows is",
                       "for example --cron '0 22 * * 6' --zone Europe/Berlin --length 4h")
        .value();
  }
  if (recurs || typed.has("for") || typed.has("until")) return std::nullopt;
  return wrong_usage("--for or --until is missing: a maintenance without an end is forgotten",
                     std::string(typed.command->example))
      .value();
}

}  // namespace

Expected<ExitCode> list_maintenances(Session& session) {
  Query query;
  const bool are_all = session.typed().has("all");
  if (are_all) query.emplace_back("all", "true");
  const auto rank = [](const Json& maintenance) -> std::size_t {
    const auto state = maintenance_state(maintenance);
    return state == "active" ? 0 : state == "planned" ? 1 : 2;
  };
  return list(session,
              {.path = path_of({"maintenances"}),
               .columns = {{"id", "id", Kind::number},
                           {"state", "state", Kind::word},
                           {"about", "scope"},
                           {"kind", "kind", Kind::text, false, {}, 4},
                           {"from", "from", Kind::time, false, {}, 3},
                           {"until", "ends_at", Kind::time},
                           {"why", "why"},
                           {"by", "created_by", Kind::text, false, {}, 2},
                           {"cron", "cron", Kind::text, false, {}, 1},
                           {"zone", "zone", Kind::text, true},
                           {"length", "length", Kind::duration, true},
                           {"ended_at", "ended_at", Kind::time, true},
                           {"ended_by", "ended_by", Kind::text, true},
                           {"managed_by", "managed_by", Kind::text, true}},
               .none = are_all ? "no maintenance"
                               : "no maintenance; start one: vaultbell maintenance start --client "
                                 "CLIENT --for 2h -m WHY",
               .rank = rank,
               .then_by = "from",
               .rows_of = maintenance_rows},
              std::move(query));
}

Expected<ExitCode> start_maintenance(Session& session) {
  const auto& typed = session.typed();
  if (const auto wrong = wrong_scope(typed)) return tl::unexpected<Failure>(*wrong);
  if (const auto wrong = wrong_end(typed)) return tl::unexpected<Failure>(*wrong);
  if (!typed.has("why")) {
    return wrong_usage("-m is missing: others will wonder why nobody is told",
                       std::string(typed.command->example));
  }
  const auto body = body_of(typed, kMaintenanceFields);
  if (!body) return tl::unexpected<Failure>(body.error());
  return change(session, {"POST", path_of({"maintenances"}), *body});
}

Expected<ExitCode> extend_maintenance(Session& session) {
  const auto& typed = session.typed();
  if (const auto wrong = wrong_end(typed)) return tl::unexpected<Failure>(*wrong);
  const auto body = body_of(typed, kMaintenanceFields);
  if (!body) return tl::unexpected<Failure>(body.error());
  return change(session, {"POST", path_of({"maintenances", session.argument(0), "extend"}), *body});
}

Expected<ExitCode> end_maintenances(Session& session) {
  return change_each(session, "maintenance", [](const std::string& id) {
    return Change{"POST", path_of({"maintenances", id, "end"}), Json::object()};
  });
}

}  // namespace vaultbell::ctl
