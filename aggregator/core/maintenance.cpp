#include "aggregator/core/maintenance.hpp"

#include "aggregator/core/alert_orders.hpp"
#include "aggregator/core/refusals.hpp"
#include "shared/base/duration.hpp"
#include "shared/domain/cron.hpp"
#include "shared/domain/zone.hpp"

namespace vaultbell::core {

namespace {

constexpr Duration kWindowMin = std::chrono::minutes(1);
constexpr Duration kWindowMax = std::chrono::hours(24 * 7);

Status check_scope(const Draft& draft, const Scope& scope) {
  if (scope.vault.is_set() && !draft.get<Vault>(scope.vault)) {
    return there_is_no("vault", scope.vault.value);
  }
  if (scope.client.is_set() && !draft.get<Client>(scope.client)) {
    return there_is_no("client", scope.client.value);
  }
  if (scope.job.is_set() && !draft.get<Job>(scope.job)) return there_is_no("job", scope.job.value);
  return {};
}

Status check_recurrence(const Recurrence& recurrence) {
  if (const auto cron = parse_cron(recurrence.cron); !cron) return fail(cron.error());
  if (auto ok = check_zone(recurrence.zone); !ok) return ok;
  if (recurrence.length >= kWindowMin && recurrence.length <= kWindowMax) return {};
  return fail(ErrorCode::invalid, "a window of " + to_text(recurrence.length) + " is not between " +
                                      to_text(kWindowMin) + " and " + to_text(kWindowMax));
}

Status check_end(const Draft& draft, Instant from, const std::optional<Instant>& until) {
  if (!until) return {};
  if (*until <= draft.now() || *until <= from) {
    return fail(ErrorCode::invalid, "it would already be over at " + to_iso(*until));
  }
  if (*until - draft.now() <= kMaintenanceMax) return {};
  return fail(ErrorCode::invalid,
              "it would end in more than " + to_text(kMaintenanceMax) + ", at " + to_iso(*until));
}

}  // namespace

Result<std::string> start_maintenance(Draft& draft, const std::string& actor,
                                      const StartMaintenance& order) {
  if (order.why.size() > kRemarkBytesMax) {
    return fail(ErrorCode::invalid,
                "the reason is longer than " + std::to_string(kRemarkBytesMax) + " bytes");
  }
  if (order.why.empty()) {
    return fail(ErrorCode::invalid, "a maintenance needs a reason: others will wonder about it");
  }
  if (auto ok = check_scope(draft, order.scope); !ok) return fail(ok.error());
  if (order.recurrence) {
    if (auto ok = check_recurrence(*order.recurrence); !ok) return fail(ok.error());
  } else if (!order.until) {
    return fail(ErrorCode::invalid, "a maintenance needs an end, or it would be forgotten");
  }
  const auto from = order.from.value_or(draft.now());
  if (auto ok = check_end(draft, from, order.until); !ok) return fail(ok.error());
  if (draft.before().maintenances.size() >= kMaintenancesMax) {
    return fail(ErrorCode::full,
                "there are already " + std::to_string(kMaintenancesMax) + " maintenances");
  }
  draft.put(Maintenance{.id = draft.next_maintenance(),
                        .scope = order.scope,
                        .from = from,
                        .until = order.until,
                        .recurrence = order.recurrence,
                        .why = order.why,
                        .created_by = actor,
                        .created_at = draft.now()});
  return std::string();
}

Result<std::string> extend_maintenance(Draft& draft, const ExtendMaintenance& order) {
  auto maintenance = draft.get<Maintenance>(order.maintenance);
  if (!maintenance) return there_is_no("maintenance that is not over", order.maintenance.value);
  if (auto ok = check_end(draft, maintenance->from, order.until); !ok) return fail(ok.error());
  if (maintenance->until == order.until) return std::string("nothing to change");
  maintenance->until = order.until;
  draft.put(std::move(*maintenance));
  return std::string();
}

Result<std::string> end_maintenance(Draft& draft, const std::string& actor,
                                    const EndMaintenance& order) {
  auto maintenance = draft.get<Maintenance>(order.maintenance);
  if (!maintenance) return there_is_no("maintenance that is not over", order.maintenance.value);
  maintenance->ended_at = draft.now();
  maintenance->ended_by = actor;
  draft.put(std::move(*maintenance));
  return std::string();
}

void end_due_maintenances(Draft& draft) {
  for (const auto& [at, id] : draft.before().maintenances_due.in_order()) {
    if (at > draft.now() || !draft.has_room_for(1)) return;
    auto maintenance = *draft.get<Maintenance>(id);
    maintenance.ended_at = draft.now();
    draft.put(std::move(maintenance));
  }
}

}  // namespace vaultbell::core
