#include "aggregator/storage/history.hpp"

#include <algorithm>
#include <array>

#include "aggregator/core/retention.hpp"
#include "shared/base/check.hpp"

namespace vaultbell::storage {

namespace {

bool is_open(const core::Notification& notification) {
  return notification.state == core::NotificationState::pending ||
         notification.state == core::NotificationState::sending;
}

bool is_over(const core::Alert& alert) {
  return alert.state == core::AlertState::inactive && !alert.recovery_next;
}

// ---- when a row came to be, as nearly as it says

Instant begun_at(const core::Run& row) {
  return row.received_at;
}
Instant begun_at(const core::Alert& row) {
  return row.first_at;
}
Instant begun_at(const core::AuditEntry& row) {
  return row.at;
}
template <class R>
Instant begun_at(const R& row) {
  return row.created_at;
}

// ---- since when a row has been history; absent: it is none yet

std::optional<Instant> ended_at(const core::Run& row) {
  return row.received_at;
}
std::optional<Instant> ended_at(const core::Alert& row) {
  if (!is_over(row)) return std::nullopt;
  return row.inactivation ? row.inactivation->at : row.last_at;
}
std::optional<Instant> ended_at(const core::Notification& row) {
  return is_open(row) ? std::nullopt : row.ended_at;
}
std::optional<Instant> ended_at(const core::AuditEntry& row) {
  return row.at;
}
std::optional<Instant> ended_at(const core::Maintenance& row) {
  return row.ended_at;
}
std::optional<Instant> ended_at(const core::Token& row) {
  return row.expires_at;
}
// The last time that anything was known of the address.
std::optional<Instant> ended_at(const core::Address& row) {
  Instant last{};
  for (const auto& at : {row.verified_at, row.welcomed_at}) {
    if (at) last = std::max(last, *at);
  }
  for (const auto* times : {&row.codes_sent, &row.sent}) {
    if (!times->empty()) last = std::max(last, times->back());
  }
  if (row.code) last = std::max(last, row.code->expires_at);
  return last;
}

// Addresses stand in the order of their names: none of them says anything about the others.
Instant begun_at(const core::Address&) {
  return Instant::min();
}

// ---- for how long it is kept

Duration kept_for(const core::RetentionSettings& retention, const core::Run*) {
  return retention.runs;
}
Duration kept_for(const core::RetentionSettings& retention, const core::Alert*) {
  return retention.alerts;
}
Duration kept_for(const core::RetentionSettings& retention, const core::Maintenance*) {
  return retention.alerts;
}
Duration kept_for(const core::RetentionSettings& retention, const core::Notification*) {
  return retention.notifications;
}
Duration kept_for(const core::RetentionSettings& retention, const core::Address*) {
  return retention.notifications;
}
Duration kept_for(const core::RetentionSettings& retention, const core::AuditEntry*) {
  return retention.audit;
}
Duration kept_for(const core::RetentionSettings& retention, const core::Token*) {
  return retention.audit;
}

// One slice in the making.
class Finder {
 public:
  Finder(const Snapshot& snapshot, const core::RetentionSettings& retention, Instant now)
      : snapshot_(snapshot), retention_(retention), now_(now) {}

  // Looks through a table from the cursor on. False: it goes on in the next slice.
  template <class R>
  bool look(HistoryCursor& cursor) {
    const auto kept_since = now_ - kept_for(retention_, static_cast<const R*>(nullptr));
    std::optional<typename R::Key> after;
    if (cursor.after) after = std::get<typename R::Key>(*cursor.after);
    std::size_t young = 0;
    bool goes_on = false;
    note(snapshot_.each<R>(Order::ascending, after, [&](const R& row) {
      goes_on = slice.rows_read >= kHistoryRowsReadMax;
      if (goes_on || young >= kYoungRowsMax) return false;
      ++slice.rows_read;
      young = begun_at(row) > kept_since ? young + 1 : 0;
      const auto ended = ended_at(row);
      const bool is_expired = ended && *ended <= kept_since && !is_needed(row);
      goes_on = is_expired && !take(row);
      if (!goes_on) cursor.after = row.key();
      return !goes_on && status.has_value();
    }));
    return !goes_on;
  }

  HistorySlice slice;
  Status status;

 private:
  void note(const Status& seen) {
    if (!seen && status) status = fail(seen.error());
  }

  template <class R>
  std::optional<R> get(const typename R::Key& key) {
    ++slice.rows_read;
    auto row = snapshot_.get<R>(key);
    if (row) return std::move(*row);
    note(fail(row.error()));
    return std::nullopt;
  }

  // False: it has no place in this slice.
  bool take(const core::ErasedKey& key) {
    if (slice.keys.size() >= core::kExpiredMax) return false;
    slice.keys.push_back(key);
    return true;
  }
  template <class R>
  bool take(const R& row) {
    return take(core::ErasedKey(row.key()));
  }
  bool take(const core::Notification& row) {
    bool has_room = true;
    note(snapshot_.each_under<core::Attempt>(row.id.value, [&](const core::Attempt& attempt) {
      has_room = take(core::ErasedKey(attempt.key()));
      return has_room;
    }));
    return has_room && take(core::ErasedKey(row.key()));
  }

  // ---- what something that is going on refers to

  template <class R>
  bool is_needed(const R&) {
    return false;
  }
  bool is_needed(const core::Run& row) {
    const auto job = get<core::Job>(row.job);
    if (job && job->last_run == row.id) return true;
    if (get<core::OpenRun>({row.client, row.report.run})) return true;
    const auto alert = row.alert.is_set() ? get<core::Alert>(row.alert) : std::nullopt;
    return alert && names(*alert, row.id) && (!is_over(*alert) || is_needed(*alert));
  }
  // An alert stays as long as a message about it: one that was given up can be sent again.
  bool is_needed(const core::Alert& row) {
    bool has_messages = false;
    note(snapshot_.each_in<core::Notification>(TableNumber::notification_by_alert,
                                               key_bytes(row.id), Order::ascending, std::nullopt,
                                               [&](const core::Notification&) {
                                                 ++slice.rows_read;
                                                 has_messages = true;
                                                 return false;
                                               }));
    return has_messages;
  }
  bool is_needed(const core::Notification& row) {
    const auto alert = row.alert.is_set() ? get<core::Alert>(row.alert) : std::nullopt;
    if (alert && !is_over(*alert)) return true;
    return is_in_open_digest(row) || tells_of_active_alert(row);
  }

  static bool names(const core::Alert& alert, RunId run) {
    return alert.run == run || (alert.inactivation && alert.inactivation->run == run);
  }
  bool is_in_open_digest(const core::Notification& row) {
    if (!row.digest.is_set()) return false;
    const auto digest = get<core::Notification>(row.digest);
    return digest && is_open(*digest);
  }
  // Whether it is a digest in which somebody was told of an alert that is not over.
  bool tells_of_active_alert(const core::Notification& digest) {
    if (digest.event != core::NotificationEvent::digest) return false;
    bool is_found = false;
    note(snapshot_.each_in<core::Notification>(TableNumber::notification_by_digest,
                                               key_bytes(digest.id), Order::ascending, std::nullopt,
                                               [&](const core::Notification& row) {
                                                 const auto alert = get<core::Alert>(row.alert);
                                                 is_found = alert && !is_over(*alert);
                                                 return !is_found;
                                               }));
    return is_found;
  }

  const Snapshot& snapshot_;
  const core::RetentionSettings& retention_;
  Instant now_;
};

using Look = bool (Finder::*)(HistoryCursor&);

// Messages before the alerts that they are about, and runs behind the alerts that name them.
constexpr std::array<Look, 7> kTables = {
    &Finder::look<core::Notification>, &Finder::look<core::Alert>,       &Finder::look<core::Run>,
    &Finder::look<core::AuditEntry>,   &Finder::look<core::Maintenance>, &Finder::look<core::Token>,
    &Finder::look<core::Address>,
};

}  // namespace

Result<HistorySlice> expired_history(const Snapshot& snapshot,
                                     const core::RetentionSettings& retention, Instant now,
                                     const HistoryCursor& from) {
  check(from.table < kTables.size(), "a sweep is in one of its tables");
  Finder finder(snapshot, retention, now);
  auto cursor = from;
  const bool is_done = (finder.*kTables.at(from.table))(cursor);
  if (!finder.status) return fail(finder.status.error());
  if (is_done) cursor = {from.table + 1, std::nullopt};
  finder.slice.is_end = cursor.table == kTables.size();
  finder.slice.next = finder.slice.is_end ? HistoryCursor{} : cursor;
  return std::move(finder.slice);
}

}  // namespace vaultbell::storage
