#include "aggregator/auditor/audit.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace vaultbell::auditor {

namespace {

using storage::Order;
using storage::Snapshot;
using storage::TableNumber;

// For so long every message is kept, whatever retention says: that is a day at least, and a clock
// that is set back makes it shorter.
constexpr Duration kMessagesKept = std::chrono::hours(12);

// A message that could go out for so long, and has not, is forgotten: its line and its channel are
// free, and no limit holds it back.
constexpr Duration kUnsentMax = std::chrono::minutes(15);

// One attempt takes at most ten minutes, and waits for at most fifteen before it.
constexpr Duration kSendingMax = std::chrono::hours(3);

// So many under way at once are all that a channel may have: then the others wait for them.
constexpr std::size_t kChannelIsBusyFrom = 16;

bool is_open(const core::Notification& row) {
  return row.state == core::NotificationState::pending ||
         row.state == core::NotificationState::sending;
}

// No limit of messages in a time holds these back.
bool is_unlimited(core::NotificationEvent event) {
  return event == core::NotificationEvent::verification || event == core::NotificationEvent::test;
}

const std::vector<core::SendLimit>& limits_of(const core::Settings& settings,
                                              core::Channel channel) {
  switch (channel) {
    case core::Channel::email:
      return settings.email.limits;
    case core::Channel::mobile:
      return settings.mobile.limits;
    case core::Channel::webhook:
      return settings.webhook.limits;
  }
  return settings.email.limits;
}

bool is_at_limit(const core::Address& address, const Circumstances& circumstances) {
  const auto& limits = limits_of(circumstances.settings, address.channel);
  return std::ranges::any_of(limits, [&](const core::SendLimit& limit) {
    const auto since = circumstances.now - kUnsentMax - limit.window;
    const auto sent = std::ranges::count_if(address.sent, [&](Instant at) { return at > since; });
    return static_cast<std::size_t>(sent) >= limit.count;
  });
}

// One round in the making. Every look_at... sees one slice, with a snapshot that ends with it.
class Round {
 public:
  Round(const lmdb::Environment& store, const Circumstances& circumstances,
        const std::stop_token& stop)
      : store_(store), circumstances_(circumstances), stop_(stop) {}

  Result<Findings> walk() {
    if (auto ok = look_for_clock_shifts(); !ok) return fail(ok.error());
    for (const auto index : {TableNumber::active_alerts, TableNumber::recovering_alerts}) {
      if (auto ok = walk_alerts(index); !ok) return fail(ok.error());
    }
    if (auto ok = walk_history(); !ok) return fail(ok.error());
    if (auto ok = walk_open_notifications(); !ok) return fail(ok.error());
    name_unsent();
    if (stop_.stop_requested()) findings_.is_conclusive = false;
    return std::move(findings_);
  }

 private:
  void add_gap(std::string about, std::string sentence) {
    ++findings_.gap_count;
    if (findings_.gaps.size() >= kGapsMax) return;
    findings_.gaps.push_back({std::move(about), std::move(sentence)});
  }
  void add_gap(const core::Alert& alert, std::string sentence) {
    add_gap(fmt::format("alert {}", alert.id.value), std::move(sentence));
  }

  // While the times in the store are being moved along with the clock, they mean nothing.
  Status look_for_clock_shifts() {
    const auto snapshot = Snapshot::take(store_);
    if (!snapshot) return fail(snapshot.error());
    findings_.is_conclusive = snapshot->count(TableNumber::clock_shifts) == 0;
    return {};
  }

  // Calls `see` for the rows that an index names, kRowsPerSlice at a time.
  template <class R, class See>
  Status walk_index(TableNumber index, const See& see) {
    std::optional<typename R::Key> after;
    for (bool goes_on = true; goes_on && !stop_.stop_requested();) {
      const auto snapshot = Snapshot::take(store_);
      if (!snapshot) return fail(snapshot.error());
      std::size_t rows = 0;
      Status status;
      const auto walked =
          snapshot->each_in<R>(index, {}, Order::ascending, after, [&](const R& row) {
            after = row.id;
            status = see(*snapshot, row);
            return status.has_value() && ++rows < kRowsPerSlice;
          });
      if (!walked) return walked;
      if (!status) return status;
      goes_on = rows == kRowsPerSlice;
    }
    return {};
  }

  Status walk_alerts(TableNumber index) {
    return walk_index<core::Alert>(index, [this](const Snapshot& snapshot, const core::Alert& row) {
      ++findings_.alerts;
      return row.state == core::AlertState::inactive ? look_at_over(snapshot, row)
                                                     : look_at_active(snapshot, row);
    });
  }

  Status walk_history() {
    const auto snapshot = Snapshot::take(store_);
    if (!snapshot) return fail(snapshot.error());
    std::size_t rows = 0;
    Status status;
    const auto walked =
        snapshot->each<core::Alert>(Order::descending, std::nullopt, [&](const core::Alert& row) {
          if (row.state == core::AlertState::inactive && !row.recovery_next) {
            ++findings_.alerts;
            status = look_at_over(*snapshot, row);
          }
          return status.has_value() && ++rows < kHistoryAlertsMax;
        });
    if (!walked) return walked;
    return status;
  }

  // ---- alerts

  Status look_at_active(const Snapshot& snapshot, const core::Alert& alert) {
    if (!alert.decision) return look_at_undecided(snapshot, alert);
    switch (alert.decision->reason) {
      case core::NotifyReason::notified:
        return look_for_messages(snapshot, alert);
      case core::NotifyReason::resolved_during_hold:
      case core::NotifyReason::inactivated_during_hold:
      case core::NotifyReason::covered_by_outage:
        add_gap(alert, fmt::format("it is active, but was told to nobody because of \"{}\"",
                                   to_text(alert.decision->reason)));
        return {};
      case core::NotifyReason::nobody_policy_off:
      case core::NotifyReason::nobody_no_owner:
      case core::NotifyReason::nobody_below_severity:
      case core::NotifyReason::nobody_kind_excluded:
      case core::NotifyReason::nobody_reachable:
      case core::NotifyReason::nobody_no_other_channel:
        return {};  // the recorded reason
    }
    return {};
  }

  Status look_at_undecided(const Snapshot& snapshot, const core::Alert& alert) {
    if (is_too_early(circumstances_)) return {};
    const auto surroundings = surroundings_of(snapshot, alert);
    if (!surroundings) return fail(surroundings.error());
    if (auto why = overdue(alert, *surroundings, circumstances_)) add_gap(alert, std::move(*why));
    return {};
  }

  Status look_at_over(const Snapshot& snapshot, const core::Alert& alert) {
    if (!alert.inactivation) {
      add_gap(alert, "it is over, and nothing says why");
    } else if (!alert.decision) {
      add_gap(alert, "it is over, and nothing says whether anybody was told of it");
    } else if (alert.recovery_next && !is_too_early(circumstances_) &&
               alert.inactivation->at < circumstances_.now - kPatience) {
      add_gap(alert, fmt::format("it is over since {}, and not all who were told of it heard that",
                                 to_iso(alert.inactivation->at)));
    } else if (alert.decision->reason == core::NotifyReason::notified) {
      return look_for_messages(snapshot, alert);
    }
    return {};
  }

  // Somebody was told of it: then there are the messages, as long as they must be kept. Those of an
  // alert that was over in between may be gone.
  Status look_for_messages(const Snapshot& snapshot, const core::Alert& alert) {
    const bool is_fresh = alert.decision->at > circumstances_.now - kMessagesKept;
    const bool was_always_active =
        alert.state != core::AlertState::inactive && alert.hold_from <= alert.decision->at;
    if (!is_fresh && !was_always_active) return {};
    std::size_t count = 0;
    Status status;
    std::set<NotificationId> missing;
    const auto require = [&](NotificationId id) {
      const auto row = snapshot.get<core::Notification>(id);
      if (!row) status = fail(row.error());
      if (row && !*row) missing.insert(id);
    };
    const auto walked = snapshot.each_in<core::Notification>(
        TableNumber::notification_by_alert, storage::key_bytes(alert.id), Order::ascending,
        std::nullopt, [&](const core::Notification& row) {
          ++count;
          if (row.state == core::NotificationState::gathered) require(row.digest);
          return status.has_value();
        });
    if (!walked) return walked;
    for (const auto& told : alert.told) require(told.notification);
    if (!status) return status;
    if (!missing.empty()) {
      add_gap(alert, fmt::format("somebody was told of it by notification {}, which is not there",
                                 missing.begin()->value));
    } else if (count == 0) {
      add_gap(alert, "somebody was to be told of it, and there is no notification");
    }
    return {};
  }

  Result<Surroundings> surroundings_of(const Snapshot& snapshot, const core::Alert& alert) {
    if (auto ok = read_maintenances(snapshot); !ok) return fail(ok.error());
    auto client = snapshot.get<core::Client>(alert.client);
    if (!client) return fail(client.error());
    auto vault = snapshot.get<core::Vault>(*client ? (*client)->vault : alert.vault);
    if (!vault) return fail(vault.error());
    auto outage = snapshot.get<core::Outage>(alert.vault);
    if (!outage) return fail(outage.error());
    return Surroundings{std::move(*client), std::move(*vault), std::move(*outage), *maintenances_};
  }

  // Once a slice.
  Status read_maintenances(const Snapshot& snapshot) {
    if (maintenances_) return {};
    maintenances_.emplace();
    return snapshot.each_in<core::Maintenance>(TableNumber::open_maintenances, {}, Order::ascending,
                                               std::nullopt, [&](const core::Maintenance& row) {
                                                 maintenances_->push_back(row);
                                                 return true;
                                               });
  }

  // ---- messages

  Status walk_open_notifications() {
    return walk_index<core::Notification>(
        TableNumber::open_notifications,
        [this](const Snapshot& snapshot, const core::Notification& row) {
          ++findings_.notifications;
          if (row.state == core::NotificationState::sending) {
            look_at_sending(row);
            return Status();
          }
          return look_at_pending(snapshot, row);
        });
  }

  void look_at_sending(const core::Notification& row) {
    ++sending_[row.recipient.channel];
    sending_to_.insert(row.recipient.place());
    const auto since = row.attempting_since.value_or(row.created_at);
    if (since > circumstances_.now - kSendingMax || is_too_early(circumstances_)) return;
    add_gap(
        fmt::format("notification {}", row.id.value),
        fmt::format("it is being sent since {}, longer than any attempt may take", to_iso(since)));
  }

  Status look_at_pending(const Snapshot& snapshot, const core::Notification& row) {
    const bool is_unsent = row.next_attempt_at < circumstances_.now - kUnsentMax;
    if (!is_unsent || is_too_early(circumstances_)) return {};
    const auto before = snapshot.get<core::Notification>(row.follows);
    if (!before) return fail(before.error());
    if (*before && is_open(**before)) return {};
    const auto address = snapshot.get<core::Address>(row.recipient.place());
    if (!address) return fail(address.error());
    const bool is_held_back =
        !is_unlimited(row.event) && *address && is_at_limit(**address, circumstances_);
    if (is_held_back || unsent_.size() >= kGapsMax) return {};
    unsent_.push_back({row.id, row.recipient.place(), row.next_attempt_at});
    return {};
  }

  // Of those that could go out: where the line and the channel are free.
  void name_unsent() {
    for (const auto& [id, place, at] : unsent_) {
      const bool must_wait =
          sending_to_.contains(place) || sending_[place.channel] >= kChannelIsBusyFrom;
      if (must_wait) continue;
      add_gap(fmt::format("notification {}", id.value),
              fmt::format("it waits to be sent since {}, and nothing holds it back", to_iso(at)));
    }
  }

  struct Unsent {
    NotificationId id;
    core::AddressKey place;
    Instant at;
  };

  const lmdb::Environment& store_;
  const Circumstances& circumstances_;
  const std::stop_token& stop_;
  Findings findings_;
  std::optional<std::vector<core::Maintenance>> maintenances_;  // as of the slice
  std::map<core::Channel, std::size_t> sending_;
  std::set<core::AddressKey> sending_to_;
  std::vector<Unsent> unsent_;
};

}  // namespace

Result<Findings> audit(const lmdb::Environment& store, const Circumstances& circumstances,
                       const std::stop_token& stop) {
  return Round(store, circumstances, stop).walk();
}

}  // namespace vaultbell::auditor
