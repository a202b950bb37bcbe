// Policy: who is told of the alerts of a vault or of a client, and when (section 6 of
// docs/domain.md). Plain data, and the questions that need nothing else.
#pragma once

#include <optional>
#include <vector>

#include "aggregator/core/settings.hpp"
#include "aggregator/core/words.hpp"
#include "shared/base/ids.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/domain/daily_hours.hpp"

namespace vaultbell::core {

// People who are named together.
struct Audience {
  std::vector<ContactId> contacts;  // ordered, each once
  std::vector<GroupId> groups;      // ordered, each once

  [[nodiscard]] bool is_empty() const { return contacts.empty() && groups.empty(); }
  bool operator==(const Audience&) const = default;
};

// Hours in which nobody wants to be told, by a clock of that zone.
struct QuietHours {
  DailyHours hours;
  std::string zone;
  bool do_critical_pass = true;

  bool operator==(const QuietHours&) const = default;
};

inline constexpr Duration kRemindEveryMin = std::chrono::minutes(5);  // below it is noise
inline constexpr Duration kRemindEveryMax = std::chrono::hours(30 * 24);
inline constexpr Duration kEscalateAfterMax = std::chrono::hours(30 * 24);

// What is absent is as usual: every alert, one message for each, with the hold of the level above.
struct Policy {
  PolicyMode mode = PolicyMode::default_recipients;
  Audience audience;                       // of a custom policy
  std::optional<Severity> least_severity;  // less severe alerts tell nobody
  std::vector<AlertKind> kinds;            // only these tell anybody; empty: all. Ordered
  std::optional<Duration> notify_after;
  std::vector<KindHold> notify_after_by_kind;  // ordered by kind, each once
  std::optional<Frequency> frequency;
  bool tells_recovery = true;
  std::optional<Duration> remind_every;    // while it is active and nobody has claimed it
  std::optional<Duration> escalate_after;  // the same: then these are told as well
  Audience escalation;
  std::optional<QuietHours> quiet;

  bool operator==(const Policy&) const = default;
};

// The vault or client (one of the two is set) whose policy it is.
struct PolicyHolder {
  VaultId vault;
  ClientId client;

  auto operator<=>(const PolicyHolder&) const = default;
};

// The policy that counts for a client, and whose it is (R6.2). Borrows its arguments.
struct PolicyInForce {
  const Policy* policy = nullptr;
  PolicyLevel level = PolicyLevel::vault;
};
PolicyInForce in_force(const Policy& vault, const Policy& client);

// How long an alert of this kind is held: the client's own word before the vault's, and that before
// the account's; at each level the one for the kind before the one for all (R4.5). A client's
// policy that is the vault's has no word of its own.
Duration notify_after(const Settings& settings, const Policy& vault, const Policy& client,
                      AlertKind kind);

// Refuses what cannot be meant: times out of range, a custom policy without anybody, a vault's that
// is the vault's. `what` names the thing: `the policy of vault "prod"`.
Status check_policy(const Policy& policy, PolicyLevel level, std::string_view what);

}  // namespace vaultbell::core
