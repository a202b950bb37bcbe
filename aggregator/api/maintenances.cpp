#include "aggregator/api/in_json.hpp"
#include "aggregator/api/lists.hpp"
#include "aggregator/api/views.hpp"

namespace vaultbell::api {

namespace {

using storage::TableNumber;

// `from`, `until` or `for`, `cron` with `zone` and `length`.
void put_times(core::StartMaintenance& order, Fields& body, Instant now) {
  order.from = body.instant("from");
  order.until = body.instant("until");
  const auto length = body.duration("for");
  if (length && order.until) body.complain("for", "it and until exclude each other");
  if (length) order.until = order.from.value_or(now) + *length;
  const auto cron = body.text("cron");
  const auto zone = body.text("zone");
  const auto each = body.duration("length");
  if (cron && each) {
    order.recurrence = core::Recurrence{*cron, zone.value_or("UTC"), *each};
  } else if (cron || zone || each) {
    body.complain("cron", "windows that come again need cron and length, and a zone beside them");
  }
}

core::Scope scope_in(const Scene& scene, Fields& body) {
  core::Scope scope;
  const auto vault = vault_filter(scene, body);
  const auto client = client_in_service(scene, body);
  if (vault && client) body.complain("vault", "it and client exclude each other");
  scope.vault = vault.value_or(VaultId{});
  if (client) scope.client = client->id;
  scope.job = job_filter(scene, body, client).value_or(JobId{});
  scope.kind = body.choice<core::AlertKind>("kind");
  return scope;
}

Result<core::Maintenance> maintenance_in(const Scene& scene, const Asked& asked) {
  return numbered<core::Maintenance>(scene, "maintenance", asked.names[0]);
}

}  // namespace

Result<Answer> list_maintenances(const Scene& scene, Asked& asked) {
  Range range = oldest_first();
  if (!asked.query.boolean("all").value_or(false)) range.index = TableNumber::open_maintenances;
  return page_of<core::Maintenance>(
      scene, asked.query, range, passes_all<core::Maintenance>,
      [&](const core::Maintenance& row) { return view_of(row, scene.rows, scene.now); });
}

Result<Answer> start_maintenance(const Scene& scene, Asked& asked) {
  core::StartMaintenance order;
  order.scope = scope_in(scene, asked.body);
  put_times(order, asked.body, scene.now);
  order.why = asked.body.text("why").value_or("");
  return Answer(OrderAsked{std::move(order), {}});
}

Result<Answer> extend_maintenance(const Scene& scene, Asked& asked) {
  const auto maintenance = maintenance_in(scene, asked);
  if (!maintenance) return fail(maintenance.error());
  auto& body = asked.body;
  const auto until = body.instant("until");
  const auto length = body.duration("for");
  if (until.has_value() == length.has_value()) {
    body.complain({ErrorCode::invalid, "either until or for is needed"});
  }
  // From now on, as everybody reads "for": also one that would have ended later.
  const auto end = length ? scene.now + *length : until.value_or(scene.now);
  return Answer(OrderAsked{core::ExtendMaintenance{maintenance->id, end}, {}});
}

Result<Answer> end_maintenance(const Scene& scene, Asked& asked) {
  const auto maintenance = maintenance_in(scene, asked);
  if (!maintenance) return fail(maintenance.error());
  return Answer(OrderAsked{core::EndMaintenance{maintenance->id}, {}});
}

}  // namespace vaultbell::api
