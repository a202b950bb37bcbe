#include "aggregator/api/figures.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "aggregator/api/people_figures.hpp"
#include "aggregator/core/delivery_trouble.hpp"

namespace vaultbell::api {

namespace {

using storage::Order;
using storage::TableNumber;

// Runs stand in the order in which they began to be reported, the day counts their last report: so
// many older ones in a row end the search.
constexpr std::size_t kOlderRunsMax = 200;

Status count_clients(const Scene& scene, Figures& figures) {
  return scene.snapshot.each<core::Client>(
      Order::ascending, std::nullopt, [&](const core::Client& client) {
        ++figures.clients[client.state];
        if (client.state == core::ClientState::retired) return true;
        ++figures.clients_in_service;
        if (client.state == core::ClientState::disconnected) figures.disconnected.add(client.name);
        const bool is_new = client.state == core::ClientState::invited;
        if (is_new && scene.now - client.created_at > kConnectPatience) {
          figures.never_connected.add(client.name);
        }
        if (std::chrono::abs(client.clock_skew) > kSkewMax) figures.skewed.add(client.name);
        const bool is_spooling = client.state == core::ClientState::online &&
                                 !client.catching_up.empty() &&
                                 scene.now - client.state_since > kConnectPatience;
        if (is_spooling) figures.spooling.add(client.name);
        for (const auto& job : client.passed_jobs) {
          figures.passed_jobs.add(job.name + " on " + client.name);
        }
        return true;
      });
}

Status count_vaults(const Scene& scene, Figures& figures) {
  return scene.snapshot.each<core::Vault>(Order::ascending, std::nullopt,
                                          [&](const core::Vault& vault) {
                                            ++figures.vaults;
                                            if (vault.policy.mode != core::PolicyMode::off)
                                              ++figures.vaults_that_notify;
                                            return true;
                                          });
}

Status count_runs(const Scene& scene, Figures& figures) {
  std::size_t walked = 0;
  std::size_t older = 0;
  return scene.snapshot.each<core::Run>(Order::descending, std::nullopt, [&](const core::Run& run) {
    if (++walked > kHistoryMax) {
      figures.are_runs_complete = false;
      return false;
    }
    const bool is_recent = scene.now - run.received_at <= kDay;
    if (is_recent) ++figures.runs[run.report.outcome];
    older = is_recent ? 0 : older + 1;
    return older < kOlderRunsMax;
  });
}

void count_trouble(const Scene& scene, const core::Alert& alert, Figures& figures) {
  if (alert.kind == core::AlertKind::self) figures.self_alerts.add(alert.topic);
  if (alert.kind != core::AlertKind::spool_full) return;
  figures.full_spools.add(scene.rows.name_of(alert.client));
}

Status count_alerts(const Scene& scene, Figures& figures) {
  return scene.snapshot.each_in<core::Alert>(TableNumber::active_alerts, {}, Order::ascending,
                                             std::nullopt, [&](const core::Alert& alert) {
                                               ++figures.active_alerts[alert.severity];
                                               count_trouble(scene, alert, figures);
                                               return true;
                                             });
}

Status count_open_deliveries(const Scene& scene, Figures& figures) {
  return scene.snapshot.each_in<core::Notification>(
      TableNumber::open_notifications, {}, Order::ascending, std::nullopt,
      [&](const core::Notification& delivery) {
        const bool is_pending = delivery.state == core::NotificationState::pending;
        ++(is_pending ? figures.pending : figures.sending);
        auto& oldest = figures.oldest_delivery_at;
        oldest = oldest ? std::min(*oldest, delivery.created_at) : delivery.created_at;
        return true;
      });
}

// When one was made says nothing about when it ended: one that is retried by hand keeps its place
// among the others of its time.
Status count_ended(const Scene& scene, Figures& figures) {
  std::size_t walked = 0;
  return scene.snapshot.each<core::Notification>(
      Order::descending, std::nullopt, [&](const core::Notification& delivery) {
        if (++walked > kHistoryMax) {
          figures.are_deliveries_complete = false;
          return false;
        }
        if (!delivery.ended_at || scene.now - *delivery.ended_at > kDay) return true;
        if (delivery.state == core::NotificationState::given_up) ++figures.given_up;
        if (delivery.state == core::NotificationState::delivered) {
          figures.latencies.push_back(*delivery.ended_at - delivery.created_at);
        }
        return true;
      });
}

bool has_webhook(const core::Contact& contact) {
  return std::ranges::find(contact.channels, core::Channel::webhook,
                           &core::ContactChannel::channel) != contact.channels.end();
}

// Webhooks need no configuration: they are used as soon as a contact has one.
bool is_webhook_used(const Scene& scene) {
  bool is_used = false;
  (void)scene.snapshot.each<core::Contact>(Order::ascending, std::nullopt,
                                           [&](const core::Contact& contact) {
                                             is_used = has_webhook(contact);
                                             return !is_used;
                                           });
  return is_used;
}

bool is_configured(const Scene& scene, core::Channel channel) {
  switch (channel) {
    case core::Channel::email:
      return scene.facts.is_mail_configured;
    case core::Channel::mobile:
      return scene.facts.settings.mobile.is_configured;
    case core::Channel::webhook:
      return is_webhook_used(scene);
  }
  return false;
}

Status count_channels(const Scene& scene, Figures& figures) {
  for (const auto& [channel, word] : kEnumText<core::Channel>) {
    const auto row = scene.snapshot.get<core::ChannelHealth>(channel);
    if (!row) return fail(row.error());
    const auto health = row->value_or(core::ChannelHealth{});
    const std::string name(word);
    const bool is_proven = health.delivered_at && scene.now - *health.delivered_at <= kProofMax;
    if (is_configured(scene, channel) && !is_proven) figures.unproven_channels.add(name);
    const auto since = core::undelivered_since(health);
    if (!since) continue;
    figures.failing_channels.add(name);
    auto& longest = figures.channel_failing_since;
    longest = longest ? std::min(*longest, *since) : since;
  }
  return {};
}

Status count_requests(const Scene& scene, Figures& figures) {
  return scene.snapshot.each<core::Enrolment>(Order::ascending, std::nullopt,
                                              [&](const core::Enrolment& request) {
                                                if (request.state == core::EnrolmentState::waiting)
                                                  ++figures.requests_waiting;
                                                return true;
                                              });
}

}  // namespace

void Named::add(const std::string& name) {
  if (++count <= kNamesMax) names.push_back(name);
}

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string in_words(const Named& named) {
  auto shown = fmt::format("{}", fmt::join(named.names, ", "));
  if (named.count == named.names.size()) return shown;
  return fmt::format("{} and {} more", shown, named.count - named.names.size());
}

Result<Figures> count_all(const Scene& scene) {
  Figures figures;
  const auto counters = {&count_clients, &count_vaults,   &count_runs,
                         &count_alerts,  &count_people,   &count_open_deliveries,
                         &count_ended,   &count_channels, &count_requests};
  for (const auto count : counters) {
    if (auto ok = count(scene, figures); !ok) return fail(ok.error());
  }
  std::ranges::sort(figures.latencies);
  figures.jobs = scene.snapshot.count(TableNumber::jobs);
  figures.store_share = static_cast<double>(scene.usage.used_bytes) /
                        static_cast<double>(std::max<std::uint64_t>(scene.usage.map_bytes, 1));
  return figures;
}

}  // namespace vaultbell::api
