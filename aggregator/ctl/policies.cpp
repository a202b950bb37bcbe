#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/changing.hpp"
#include "aggregator/ctl/listing.hpp"
#include "aggregator/ctl/showing.hpp"

namespace vaultbell::ctl {

namespace {

constexpr BodyField kPolicyFields[] = {{"contact", "contacts", As::texts},
                                       {"group", "groups", As::texts},
                                       {"min-severity", "least_severity"},
                                       {"kind", "kinds", As::texts},
                                       {"notify-after", "notify_after"},
                                       {"frequency", "frequency"},
                                       {"no-recovery", "tells_recovery", As::absent},
                                       {"remind-every", "remind_every"},
                                       {"escalate-after", "escalate_after"},
                                       {"escalate-contact", "escalation_contacts", As::texts},
                                       {"escalate-group", "escalation_groups", As::texts},
                                       {"quiet-hours", "quiet_hours"},
                                       {"quiet-zone", "quiet_zone"},
                                       {"quiet-critical", "do_critical_pass", As::absent}};

const Columns& policy_columns() {
  static const Columns kColumns = {{"mode", "mode"},
                                   {"contacts", "contacts"},
                                   {"groups", "groups"},
                                   {"least_severity", "least_severity"},
                                   {"kinds", "kinds"},
                                   {"notify_after", "notify_after"},
                                   {"notify_after_by_kind", "notify_after_by_kind"},
                                   {"frequency", "frequency"},
                                   {"tells_recovery", "tells_recovery"},
                                   {"remind_every", "remind_every"},
                                   {"escalate_after", "escalate_after"},
                                   {"escalation_contacts", "escalation_contacts"},
                                   {"escalation_groups", "escalation_groups"},
                                   {"quiet_hours", "quiet_hours"},
                                   {"quiet_zone", "quiet_zone"},
                                   {"do_critical_pass", "do_critical_pass"}};
  return kColumns;
}

// "backup_failed=10m", as often as it is given.
Expected<Json> holds_by_kind(const Invocation& typed) {
  constexpr std::string_view kFlag = "notify-after-kind";
  Json holds = Json::object();
  for (const auto& given : typed.values(kFlag)) {
    const auto mark = given.find('=');
    if (mark == std::string::npos || mark == 0) {
      return wrong_usage(
          fmt::format("{}: \"{}\" is not KIND=DURATION", typed.spelling(kFlag), given),
          "for example --notify-after-kind backup_missed=0");
    }
    const auto kind = given.substr(0, mark);
    if (holds.contains(kind)) {
      return wrong_usage(fmt::format("{}: \"{}\" is given twice", typed.spelling(kFlag), kind));
    }
    holds[kind] = given.substr(mark + 1);
  }
  return holds;
}

// The whole policy: what is not said of it is as usual, whatever it was before.
Expected<Json> policy_typed(const Invocation& typed, const std::string& mode) {
  auto policy = body_of(typed, kPolicyFields);
  if (!policy) return policy;
  (*policy)["mode"] = mode;
  if (!typed.has("notify-after-kind")) return policy;
  auto holds = holds_by_kind(typed);
  if (!holds) return holds;
  (*policy)["notify_after_by_kind"] = std::move(*holds);
  return policy;
}

bool names_nobody(const Invocation& typed) {
  return !typed.has("contact") && !typed.has("group");
}

Expected<ExitCode> set_policy(Session& session, std::string_view holders, const std::string& mode) {
  const auto& typed = session.typed();
  const auto policy = policy_typed(typed, mode);
  if (!policy) return tl::unexpected<Failure>(policy.error());
  auto exit = change(session, {"PUT", path_of({holders, session.argument(0), "policy"}), *policy});
  const bool is_for_nobody = mode == "custom" && names_nobody(typed);
  if (!exit && exit.error().exit == ExitCode::usage && is_for_nobody) {
    exit.error().hint = "add --contact NAME or --group NAME";
  }
  return exit;
}

// Who would be told of each client, in words.
std::vector<Json> policy_rows(std::vector<Json> policies) {
  for (auto& policy : policies) {
    const auto& recipients = at(policy, "recipients");
    policy["told"] = recipients.empty() ? Json("nobody") : recipients;
  }
  return policies;
}

}  // namespace

Expected<ExitCode> set_vault_policy(Session& session) {
  const auto& mode = session.argument(1);
  if (mode == "same-as-vault" || mode == "same_as_vault") {
    return wrong_usage("a vault has no vault above it", "its policy is default, custom or off");
  }
  return set_policy(session, "vaults", mode);
}

Expected<ExitCode> set_client_policy(Session& session) {
  const auto& mode = session.argument(1);
  return set_policy(session, "clients", mode == "same-as-vault" ? "same_as_vault" : mode);
}

Expected<ExitCode> show_vault_policy(Session& session) {
  return show(session, path_of({"vaults", session.argument(0), "policy"}), policy_columns());
}

Expected<ExitCode> show_client_policy(Session& session) {
  return show(session, path_of({"clients", session.argument(0), "policy"}), policy_columns());
}

Expected<ExitCode> list_policies(Session& session) {
  Query query;
  const bool is_about_nobody = session.typed().has("nobody");
  if (is_about_nobody) query.emplace_back("nobody", "true");
  const auto rank = [](const Json& policy) -> std::size_t {
    return at(policy, "recipients").empty() ? 0 : 1;
  };
  return list(
      session,
      {.path = path_of({"policies"}),
       .filters = {"vault"},
       .columns = {{"client", "client"},
                   {"vault", "vault"},
                   {"policy_of", "policy_of"},
                   {"mode", "mode"},
                   {"told", "told", Kind::word},
                   {"why", "reason_sentence", Kind::text, false, {}, 1},
                   {"reason", "reason", Kind::text, true}},
       .none = "no vault, and so no policy; make the first one: vaultbell vault create NAME",
       .none_matches = is_about_nobody ? "there is no client of which nobody would be told"
                                       : "no client matches",
       .rank = rank,
       .then_by = "client",
       .rows_of = policy_rows},
      std::move(query));
}

}  // namespace vaultbell::ctl
