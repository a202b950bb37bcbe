// Telling: when an alert may be told, and told again: the hold, and what postpones it (R2.6, R2.11,
// R4.5 to R4.8, R6.4). Works on rows alone, so that `explain` says exactly what the core does.
#pragma once

#include <map>
#include <optional>

#include "aggregator/core/policy.hpp"
#include "aggregator/core/rows.hpp"
#include "aggregator/core/settings.hpp"

namespace vaultbell::core {

// Since when the aggregator has been listening without a gap, and when everybody has had the time
// to speak again.
struct Listening {
  Instant since;
  Instant settled_at;
};

// What the telling of one alert depends on; borrowed from wherever it is kept.
struct TellingFacts {
  const Settings& settings;
  const Policy& vault_policy;
  const Policy& client_policy;
  VaultId vault;                   // that the alert's client is in now
  const Client* client = nullptr;  // null: it is about none
  const Outage* outage = nullptr;  // the last one of its vault; null: there was none
  const std::map<MaintenanceId, Maintenance>& maintenances;  // that are not over
  Listening listening;
};

// What holds an alert back that could be told by now: for explaining it.
enum class HeldBy : std::uint8_t { hold, outage, disconnect, maintenance, quiet_hours };

// When an alert that is not decided will be told if nothing changes, and what it waits for last.
// Until absent: when what holds it is over, which no time says.
struct Held {
  std::optional<Instant> until;
  HeldBy by = HeldBy::hold;

  bool operator==(const Held&) const = default;
};
// Absent: it is decided, or over.
std::optional<Held> held(const Alert& alert, const TellingFacts& facts);

// Whether a window or quiet hours stand against telling at this moment. What is due may run into
// one that did not cover the moment at which it became due.
bool is_postponed(const Alert& alert, const TellingFacts& facts, Instant at);

// When those who were told are reminded next; absent: never.
std::optional<Instant> reminded_next_at(const Alert& alert, const TellingFacts& facts);

// When the second set of people is told; absent: never.
std::optional<Instant> escalated_next_at(const Alert& alert, const TellingFacts& facts);

// Whether a maintenance covers alerts like this one at all, whatever the time.
bool is_about(const Maintenance& maintenance, const Alert& alert, VaultId vault);

// The end of the window that covers the instant; absent: none does.
std::optional<Instant> covered_until(const Maintenance& maintenance, Instant at);

}  // namespace vaultbell::core

namespace vaultbell {

template <>
inline constexpr auto kEnumText<core::HeldBy> = std::to_array<EnumText<core::HeldBy>>({
    {core::HeldBy::hold, "hold"},
    {core::HeldBy::outage, "outage"},
    {core::HeldBy::disconnect, "disconnect"},
    {core::HeldBy::maintenance, "maintenance"},
    {core::HeldBy::quiet_hours, "quiet_hours"},
});

}  // namespace vaultbell
