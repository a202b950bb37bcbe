#include "aggregator/api/changes.hpp"
#include "aggregator/api/in_json.hpp"
#include "aggregator/api/lists.hpp"

// The audit log: who changed what, and when (R9.4).

namespace vaultbell::api {

Result<Answer> list_audit(const Scene& scene, Asked& asked) {
  auto& query = asked.query;
  const auto since = query.since("since", scene.now);
  const auto actor = query.text("actor");
  const auto action = query.text("action");
  const auto passes = [&](const core::AuditEntry& entry) {
    return (!since || entry.at >= *since) && is_wanted(actor, entry.actor) &&
           is_wanted(action, entry.action);
  };
  const auto show = [&](const core::AuditEntry& entry) {
    return Json{{"id", entry.id.value},
                {"at", in_json(entry.at)},
                {"actor", entry.actor},
                {"action", entry.action},
                {"remark", text_or_null(entry.remark)},
                {"changes", changes_of(entry, scene.rows, scene.now)},
                {"more", entry.more}};
  };
  return page_of<core::AuditEntry>(scene, query, {}, passes, show);
}

}  // namespace vaultbell::api
