#include "aggregator/api/explaining.hpp"

#include <fmt/format.h>

#include "aggregator/core/shown_address.hpp"
#include "shared/base/duration.hpp"

namespace vaultbell::api {

namespace {

std::string names_of(const core::Routing& routing) {
  std::string names;
  for (const auto& chosen : routing.recipients) {
    names += (names.empty() ? "" : ", ") + core::shown_address(chosen.recipient.place());
  }
  return names;
}

std::string moment_of(Duration hold) {
  if (hold == Duration::zero()) return "at once";
  return to_words(hold) + " after it was raised, if it is active then";
}

}  // namespace

std::string would_be(const core::Routing& routing, Duration hold) {
  switch (routing.reason) {
    case core::NotifyReason::nobody_policy_off:
      return fmt::format("Nobody would be told: the {}'s policy is \"off\".",
                         to_text(routing.level));
    case core::NotifyReason::nobody_no_owner:
      return "Nobody would be told: the configuration names no owner of the account.";
    case core::NotifyReason::nobody_below_severity:
      return fmt::format("Nobody would be told: the {}'s policy wants more severe alerts only.",
                         to_text(routing.level));
    case core::NotifyReason::nobody_kind_excluded:
      return fmt::format("Nobody would be told: the {}'s policy names other kinds.",
                         to_text(routing.level));
    case core::NotifyReason::nobody_reachable:
      return fmt::format(
          "Nobody would be told: nobody whom the {}'s policy names has a verified address.",
          to_text(routing.level));
    case core::NotifyReason::nobody_no_other_channel:
    case core::NotifyReason::covered_by_outage:
    case core::NotifyReason::notified:
    case core::NotifyReason::resolved_during_hold:
    case core::NotifyReason::inactivated_during_hold:
      break;
  }
  return fmt::format("{} would be told {}.", names_of(routing), moment_of(hold));
}

core::Routing routing_of(const Scene& scene, const Policies& policies, core::AlertKind kind,
                         core::Severity severity) {
  return core::route(RowsDirectory(scene.rows), scene.facts.settings,
                     {policies.vault, policies.client, kind, severity});
}

}  // namespace vaultbell::api
