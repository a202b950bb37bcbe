// Figures: everything counted once, for the overview and for the check.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "aggregator/api/scene.hpp"

namespace vaultbell::api {

// Some things of one kind: how many, and the names of the first few.
struct Named {
  static constexpr std::size_t kNamesMax = 5;  // a sentence can be read to its end

  std::uint64_t count = 0;
  std::vector<std::string> names;

  void add(const std::string& name);
};

// "db-1, web-1 and 3 more"
std::string in_words(const Named& named);

// "1 client", "3 clients"
std::string counted(std::uint64_t count, std::string_view one, std::string_view many);

// Rows of history that are looked at for one day's figures, the newest: some 100 ms.
inline constexpr std::size_t kHistoryMax = 50'000;

struct Figures {
  std::map<core::ClientState, std::uint64_t> clients;
  std::uint64_t clients_in_service = 0;  // all but the retired
  Named disconnected;
  Named never_connected;  // enrolled kConnectPatience ago, and not seen yet
  Named skewed;           // by more than kSkewMax
  Named spooling;         // back for kConnectPatience, and reports that it kept are still to come
  Named passed_jobs;      // that agents declare and of which nothing is expected
  Named full_spools;      // of clients that can keep no more reports
  std::uint64_t vaults = 0;
  std::uint64_t vaults_that_notify = 0;  // whose policy is not off
  Named in_place;  // those by which the owners are told, since nobody whom they name is reached
  Named untold;  // vaults, and clients with a policy of their own, that name nobody who is reached
  Named unreached;  // contacts that policies name, and that have no verified address
  std::uint64_t jobs = 0;
  std::map<Outcome, std::uint64_t> runs;  // of the last day
  bool are_runs_complete = true;          // false: there were more than could be counted
  std::map<core::Severity, std::uint64_t> active_alerts;
  Named self_alerts;                             // what of the aggregator itself is in trouble
  std::optional<Instant> channel_failing_since;  // of the one that fails for longest
  Named failing_channels;
  Named unproven_channels;    // that are configured, and delivered nothing for kProofMax
  std::uint64_t pending = 0;  // deliveries
  std::uint64_t sending = 0;
  std::optional<Instant> oldest_delivery_at;  // of those that have not ended
  std::uint64_t given_up = 0;                 // deliveries, in the last day
  bool are_deliveries_complete = true;        // false: there are more, of which none was looked at
  std::vector<Duration> latencies;            // of what was delivered in the last day, ascending
  std::uint64_t requests_waiting = 0;
  double store_share = 0;  // used, of what the store may grow to
};

inline constexpr Duration kDay = std::chrono::hours(24);
inline constexpr Duration kConnectPatience = std::chrono::minutes(10);
inline constexpr Duration kSkewMax = std::chrono::seconds(60);
// After a month without a message nobody knows whether one would arrive.
inline constexpr Duration kProofMax = 30 * kDay;

Result<Figures> count_all(const Scene& scene);

}  // namespace vaultbell::api
