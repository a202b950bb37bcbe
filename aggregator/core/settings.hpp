// Settings: what the configuration file tells the core, and how a client's own times follow from
// account, vault and client. Not stored: the file is read again at every start.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "aggregator/core/words.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/domain/time_of_day.hpp"

namespace vaultbell::core {

// How a failed delivery is tried again (R7.4).
struct RetrySettings {
  Duration first = std::chrono::seconds(30);
  Duration longest = std::chrono::minutes(30);
  Duration give_up_after = std::chrono::hours(24);

  bool operator==(const RetrySettings&) const = default;
};

// The times of one client's connection (R2.4, R2.7).
struct ClientTiming {
  Duration heartbeat_every = std::chrono::seconds(30);
  Duration disconnect_after = std::chrono::seconds(90);
  Duration offline_grace = std::chrono::hours(1);

  bool operator==(const ClientTiming&) const = default;
};

// What a vault or a client sets for itself; what is absent is inherited.
struct TimingOverrides {
  std::optional<Duration> heartbeat_every;
  std::optional<Duration> disconnect_after;
  std::optional<Duration> offline_grace;

  bool operator==(const TimingOverrides&) const = default;
};

// The hold of alerts of one kind (R4.5).
struct KindHold {
  AlertKind kind = AlertKind::backup_failed;
  Duration notify_after{};

  bool operator==(const KindHold&) const = default;
};

// Messages that one address gets at most in a stretch of time; what exceeds it is gathered (R7.11).
struct SendLimit {
  std::size_t count = 0;
  Duration window{};

  bool operator==(const SendLimit&) const = default;
};

// How long history is kept (R3.9).
struct RetentionSettings {
  Duration runs = std::chrono::hours(24 * 400);
  Duration alerts = std::chrono::hours(24 * 400);
  Duration notifications = std::chrono::hours(24 * 90);
  Duration audit = std::chrono::hours(24 * 400);

  bool operator==(const RetentionSettings&) const = default;
};

struct ChannelSettings {
  bool is_configured = true;      // messages can be sent by it
  std::vector<SendLimit> limits;  // all of them hold

  bool operator==(const ChannelSettings&) const = default;
};

// An alert and its notifications fit one decision.
inline constexpr std::size_t kOwnersMax = 16;
inline constexpr std::size_t kRecipientsMax = 60;  // addresses of one policy, besides the owners

struct Settings {
  std::string account_name;
  std::vector<std::string> owners;  // mail addresses (R5.7)
  ClientTiming timing;
  Duration notify_after = std::chrono::hours(1);  // R4.5
  std::vector<KindHold> notify_after_by_kind;     // ordered by kind, each once
  bool off_silences_destructive = false;          // R6.3
  std::int64_t digest_minute = 0;                 // of the hour (R7.1)
  MinuteOfDay daily_digest_at = std::chrono::hours(8);
  std::string daily_digest_zone = "UTC";
  std::int64_t outage_share_percent = 50;  // of a vault's online clients (R2.11)
  Duration outage_window = std::chrono::minutes(2);
  bool has_bands = true;      // whether unusual runs are alerts
  bool does_approve = false;  // whether single-use tokens ask for approval too (R2.9)
  RetrySettings retry;
  RetentionSettings retention;
  ChannelSettings email{.limits = {{60, std::chrono::hours(1)}}};
  ChannelSettings mobile{.limits = {{5, std::chrono::minutes(15)}, {11, std::chrono::hours(1)}}};
  ChannelSettings webhook{.limits = {{60, std::chrono::hours(1)}}};  // needs no configuration

  bool operator==(const Settings&) const = default;
};

const ChannelSettings& settings_of(const Settings& settings, Channel channel);

// Below this the heartbeats would cost more than they tell.
inline constexpr Duration kHeartbeatEveryMin = std::chrono::milliseconds(200);
inline constexpr Duration kHeartbeatEveryMax = std::chrono::hours(1);

// With longer ones a silence would as good as never be found.
inline constexpr Duration kDisconnectAfterMax = std::chrono::hours(7 * 24);
inline constexpr Duration kOfflineGraceMax = std::chrono::hours(365 * 24);

// Fewer clients than this are never an outage of their vault.
inline constexpr std::size_t kOutageClientsMin = 5;

inline constexpr Duration kNotifyAfterMax = std::chrono::hours(30 * 24);

// What an agent may need to find back to an aggregator that was away: it tries every 3 to 6 s.
inline constexpr Duration kReturnWithin = std::chrono::seconds(10);

// A held alert waits no longer than this for a client to speak, however long it may be silent.
inline constexpr Duration kSettlingMax = std::chrono::minutes(10);

// How long the aggregator listens again before it tells what may have changed while it did not
// (R2.6).
constexpr Duration settling_time(const ClientTiming& timing) {
  return std::clamp(timing.disconnect_after, kReturnWithin, kSettlingMax);
}

// Refuses times that would make false alerts; the message says why.
Status check_timing(const ClientTiming& timing);

// Client before vault before account, as they are set.
ClientTiming inherit(const ClientTiming& account, const TimingOverrides& vault,
                     const TimingOverrides& client);

// The times that count: as inherited, but where a heartbeat from one level does not fit a limit
// from another, the limit is lifted to two heartbeats: one late heartbeat would be a false alert.
ClientTiming resolve(const ClientTiming& account, const TimingOverrides& vault,
                     const TimingOverrides& client);

}  // namespace vaultbell::core
