#include "aggregator/api/in_json.hpp"
#include "aggregator/api/views.hpp"
#include "aggregator/core/telling.hpp"

namespace vaultbell::api {

Json view_of(const core::Maintenance& maintenance, Rows& rows, Instant now) {
  const auto& scope = maintenance.scope;
  const auto& recurrence = maintenance.recurrence;
  const bool is_over = maintenance.ended_at.has_value();
  const auto active_until = is_over ? std::nullopt : core::covered_until(maintenance, now);
  return {{"id", maintenance.id.value},
          {"vault", text_or_null(rows.name_of(scope.vault))},
          {"client", text_or_null(rows.name_of(scope.client))},
          {"job", text_or_null(rows.name_of(scope.job))},
          {"kind", in_json(scope.kind)},
          {"from", in_json(maintenance.from)},
          {"until", in_json(maintenance.until)},
          {"cron", recurrence ? Json(recurrence->cron) : Json()},
          {"zone", recurrence ? Json(recurrence->zone) : Json()},
          {"length", recurrence ? in_json(recurrence->length) : Json()},
          {"why", text_or_null(maintenance.why)},
          {"is_active", active_until.has_value()},
          {"active_until", in_json(active_until)},
          {"created_by", maintenance.created_by},
          {"created_at", in_json(maintenance.created_at)},
          {"ended_at", in_json(maintenance.ended_at)},
          {"ended_by", text_or_null(maintenance.ended_by)},
          {"managed_by", text_or_null(maintenance.managed_by)},
          {"revision", maintenance.revision}};
}

}  // namespace vaultbell::api
