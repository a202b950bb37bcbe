#include "aggregator/core/nights.hpp"

#include <utility>
#include <vector>

#include "shared/domain/zone.hpp"

namespace vaultbell::core {

namespace {

// With each new day so many old ones go: their number shrinks.
constexpr std::size_t kOldNightsAtOnce = 2;

std::vector<Night::Key> nights_of(const Draft& draft, VaultId vault) {
  std::vector<Night::Key> keys;
  const auto& rows = draft.before().nights;
  for (auto row = rows.lower_bound({vault, 0}); row != rows.end(); ++row) {
    if (row->first.vault != vault) break;
    keys.push_back(row->first);
  }
  return keys;
}

// Today's row of the vault; with the first of a day the oldest go.
Night tonight(Draft& draft, VaultId vault) {
  const auto day = day_of(draft.before().settings, draft.now());
  if (auto row = draft.get<Night>({vault, day})) return *row;
  const auto known = nights_of(draft, vault);
  for (std::size_t i = 0; i < known.size() && i < kOldNightsAtOnce; ++i) {
    if (known[i].day + kNightsKept <= day) draft.erase(known[i]);
  }
  return {.vault = vault, .day = day};
}

void count(Night& night, Outcome outcome) {
  switch (outcome) {
    case Outcome::succeeded:
      ++night.succeeded;
      return;
    case Outcome::warning:
      ++night.warning;
      return;
    case Outcome::failed:
      ++night.failed;
      return;
    case Outcome::cancelled:
      ++night.cancelled;
      return;
    case Outcome::running:
      return;
  }
}

}  // namespace

std::uint32_t day_of(const Settings& settings, Instant at) {
  const auto zone = find_zone(settings.daily_digest_zone);
  const auto minute = (zone ? *zone : Zone()).local_minute(at);
  const auto day = std::chrono::floor<std::chrono::days>(minute).time_since_epoch().count();
  return day < 0 ? 0 : static_cast<std::uint32_t>(day);
}

void count_night(Draft& draft, const Client& client, const Job& job, const Run& run) {
  const auto& report = run.report;
  const bool is_of_a_night =
      report.operation == Operation::backup && !job.settings.is_high_frequency;
  if (!is_of_a_night || report.outcome == Outcome::running) return;
  auto night = tonight(draft, client.vault);
  count(night, report.outcome);
  draft.put(night);
}

void count_missed_night(Draft& draft, const Job& job) {
  const auto client = draft.get<Client>(job.client);
  if (!client || job.settings.is_high_frequency) return;
  auto night = tonight(draft, client->vault);
  ++night.missed;
  draft.put(night);
}

void forget_nights(Draft& draft, VaultId vault) {
  for (const auto& key : nights_of(draft, vault)) draft.erase(key);
}

}  // namespace vaultbell::core
