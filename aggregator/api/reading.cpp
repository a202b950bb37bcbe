#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "aggregator/api/answers.hpp"
#include "aggregator/api/in_json.hpp"
#include "aggregator/api/page.hpp"
#include "aggregator/api/views.hpp"

namespace vaultbell::api {

// Which alerts a list shows: an acknowledged one is active still.
enum class Activity : std::uint8_t { active, inactive, all };

}  // namespace vaultbell::api

namespace vaultbell {

template <>
inline constexpr auto kEnumText<api::Activity> = std::to_array<EnumText<api::Activity>>({
    {api::Activity::active, "active"},
    {api::Activity::inactive, "inactive"},
    {api::Activity::all, "all"},
});

}  // namespace vaultbell

namespace vaultbell::api {

namespace {

using storage::Order;
using storage::TableNumber;

constexpr std::size_t kAlertsInClientMax =
    100;  // a client's own; the rest is in the list of alerts

// Where a list's rows are: in an index under a prefix, or (without one) their whole table.
struct Range {
  Order order = Order::descending;
  std::optional<TableNumber> index;
  std::string prefix;
};

Range oldest_first() {
  return {.order = Order::ascending};
}

template <class R>
Result<Answer> page_of(const Scene& scene, Fields& query, const Range& range,
                       const std::function<bool(const R&)>& passes,
                       const std::function<Json(const R&)>& show) {
  Page page(query);
  if (auto ok = query.finish(); !ok) return fail(ok.error());
  const auto see = [&](const R& row) {
    return page.add(row.id.value, passes(row), [&] { return show(row); });
  };
  const auto after = page.after<typename R::Key>();
  const auto seen =
      range.index ? scene.snapshot.each_in<R>(*range.index, range.prefix, range.order, after, see)
                  : scene.snapshot.each<R>(range.order, after, see);
  if (!seen) return fail(seen.error());
  return Answer(page.finish());
}

// A filter that was not given lets everything pass.
template <class T, class V>
bool is_wanted(const std::optional<T>& filter, const V& value) {
  return !filter || *filter == value;
}

std::optional<VaultId> vault_filter(const Scene& scene, Fields& query) {
  const auto name = query.text("vault");
  if (!name) return std::nullopt;
  const auto vault = vault_named(scene, *name);
  if (!vault) return query.complain(vault.error());
  return vault->id;
}

std::optional<core::Client> client_filter(const Scene& scene, Fields& query) {
  const auto name = query.text("client");
  if (!name) return std::nullopt;
  auto client = client_named(scene, *name);
  if (!client) return query.complain(client.error());
  return std::move(*client);
}

std::optional<JobId> job_filter(const Scene& scene, Fields& query,
                                const std::optional<core::Client>& client) {
  const auto name = query.text("job");
  if (!name) return std::nullopt;
  if (!client) {
    return query.complain({ErrorCode::invalid, "job: a job's name needs its client's beside it"});
  }
  const auto job = job_named(scene, *client, *name);
  if (!job) return query.complain(job.error());
  return job->id;
}

// ---- vaults

using ClientsByVault = std::map<VaultId, std::map<core::ClientState, std::uint64_t>>;

Result<ClientsByVault> count_clients(const Scene& scene) {
  ClientsByVault counts;
  const auto seen = scene.snapshot.each<core::Client>(Order::ascending, std::nullopt,
                                                      [&](const core::Client& client) {
                                                        ++counts[client.vault][client.state];
                                                        return true;
                                                      });
  if (!seen) return fail(seen.error());
  return counts;
}

Json vault_in_full(const Scene& scene, const core::Vault& vault, ClientsByVault& counts) {
  auto json = view_of(vault);
  json["timing"] = view_of(core::resolve(scene.facts.settings.timing, vault.timing, {}));
  Json clients = Json::object();
  for (const auto& entry : kEnumText<core::ClientState>) {
    clients[std::string(entry.text)] = counts[vault.id][entry.value];
  }
  json["clients"] = std::move(clients);
  return json;
}

// ---- clients

using AlertsByClient = std::map<ClientId, std::uint64_t>;

Result<AlertsByClient> count_active_alerts(const Scene& scene) {
  AlertsByClient counts;
  const auto seen =
      scene.snapshot.each_in<core::Alert>(TableNumber::active_alerts, {}, Order::ascending,
                                          std::nullopt, [&](const core::Alert& alert) {
                                            ++counts[alert.client];
                                            return true;
                                          });
  if (!seen) return fail(seen.error());
  return counts;
}

Json client_in_full(const Scene& scene, const core::Client& client, std::uint64_t alerts) {
  auto json = view_of(client, scene.rows);
  const auto policies = policies_of(scene, client.vault, client.id);
  json["policy"] = in_json(core::in_force(policies.vault, policies.client).policy->mode);
  json["timing"] = view_of(timing_of(scene, client));
  json["last_heard"] = in_json(last_heard(scene, client.id));
  json["active_alerts"] = alerts;
  return json;
}

// ---- runs and alerts

// R3.8: what would drown the rest of the list.
bool is_high_frequency(const RunReport& report) {
  return report.operation == Operation::log_backup && report.trigger == Trigger::scheduled;
}

Range runs_of(const std::optional<core::Client>& client, const std::optional<JobId>& job) {
  if (job) return {.index = TableNumber::run_by_job, .prefix = storage::key_bytes(*job)};
  if (client)
    return {.index = TableNumber::run_by_client, .prefix = storage::key_bytes(client->id)};
  return {};
}

using DeliveryCounts = std::map<core::NotificationState, std::size_t>;

// The messages that an alert was raised, not those of its recovery.
Result<DeliveryCounts> count_deliveries(const Scene& scene, AlertId alert) {
  DeliveryCounts counts;
  std::size_t walked = 0;
  const auto seen = scene.snapshot.each_in<core::Notification>(
      TableNumber::notification_by_alert, storage::key_bytes(alert), Order::ascending, std::nullopt,
      [&](const core::Notification& delivery) {
        if (delivery.event == core::NotificationEvent::raised) ++counts[delivery.state];
        return ++walked < kRowsWalkedMax;
      });
  if (!seen) return fail(seen.error());
  return counts;
}

// "2 of 3 delivered, 1 waiting"; where all are in the same state the state alone: "given up".
std::string in_words(DeliveryCounts counts) {
  using core::NotificationState;
  const std::pair<std::string_view, std::size_t> groups[] = {
      {"delivered", counts[NotificationState::delivered]},
      {"waiting", counts[NotificationState::pending] + counts[NotificationState::sending]},
      {"given up", counts[NotificationState::given_up]},
      {"cancelled", counts[NotificationState::cancelled]}};
  std::size_t all = 0;
  for (const auto& [word, count] : groups) all += count;
  std::string words;
  for (const auto& [word, count] : groups) {
    if (count == 0) continue;
    if (count == all) return std::string(word);
    words += words.empty() ? fmt::format("{} of {} {}", count, all, word)
                           : fmt::format(", {} {}", count, word);
  }
  return words;
}

// How far telling has come: nothing before the decision, its reason where nobody is told.
Result<Json> told_so_far(const Scene& scene, const core::Alert& alert) {
  if (!alert.decision) return Json();
  if (alert.decision->reason != core::NotifyReason::notified) {
    return in_json(alert.decision->reason);
  }
  const auto counts = count_deliveries(scene, alert.id);
  if (!counts) return fail(counts.error());
  return text_or_null(in_words(*counts));
}

Result<Json> alert_in_full(const Scene& scene, const core::Alert& alert) {
  auto told = told_so_far(scene, alert);
  if (!told) return told;
  auto json = view_of(alert, scene.rows);
  json["notifies_at"] = in_json(notifies_at(scene, alert));
  json["told_so_far"] = std::move(*told);
  return json;
}

bool shows(Activity wanted, core::AlertState state) {
  const bool is_active = state != core::AlertState::inactive;
  return wanted == Activity::all || is_active == (wanted == Activity::active);
}

Result<Json> attempts_of(const Scene& scene, NotificationId delivery) {
  Json attempts = Json::array();
  const auto seen =
      scene.snapshot.each_under<core::Attempt>(delivery.value, [&](const core::Attempt& attempt) {
        attempts.push_back(view_of(attempt));
        return attempts.size() < kRowsWalkedMax;
      });
  if (!seen) return fail(seen.error());
  return attempts;
}

Result<Json> delivery_in_full(const Scene& scene, const core::Notification& delivery) {
  auto attempts = attempts_of(scene, delivery.id);
  if (!attempts) return attempts;
  auto json = view_of(delivery, scene.rows);
  json["attempts"] = std::move(*attempts);
  return json;
}

}  // namespace

Result<Answer> list_vaults(const Scene& scene, Asked& asked) {
  auto counts = count_clients(scene);
  if (!counts) return fail(counts.error());
  return page_of<core::Vault>(
      scene, asked.query, oldest_first(), [](const core::Vault&) { return true; },
      [&](const core::Vault& vault) { return vault_in_full(scene, vault, *counts); });
}

Result<Answer> show_vault(const Scene& scene, Asked& asked) {
  const auto vault = vault_named(scene, asked.names[0]);
  if (!vault) return fail(vault.error());
  auto counts = count_clients(scene);
  if (!counts) return fail(counts.error());
  return Answer(vault_in_full(scene, *vault, *counts));
}

Result<Answer> list_clients(const Scene& scene, Asked& asked) {
  auto alerts = count_active_alerts(scene);
  if (!alerts) return fail(alerts.error());
  const auto vault = vault_filter(scene, asked.query);
  const auto state = asked.query.choice<core::ClientState>("state");
  const auto passes = [&](const core::Client& client) {
    const bool is_in_service = client.state != core::ClientState::retired;
    return is_wanted(vault, client.vault) && (state ? client.state == *state : is_in_service);
  };
  const auto show = [&](const core::Client& client) {
    return client_in_full(scene, client, (*alerts)[client.id]);
  };
  return page_of<core::Client>(scene, asked.query, oldest_first(), passes, show);
}

Result<Answer> show_client(const Scene& scene, Asked& asked) {
  const auto client = client_named(scene, asked.names[0]);
  if (!client) return fail(client.error());
  Json alerts = Json::array();
  Status failed;
  std::uint64_t count = 0;
  const auto seen =
      scene.snapshot.each_in<core::Alert>(TableNumber::active_alerts, {}, Order::descending,
                                          std::nullopt, [&](const core::Alert& alert) {
                                            if (alert.client != client->id) return true;
                                            if (++count > kAlertsInClientMax) return true;
                                            auto json = alert_in_full(scene, alert);
                                            if (!json) failed = fail(json.error());
                                            if (json) alerts.push_back(std::move(*json));
                                            return failed.has_value();
                                          });
  if (!seen) return fail(seen.error());
  if (!failed) return fail(failed.error());
  auto json = client_in_full(scene, *client, count);
  json["alerts"] = std::move(alerts);
  return Answer(std::move(json));
}

Result<Answer> list_jobs(const Scene& scene, Asked& asked) {
  const auto client = client_filter(scene, asked.query);
  const auto show = [&](const core::Job& job) { return view_of(job, scene.rows); };
  if (!client) {
    return page_of<core::Job>(
        scene, asked.query, oldest_first(), [](const core::Job&) { return true; }, show);
  }
  // The index is ordered by name, the list by number: a client has at most a thousand jobs.
  std::set<JobId> jobs;
  scene.snapshot.each_name(TableNumber::job_by_client, client->id.value,
                           [&](std::string_view, std::uint64_t number) {
                             jobs.insert({number});
                             return true;
                           });
  Page page(asked.query);
  if (auto ok = asked.query.finish(); !ok) return fail(ok.error());
  const auto after = page.after<JobId>().value_or(JobId{});
  for (auto id = jobs.upper_bound(after); id != jobs.end(); ++id) {
    const auto* job = scene.rows.find<core::Job>(*id);
    const bool goes_on = page.add(id->value, job != nullptr, [&] { return show(*job); });
    if (!goes_on) break;
  }
  return Answer(page.finish());
}

Result<Answer> show_job(const Scene& scene, Asked& asked) {
  const auto client = client_named(scene, asked.names[0]);
  if (!client) return fail(client.error());
  const auto job = job_named(scene, *client, asked.names[1]);
  if (!job) return fail(job.error());
  return Answer(view_of(*job, scene.rows));
}

Result<Answer> list_runs(const Scene& scene, Asked& asked) {
  auto& query = asked.query;
  const auto client = client_filter(scene, query);
  const auto job = job_filter(scene, query, client);
  const auto outcome = query.choice<Outcome>("outcome");
  const auto operation = query.choice<Operation>("operation");
  const auto since = query.since("since", scene.now);
  const bool shows_all = query.boolean("all").value_or(false);
  const auto passes = [&](const core::Run& run) {
    return is_wanted(outcome, run.report.outcome) && is_wanted(operation, run.report.operation) &&
           (!since || run.received_at >= *since) && (shows_all || !is_high_frequency(run.report));
  };
  const auto show = [&](const core::Run& run) { return view_of(run, scene.rows); };
  return page_of<core::Run>(scene, query, runs_of(client, job), passes, show);
}

Result<Answer> show_run(const Scene& scene, Asked& asked) {
  const auto run = numbered<core::Run>(scene, "run", asked.names[0]);
  if (!run) return fail(run.error());
  auto json = view_of(*run, scene.rows);
  json["output"] = text_or_null(run->report.output);
  return Answer(std::move(json));
}

Result<Answer> list_alerts(const Scene& scene, Asked& asked) {
  auto& query = asked.query;
  const auto activity = query.choice<Activity>("state").value_or(Activity::active);
  const auto severity = query.choice<core::Severity>("severity");
  const auto kind = query.choice<core::AlertKind>("kind");
  const auto vault = vault_filter(scene, query);
  const auto client = client_filter(scene, query);
  Range range;
  if (activity == Activity::active) {
    range.index = TableNumber::active_alerts;
  } else if (client) {
    range = {.index = TableNumber::alert_by_client, .prefix = storage::key_bytes(client->id)};
  }
  const auto passes = [&](const core::Alert& alert) {
    return shows(activity, alert.state) && is_wanted(severity, alert.severity) &&
           is_wanted(kind, alert.kind) && is_wanted(vault, alert.vault) &&
           (!client || client->id == alert.client);
  };
  Status failed;
  const auto show = [&](const core::Alert& alert) {
    auto json = alert_in_full(scene, alert);
    if (!json) failed = fail(json.error());
    return json ? std::move(*json) : Json();
  };
  auto page = page_of<core::Alert>(scene, query, range, passes, show);
  if (!failed) return fail(failed.error());
  return page;
}

Result<Answer> show_alert(const Scene& scene, Asked& asked) {
  const auto alert = numbered<core::Alert>(scene, "alert", asked.names[0]);
  if (!alert) return fail(alert.error());
  Json deliveries = Json::array();
  Status failed;
  const auto seen = scene.snapshot.each_in<core::Notification>(
      TableNumber::notification_by_alert, storage::key_bytes(alert->id), Order::ascending,
      std::nullopt, [&](const core::Notification& delivery) {
        auto json = delivery_in_full(scene, delivery);
        if (!json) failed = fail(json.error());
        if (json) deliveries.push_back(std::move(*json));
        return failed && deliveries.size() < kRowsWalkedMax;
      });
  if (!seen) return fail(seen.error());
  if (!failed) return fail(failed.error());
  auto json = alert_in_full(scene, *alert);
  if (!json) return fail(json.error());
  (*json)["deliveries"] = std::move(deliveries);
  return Answer(std::move(*json));
}

Result<Answer> list_deliveries(const Scene& scene, Asked& asked) {
  auto& query = asked.query;
  const auto state = query.choice<core::NotificationState>("state");
  const auto alert = query.number("alert");
  const auto recipient = query.text("recipient");
  const bool is_open =
      state == core::NotificationState::pending || state == core::NotificationState::sending;
  Range range;
  if (alert) {
    range = {.index = TableNumber::notification_by_alert, .prefix = storage::key_bytes(*alert)};
  } else if (is_open) {
    range.index = TableNumber::open_notifications;
  }
  const auto passes = [&](const core::Notification& delivery) {
    return is_wanted(state, delivery.state) &&
           (!recipient || *recipient == delivery.recipient.name ||
            *recipient == delivery.recipient.address);
  };
  const auto show = [&](const core::Notification& row) { return view_of(row, scene.rows); };
  return page_of<core::Notification>(scene, query, range, passes, show);
}

Result<Answer> show_delivery(const Scene& scene, Asked& asked) {
  const auto delivery = numbered<core::Notification>(scene, "delivery", asked.names[0]);
  if (!delivery) return fail(delivery.error());
  auto json = delivery_in_full(scene, *delivery);
  if (!json) return fail(json.error());
  return Answer(std::move(*json));
}

Result<Answer> list_tokens(const Scene& scene, Asked& asked) {
  return page_of<core::Token>(
      scene, asked.query, {}, [](const core::Token&) { return true; },
      [&](const core::Token& token) { return view_of(token, scene.rows, scene.now); });
}

Result<Answer> list_requests(const Scene& scene, Asked& asked) {
  const auto state = asked.query.choice<core::EnrolmentState>("state");
  return page_of<core::Enrolment>(
      scene, asked.query, oldest_first(),
      [&](const core::Enrolment& request) { return is_wanted(state, request.state); },
      [&](const core::Enrolment& request) { return view_of(request, scene.rows); });
}

}  // namespace vaultbell::api
