#include "aggregator/api/timeline.hpp"

#include <algorithm>
#include <vector>

#include "aggregator/api/answers.hpp"
#include "aggregator/api/clients.hpp"
#include "aggregator/api/in_json.hpp"
#include "aggregator/api/moments.hpp"
#include "aggregator/api/runs.hpp"

namespace vaultbell::api {

namespace {

using storage::Order;
using storage::TableNumber;

// One page in the making. Runs are read in the order of time, as many as the page holds. Alerts,
// messages and changes of one client are few: all are looked at, the newest kRowsWalkedMax at most.
class Timeline {
 public:
  Timeline(const Scene& scene, ClientId client, Fields& query)
      : scene_(scene),
        prefix_(storage::key_bytes(client)),
        kind_(query.choice<MomentKind>("kind")),
        since_(query.since("since", scene.now)),
        until_(query.since("until", scene.now)),
        shows_all_(query.boolean("all").value_or(false)),
        page_(query, kMomentNumbers) {
    if (const auto& position = page_.behind()) behind_ = moment_at(*position);
  }

  Result<Json> finish() {
    if (wants(MomentKind::run)) note(look_at_runs());
    if (wants(MomentKind::alert) || wants(MomentKind::delivery)) note(look_at_alerts());
    if (wants(MomentKind::change)) note(look_at_changes());
    if (!status_) return fail(status_.error());
    std::ranges::sort(places_, std::greater<>());
    for (const auto& place : places_) {
      if (seen_until_ && place < *seen_until_) break;
      const auto show = [&] { return moment_in_json(scene_, place); };
      if (!page_.add(position_of(place), true, show)) return page_.finish();
    }
    page_.count_rows(rows_);
    if (seen_until_) page_.pass_by(position_of(*seen_until_));
    return page_.finish();
  }

 private:
  [[nodiscard]] bool wants(MomentKind kind) const { return !kind_ || *kind_ == kind; }

  void note(const Status& seen) {
    if (!seen && status_) status_ = fail(seen.error());
  }

  void add(const MomentPlace& place) {
    const bool is_wanted = wants(place.kind) && (!behind_ || place < *behind_) &&
                           (!since_ || place.at >= *since_) && (!until_ || place.at <= *until_);
    if (is_wanted) places_.push_back(place);
  }

  // The first key behind what this page may show, in the order of time.
  [[nodiscard]] std::string begin_of_runs() const {
    auto last = until_;
    if (behind_) last = std::min(last.value_or(behind_->at), behind_->at);
    if (!last) return {};
    return prefix_ + storage::key_bytes(storage::number_of(*last + Duration(1)));
  }

  Status look_at_runs() {
    std::size_t walked = 0;
    return scene_.snapshot.each_from<core::Run>(
        TableNumber::run_by_client_time, prefix_, Order::descending, begin_of_runs(),
        [&](const core::Run& run) {
          if (since_ && run.received_at < *since_) return false;
          const MomentPlace place{run.received_at, MomentKind::run, run.id.value};
          if (shows_all_ || !is_high_frequency(run, scene_.rows)) add(place);
          const bool goes_on = ++walked < kRowsWalkedMax && places_.size() <= page_.limit();
          if (walked == kRowsWalkedMax) seen_until_ = place;
          rows_ = walked;
          return goes_on;
        });
  }

  Status look_at_alerts() {
    std::size_t walked = 0;
    return scene_.snapshot.each_in<core::Alert>(
        TableNumber::alert_by_client, prefix_, Order::descending, std::nullopt,
        [&](const core::Alert& alert) {
          const auto id = alert.id.value;
          add({alert.first_at, MomentKind::alert, id, AlertMoment::raised});
          if (const auto& remark = alert.acknowledgement) {
            add({remark->at, MomentKind::alert, id, AlertMoment::acknowledged});
          }
          if (const auto& end = alert.inactivation) {
            add({end->at, MomentKind::alert, id, AlertMoment::inactivated});
          }
          if (wants(MomentKind::delivery)) note(look_at_deliveries(alert.id));
          return status_ && ++walked < kRowsWalkedMax;
        });
  }

  // Each at its end; one that has none yet, when it came to be.
  Status look_at_deliveries(AlertId alert) {
    return scene_.snapshot.each_in<core::Notification>(
        TableNumber::notification_by_alert, storage::key_bytes(alert), Order::ascending,
        std::nullopt, [&](const core::Notification& row) {
          add({row.ended_at.value_or(row.created_at), MomentKind::delivery, row.id.value});
          return ++deliveries_ < kRowsWalkedMax;
        });
  }

  Status look_at_changes() {
    std::size_t walked = 0;
    return scene_.snapshot.each_in<core::AuditEntry>(
        TableNumber::audit_by_client, prefix_, Order::descending, std::nullopt,
        [&](const core::AuditEntry& entry) {
          add({entry.at, MomentKind::change, entry.id.value});
          return ++walked < kRowsWalkedMax;
        });
  }

  const Scene& scene_;
  std::string prefix_;  // of the indexes of a client
  std::optional<MomentKind> kind_;
  std::optional<Instant> since_;
  std::optional<Instant> until_;
  bool shows_all_;
  Page page_;
  std::optional<MomentPlace> behind_;
  std::optional<MomentPlace> seen_until_;  // there may be runs before it that were not looked at
  std::vector<MomentPlace> places_;
  std::size_t rows_ = 0;
  std::size_t deliveries_ = 0;
  Status status_;
};

constexpr Duration kGapsReachBack = std::chrono::hours(24) * 30;
constexpr std::size_t kGapsMax = 500;  // of those that can be told apart in a chart

Json gap(Instant from, const std::optional<Instant>& until, std::string_view why) {
  return {{"from", in_json(from)}, {"until", in_json(until)}, {"why", why}};
}

bool is_away(const core::Client& client) {
  return client.state == core::ClientState::disconnected ||
         client.state == core::ClientState::offline;
}

// That goes on: since it said goodbye, or since it was called disconnected.
Json present_gap(const core::Client& client) {
  const auto why = client.goodbye ? "it said goodbye: " + std::string(to_text(*client.goodbye))
                                  : std::string("nothing is heard of it");
  return gap(client.state_since, std::nullopt, why);
}

}  // namespace

Result<Answer> show_timeline(const Scene& scene, Asked& asked) {
  const auto client = client_known_as(scene, asked.names[0]);
  if (!client) return fail(client.error());
  Timeline timeline(scene, client->id, asked.query);
  if (auto ok = asked.query.finish(); !ok) return fail(ok.error());
  auto json = timeline.finish();
  if (!json) return fail(json.error());
  return Answer(std::move(*json));
}

Result<Answer> show_gaps(const Scene& scene, Asked& asked) {
  const auto client = client_known_as(scene, asked.names[0]);
  if (!client) return fail(client.error());
  Json items = Json::array();
  if (is_away(*client)) items.push_back(present_gap(*client));
  const auto reached = scene.now - kGapsReachBack;
  std::size_t walked = 0;
  const auto seen = scene.snapshot.each_in<core::Alert>(
      TableNumber::alert_by_client, storage::key_bytes(client->id), Order::descending, std::nullopt,
      [&](const core::Alert& alert) {
        // What an operator ended by hand says nothing of when it was back.
        const bool is_gap =
            alert.kind == core::AlertKind::client_disconnected && alert.inactivation &&
            alert.inactivation->reason == core::InactiveReason::recovered_by_connection;
        if (is_gap && alert.inactivation->at >= reached) {
          items.push_back(gap(alert.first_at, alert.inactivation->at, alert.message));
        }
        return ++walked < kRowsWalkedMax && items.size() < kGapsMax;
      });
  if (!seen) return fail(seen.error());
  return Answer(Json{{"items", std::move(items)}, {"next", Json()}});
}

}  // namespace vaultbell::api
