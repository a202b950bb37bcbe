#include "aggregator/core/telling.hpp"

#include <algorithm>

#include "aggregator/core/alerts.hpp"
#include "shared/domain/cron.hpp"
#include "shared/domain/window.hpp"

namespace vaultbell::core {

namespace {

// Windows and quiet hours in a row that are looked through: a month of adjoining ones. Whoever
// covers all time for longer is asked again then.
constexpr int kPostponementsMax = 64;

constexpr std::uint32_t kRemindersMax = 100;  // of one alert: after that nobody reads them

const Policy& policy_in(const TellingFacts& facts) {
  return *in_force(facts.vault_policy, facts.client_policy).policy;
}

bool is_part_of(const Outage* outage, const Alert& alert) {
  return outage != nullptr && alert.kind == AlertKind::client_disconnected &&
         alert.first_at >= outage->silent_from &&
         (!outage->over_at || alert.first_at <= *outage->over_at);
}

// R4.6: as long as nobody knows what the client does, its backups are not judged.
bool is_about_unseen_backups(const Alert& alert) {
  return alert.kind == AlertKind::backup_missed || alert.kind == AlertKind::backup_overdue;
}

bool is_vault_out(const TellingFacts& facts) {
  return facts.outage != nullptr && !facts.outage->over_at;
}

// From when the hold counts: anew where the alert could not be judged meanwhile.
Instant hold_from(const Alert& alert, const TellingFacts& facts) {
  auto from = alert.hold_from;
  if (is_part_of(facts.outage, alert)) from = std::max(from, *facts.outage->over_at);
  if (!is_about_unseen_backups(alert)) return from;
  if (facts.client != nullptr && facts.client->returned_at) {
    from = std::max(from, *facts.client->returned_at);
  }
  if (facts.outage != nullptr && facts.outage->over_at > alert.hold_from) {
    from = std::max(from, *facts.outage->over_at);
  }
  return from;
}

std::optional<Instant> quiet_end(const Alert& alert, const TellingFacts& facts, Instant at) {
  const auto& quiet = policy_in(facts).quiet;
  if (!quiet || is_told_at_once(alert.kind)) return std::nullopt;
  if (alert.severity == Severity::critical && quiet->do_critical_pass) return std::nullopt;
  const auto zone = find_zone(quiet->zone);
  if (!zone) return std::nullopt;  // a tz database without it: rather tell than be silent
  return quiet_until(quiet->hours, *zone, at);
}

std::optional<Instant> maintenance_end(const Alert& alert, const TellingFacts& facts, Instant at) {
  std::optional<Instant> latest;
  for (const auto& [id, maintenance] : facts.maintenances) {
    if (!is_about(maintenance, alert, facts.vault)) continue;
    const auto until = covered_until(maintenance, at);
    if (until && (!latest || *until > *latest)) latest = until;
  }
  return latest;
}

// The first time from `at` on at which no window and no quiet hour stands against telling.
Held postponed(const Alert& alert, const TellingFacts& facts, Held held) {
  for (int i = 0; i < kPostponementsMax; ++i) {
    if (const auto end = maintenance_end(alert, facts, *held.until)) {
      held = {end, HeldBy::maintenance};
    } else if (const auto quiet = quiet_end(alert, facts, *held.until)) {
      held = {quiet, HeldBy::quiet_hours};
    } else {
      break;
    }
  }
  return held;
}

// From `at` on, and not before somebody found a window open over it.
Held from(const Alert& alert, Instant at) {
  return {std::max(at, alert.not_before.value_or(at)), HeldBy::hold};
}

bool is_repeated(const Alert& alert) {
  return alert.state == AlertState::active && alert.decision &&
         alert.decision->reason == NotifyReason::notified;
}

std::optional<Instant> recurring_end(const Recurrence& recurrence, Instant at) {
  const auto cron = parse_cron(recurrence.cron);
  const auto zone = find_zone(recurrence.zone);
  if (!cron || !zone) return std::nullopt;
  return window_end(*cron, *zone, recurrence.length, at);
}

}  // namespace

bool is_about(const Maintenance& maintenance, const Alert& alert, VaultId vault) {
  const auto& scope = maintenance.scope;
  // What is always told at once is told in a window too, unless this is just what it names.
  if (is_told_at_once(alert.kind) && scope.kind != alert.kind) return false;
  return (!scope.vault.is_set() || scope.vault == vault) &&
         (!scope.client.is_set() || scope.client == alert.client) &&
         (!scope.job.is_set() || scope.job == alert.job) &&
         (!scope.kind || *scope.kind == alert.kind);
}

std::optional<Instant> covered_until(const Maintenance& maintenance, Instant at) {
  const bool is_open = at >= maintenance.from && !maintenance.ended_at &&
                       (!maintenance.until || at < *maintenance.until);
  if (!is_open) return std::nullopt;
  if (!maintenance.recurrence) return maintenance.until;
  const auto end = recurring_end(*maintenance.recurrence, at);
  if (!end || !maintenance.until) return end;
  return std::min(*end, *maintenance.until);
}

std::optional<Held> held(const Alert& alert, const TellingFacts& facts) {
  if (alert.decision || alert.state == AlertState::inactive) return std::nullopt;
  if (is_vault_out(facts) && is_part_of(facts.outage, alert)) return Held{{}, HeldBy::outage};
  if (is_about_unseen_backups(alert)) {
    if (is_vault_out(facts)) return Held{{}, HeldBy::outage};
    const bool is_gone =
        facts.client != nullptr && facts.client->state == ClientState::disconnected;
    if (is_gone) return Held{{}, HeldBy::disconnect};
  }
  const auto hold = hold_of(facts.settings, facts.vault_policy, facts.client_policy, alert.kind);
  const auto since = hold_from(alert, facts);
  const bool is_certain = hold == Duration::zero() && since >= facts.listening.since;
  const auto until = std::max(since + hold, is_certain ? since : facts.listening.settled_at);
  return postponed(alert, facts, from(alert, until));
}

bool is_postponed(const Alert& alert, const TellingFacts& facts, Instant at) {
  return maintenance_end(alert, facts, at) || quiet_end(alert, facts, at);
}

std::optional<Instant> reminded_next_at(const Alert& alert, const TellingFacts& facts) {
  const auto& policy = policy_in(facts);
  if (!policy.remind_every || !is_repeated(alert)) return std::nullopt;
  if (alert.reminders >= kRemindersMax) return std::nullopt;
  const auto last = alert.reminded_at.value_or(alert.decision->at);
  return postponed(alert, facts, from(alert, last + *policy.remind_every)).until;
}

std::optional<Instant> escalated_next_at(const Alert& alert, const TellingFacts& facts) {
  const auto& policy = policy_in(facts);
  if (!policy.escalate_after || alert.escalated_at || !is_repeated(alert)) return std::nullopt;
  return postponed(alert, facts, from(alert, alert.decision->at + *policy.escalate_after)).until;
}

}  // namespace vaultbell::core
