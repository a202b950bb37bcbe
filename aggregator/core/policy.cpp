#include "aggregator/core/policy.hpp"

#include <algorithm>

#include "shared/base/duration.hpp"

namespace vaultbell::core {

namespace {

std::optional<Duration> hold_for(const std::vector<KindHold>& by_kind, AlertKind kind) {
  const auto found = std::ranges::find(by_kind, kind, &KindHold::kind);
  return found == by_kind.end() ? std::nullopt : std::optional(found->notify_after);
}

std::optional<Duration> own_hold(const Policy& policy, AlertKind kind) {
  const auto special = hold_for(policy.notify_after_by_kind, kind);
  return special ? special : policy.notify_after;
}

Status check_hold(Duration hold, std::string_view what) {
  if (hold <= kNotifyAfterMax) return {};
  return fail(ErrorCode::invalid, std::string(what) + ": notify_after " + to_text(hold) +
                                      " is longer than " + to_text(kNotifyAfterMax));
}

Status check_between(std::string_view what, std::string_view name, Duration value, Duration least,
                     Duration most) {
  if (value >= least && value <= most) return {};
  return fail(ErrorCode::invalid, std::string(what) + ": " + std::string(name) + " " +
                                      to_text(value) + " is not between " + to_text(least) +
                                      " and " + to_text(most));
}

Status check_repeats(const Policy& policy, std::string_view what) {
  if (policy.remind_every) {
    if (auto ok = check_between(what, "remind_every", *policy.remind_every, kRemindEveryMin,
                                kRemindEveryMax);
        !ok) {
      return ok;
    }
  }
  if (policy.escalate_after.has_value() == policy.escalation.is_empty()) {
    return fail(ErrorCode::invalid, std::string(what) +
                                        ": escalate_after and whom to tell then "
                                        "are needed together");
  }
  if (!policy.escalate_after) return {};
  return check_between(what, "escalate_after", *policy.escalate_after, std::chrono::minutes(1),
                       kEscalateAfterMax);
}

Status check_mode(const Policy& policy, PolicyLevel level, std::string_view what) {
  const std::string name(what);
  switch (policy.mode) {
    case PolicyMode::off:
    case PolicyMode::default_recipients:
      break;
    case PolicyMode::custom:
      if (!policy.audience.is_empty()) return {};
      return fail(ErrorCode::invalid, name +
                                          " would be custom without anybody: name at least one "
                                          "contact or group, or set it to default or off");
    case PolicyMode::same_as_vault:
      if (level != PolicyLevel::client) {
        return fail(ErrorCode::invalid, name + " cannot be same_as_vault: only a client's can");
      }
      if (policy != Policy{.mode = PolicyMode::same_as_vault}) {
        return fail(ErrorCode::invalid, name +
                                            " is the vault's with same_as_vault: it can have no "
                                            "settings of its own");
      }
      return {};
  }
  if (policy.audience.is_empty()) return {};
  return fail(ErrorCode::invalid, name +
                                      " names contacts or groups, which only a custom policy "
                                      "has, but is " +
                                      std::string(to_text(policy.mode)));
}

}  // namespace

PolicyInForce in_force(const Policy& vault, const Policy& client) {
  if (client.mode == PolicyMode::same_as_vault) return {&vault, PolicyLevel::vault};
  return {&client, PolicyLevel::client};
}

Duration notify_after(const Settings& settings, const Policy& vault, const Policy& client,
                      AlertKind kind) {
  for (const auto* policy : {&client, &vault}) {
    if (const auto hold = own_hold(*policy, kind)) return *hold;
  }
  return hold_for(settings.notify_after_by_kind, kind).value_or(settings.notify_after);
}

Status check_policy(const Policy& policy, PolicyLevel level, std::string_view what) {
  if (auto ok = check_mode(policy, level, what); !ok) return ok;
  if (auto ok = check_repeats(policy, what); !ok) return ok;
  if (policy.quiet) {
    if (auto ok = check_zone(policy.quiet->zone); !ok) return fail_within(what, ok.error());
  }
  if (policy.notify_after) {
    if (auto ok = check_hold(*policy.notify_after, what); !ok) return ok;
  }
  for (const auto& special : policy.notify_after_by_kind) {
    if (auto ok = check_hold(special.notify_after, what); !ok) return ok;
  }
  return {};
}

}  // namespace vaultbell::core
