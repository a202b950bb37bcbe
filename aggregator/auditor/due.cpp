#include "aggregator/auditor/due.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "shared/domain/cron.hpp"
#include "shared/domain/window.hpp"
#include "shared/domain/zone.hpp"

namespace vaultbell::auditor {

namespace {

// After it has come back, the aggregator gives everybody up to so long to speak first (R2.6).
constexpr Duration kSettling = std::chrono::minutes(10);

// An alert waits for what may be an outage at most for the longest outage_window (R2.11).
constexpr Duration kWaitForOutageMax = std::chrono::hours(1);

// R4.5: nothing holds these back.
bool is_urgent(core::AlertKind kind) {
  return kind == core::AlertKind::backup_data_deleted ||
         kind == core::AlertKind::protection_stopped || kind == core::AlertKind::self ||
         kind == core::AlertKind::delivery_failing || kind == core::AlertKind::test;
}

// R4.6: what cannot be known while the client is away.
bool is_unknown_without_client(core::AlertKind kind) {
  return kind == core::AlertKind::backup_missed || kind == core::AlertKind::backup_overdue;
}

// R2.11: what one alert stands for while a vault is out.
bool is_covered_by_outage(core::AlertKind kind) {
  return kind == core::AlertKind::client_disconnected || is_unknown_without_client(kind);
}

const core::Policy& policy_of(const Surroundings& surroundings) {
  static const core::Policy kUsual;
  const auto& client = surroundings.client;
  if (client && client->policy.mode != core::PolicyMode::same_as_vault) return client->policy;
  return surroundings.vault ? surroundings.vault->policy : kUsual;
}

std::optional<Duration> hold_for(const std::vector<core::KindHold>& holds, core::AlertKind kind) {
  for (const auto& hold : holds) {
    if (hold.kind == kind) return hold.notify_after;
  }
  return std::nullopt;
}

// R4.5: the client's word, else the vault's, else the account's; for the kind, else for all.
Duration hold_of(core::AlertKind kind, const Surroundings& surroundings,
                 const core::Settings& settings) {
  if (is_urgent(kind)) return Duration::zero();
  const auto& [client, vault, outage, maintenances] = surroundings;
  if (client) {
    if (const auto hold = hold_for(client->policy.notify_after_by_kind, kind)) return *hold;
    if (client->policy.notify_after) return *client->policy.notify_after;
  }
  if (vault) {
    if (const auto hold = hold_for(vault->policy.notify_after_by_kind, kind)) return *hold;
    if (vault->policy.notify_after) return *vault->policy.notify_after;
  }
  return hold_for(settings.notify_after_by_kind, kind).value_or(settings.notify_after);
}

bool waits_for_something(const core::Alert& alert, const Surroundings& surroundings) {
  const auto& [client, vault, outage, maintenances] = surroundings;
  if (is_covered_by_outage(alert.kind) && outage && !outage->over_at) return true;
  return is_unknown_without_client(alert.kind) && client &&
         client->state == core::ClientState::disconnected;
}

// From when its hold counts: anew from where it could first be judged.
Instant counted_from(const core::Alert& alert, const Surroundings& surroundings) {
  auto from = alert.hold_from;
  const auto& [client, vault, outage, maintenances] = surroundings;
  if (is_covered_by_outage(alert.kind) && outage && outage->over_at) {
    from = std::max(from, *outage->over_at);
  }
  if (is_unknown_without_client(alert.kind) && client && client->returned_at) {
    from = std::max(from, *client->returned_at);
  }
  return from;
}

bool is_about(const core::Scope& scope, const core::Alert& alert, VaultId vault) {
  if (is_urgent(alert.kind) && !scope.kind) return false;
  const bool is_elsewhere = (scope.vault.is_set() && scope.vault != vault) ||
                            (scope.client.is_set() && scope.client != alert.client) ||
                            (scope.job.is_set() && scope.job != alert.job) ||
                            (scope.kind && *scope.kind != alert.kind);
  return !is_elsewhere;
}

bool is_open_at(const core::Maintenance& maintenance, Instant at) {
  if (at < maintenance.from || (maintenance.until && at >= *maintenance.until)) return false;
  if (!maintenance.recurrence) return true;
  const auto cron = parse_cron(maintenance.recurrence->cron);
  const auto zone = find_zone(maintenance.recurrence->zone);
  return cron && zone && window_end(*cron, *zone, maintenance.recurrence->length, at);
}

bool is_in_maintenance(const core::Alert& alert, const Surroundings& surroundings, Instant at) {
  const auto vault = surroundings.vault ? surroundings.vault->id : alert.vault;
  return std::ranges::any_of(surroundings.maintenances, [&](const core::Maintenance& one) {
    return is_about(one.scope, alert, vault) && is_open_at(one, at);
  });
}

bool is_in_quiet_hours(const core::Alert& alert, const Surroundings& surroundings, Instant at) {
  const auto& quiet = policy_of(surroundings).quiet;
  if (!quiet || is_urgent(alert.kind)) return false;
  if (quiet->do_critical_pass && alert.severity == core::Severity::critical) return false;
  const auto zone = find_zone(quiet->zone);
  return zone && quiet_until(quiet->hours, *zone, at);
}

}  // namespace

bool is_too_early(const Circumstances& circumstances) {
  return circumstances.listening_since + kSettling > circumstances.now - kPatience;
}

std::optional<std::string> overdue(const core::Alert& alert, const Surroundings& surroundings,
                                   const Circumstances& circumstances) {
  if (waits_for_something(alert, surroundings)) return std::nullopt;
  // Judged is a moment that is over: what was due by then and could be told then was told by now.
  const auto moment = circumstances.now - kPatience;
  if (alert.not_before && *alert.not_before > circumstances.now + kWaitForOutageMax) {
    return fmt::format("it waits until {}, longer than for any outage", to_iso(*alert.not_before));
  }
  const auto hold = hold_of(alert.kind, surroundings, circumstances.settings);
  const auto due =
      std::max(counted_from(alert, surroundings) + hold, alert.not_before.value_or(Instant::min()));
  if (due > moment) return std::nullopt;
  if (is_in_maintenance(alert, surroundings, moment)) return std::nullopt;
  if (is_in_quiet_hours(alert, surroundings, moment)) return std::nullopt;
  return fmt::format("it was due at {}, and there is neither a notification nor a reason why not",
                     to_iso(due));
}

}  // namespace vaultbell::auditor
