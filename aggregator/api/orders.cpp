#include "aggregator/api/orders.hpp"

#include <utility>

#include "aggregator/api/changes.hpp"
#include "aggregator/api/comparing.hpp"
#include "aggregator/api/in_json.hpp"
#include "aggregator/api/problem.hpp"
#include "aggregator/api/responses.hpp"
#include "aggregator/core/objects.hpp"

namespace vaultbell::api {

namespace {

// Far above what the connections can have under way; reached only if the loop loses replies.
constexpr std::size_t kOrdersWaitingMax = 10'000;

HttpResponse inbox_is_full() {
  return refused({ErrorCode::unavailable, "the aggregator has too much to do right now"});
}

// What was changed when the order came for the first time.
HttpResponse repeated(AuditId entry, const storage::Snapshot& snapshot, Instant now) {
  const auto row = snapshot.get<core::AuditEntry>(entry);
  if (!row) return refused(row.error());
  Rows rows(snapshot);
  auto changes = *row ? changes_of(**row, rows, now) : Json::array();
  if (!rows.status()) return refused(rows.status().error());
  return found({{"is_dry_run", false},
                {"changes", std::move(changes)},
                {"remark",
                 "it was done before, when this Idempotency-Key first came; a secret "
                 "that was shown then is not shown again"}});
}

}  // namespace

void Orders::give(core::Order order, std::string secret, const Respond& respond) {
  if (waiting_.size() >= kOrdersWaitingMax) return respond(inbox_is_full());
  const auto id = order.request = ++last_;
  waiting_[id] = {respond, order.is_dry_run, std::move(secret), core::object_of(order)};
  if (surroundings_.post(std::move(order))) return;
  waiting_.erase(id);
  respond(inbox_is_full());
}

void Orders::apply(const declared::Options& options, const std::string& actor,
                   const Respond& respond) {
  if (waiting_.size() >= kOrdersWaitingMax) return respond(inbox_is_full());
  const auto id = ++last_;
  waiting_[id] = {respond, false, {}, {}};
  if (surroundings_.apply({id, actor, options})) return;
  waiting_.erase(id);
  respond(inbox_is_full());
}

void Orders::take(core::RequestId request, const declared::Comparison& comparison) {
  const auto found = waiting_.find(request);
  if (found == waiting_.end()) return;
  const auto respond = std::move(found->second.respond);
  waiting_.erase(found);
  respond(comparison.is_good() ? applied(comparison, false) : refused(comparison));
}

HttpResponse Orders::applied(const declared::Comparison& comparison, bool is_dry_run) const {
  const auto snapshot = storage::Snapshot::take(surroundings_.store);
  if (!snapshot) return refused(snapshot.error());
  auto json = view_of(comparison, *snapshot, surroundings_.clock.wall());
  if (!json) return refused(json.error());
  (*json)["is_dry_run"] = is_dry_run;
  return found(*json);
}

void Orders::take(const core::Reply& reply) {
  const auto found = waiting_.find(reply.request);
  if (found == waiting_.end()) return;
  const auto order = std::move(found->second);
  waiting_.erase(found);
  if (!reply.result) return order.respond(not_done(order, reply.result.error()));
  const auto& refusal = reply.result->refusal;
  order.respond(refusal ? refused(*refusal) : done(order, *reply.result));
}

HttpResponse Orders::not_done(const Waiting& order, const Error& error) const {
  if (error.code != ErrorCode::stale || !order.object) return refused(error);
  const auto snapshot = storage::Snapshot::take(surroundings_.store);
  if (!snapshot) return refused(snapshot.error());
  auto current = current_of(*order.object, *snapshot, surroundings_.clock.wall());
  if (!current) return refused(current.error());
  const auto revision = current->is_null() ? AuditId{} : AuditId{(*current)["revision"]};
  const auto entry = snapshot->get<core::AuditEntry>(revision);
  if (!entry) return refused(entry.error());
  return to_response(problem_of(error), {{"current", std::move(*current)},
                                         {"changed_by", *entry ? Json((*entry)->actor) : Json()},
                                         {"changed_at", *entry ? in_json((*entry)->at) : Json()}});
}

HttpResponse Orders::done(const Waiting& order, const core::OrderDone& done) const {
  const auto snapshot = storage::Snapshot::take(surroundings_.store);
  if (!snapshot) return refused(snapshot.error());
  const auto now = surroundings_.clock.wall();
  if (done.repeats.is_set()) return repeated(done.repeats, *snapshot, now);
  auto changes = changes_of(done, *snapshot, now);
  if (!changes) return refused(changes.error());
  Json json = {{"is_dry_run", order.is_dry_run},
               {"changes", std::move(*changes)},
               {"remark", text_or_null(done.remark)}};
  const bool has_secret = !order.secret.empty() && !order.is_dry_run;
  if (has_secret) json["token"] = order.secret;
  return found(json);
}

}  // namespace vaultbell::api
