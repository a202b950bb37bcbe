#include "aggregator/delivery_facts.hpp"

#include <utility>

#include <fmt/format.h>

namespace vaultbell::aggregator {

namespace {

// A row that must be there because another one names it.
template <class R>
Result<R> require(const storage::Snapshot& snapshot, const typename R::Key& key,
                  std::string_view what) {
  auto row = snapshot.get<R>(key);
  if (!row) return fail(row.error());
  if (!*row) return fail(fmt::format("the store has no such {}", what));
  return std::move(**row);
}

Result<wording::AlertFacts> read_facts(const storage::Snapshot& snapshot, AlertId id) {
  auto alert = require<core::Alert>(snapshot, id, "alert");
  if (!alert) return fail(alert.error());
  auto client = require<core::Client>(snapshot, alert->client, "client");
  if (!client) return fail(client.error());
  auto vault = require<core::Vault>(snapshot, client->vault, "vault");
  if (!vault) return fail(vault.error());
  wording::AlertFacts facts{.alert = *alert, .vault = vault->name, .client = client->name};
  if (alert->job.is_set()) {
    auto job = require<core::Job>(snapshot, alert->job, "job");
    if (!job) return fail(job.error());
    facts.job = job->name;
    facts.last_good_at = job->last_good_at;
  }
  if (alert->run.is_set()) {
    auto run = snapshot.get<core::Run>(alert->run);
    if (!run) return fail(run.error());
    facts.run = std::move(*run);
  }
  return facts;
}

}  // namespace

Result<notify::Delivery> read_delivery(const storage::Store& store, NotificationId id,
                                       const std::string& account, Instant now) {
  const auto snapshot = storage::Snapshot::take(store.environment());
  if (!snapshot) return fail(snapshot.error());
  const auto notification = require<core::Notification>(*snapshot, id, "notification");
  if (!notification) return fail(notification.error());
  const auto counters = require<core::Counters>(*snapshot, {}, "row of counters");
  if (!counters) return fail(counters.error());
  auto facts = read_facts(*snapshot, notification->alert);
  if (!facts) return fail(facts.error());
  return notify::Delivery{.notification = id,
                          .attempt = notification->attempts,
                          .event = notification->event,
                          .recipient = notification->recipient,
                          .why = notification->why,
                          .is_doubtful = notification->is_doubtful,
                          .in_reply_to = notification->follows,
                          .installation = counters->installation,
                          .account = account,
                          .now = now,
                          .facts = std::move(*facts)};
}

}  // namespace vaultbell::aggregator
