#include "tests/simulation/options.hpp"

#include "tests/simulation/random.hpp"

namespace vaultbell::simulation {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

// The last third of a run is calm, and at least so long: a message is tried for a day, and a held
// alert may wait for days.
constexpr int kCalmDaysMin = 4;

core::ClientTiming draw_timing(Random& random) {
  core::ClientTiming timing;
  timing.heartbeat_every =
      random.one_of<Duration>({minutes(2), minutes(10), minutes(20), minutes(30), minutes(60)});
  timing.disconnect_after = timing.heartbeat_every * random.between(2, 4) +
                            random.between(Duration(0), Duration(minutes(5)));
  timing.offline_grace = random.one_of<Duration>({minutes(30), hours(1), hours(6)});
  return timing;
}

NetworkRates draw_network(Random& random) {
  if (random.one_in(4)) return {};
  return {.lost = random.below(40), .doubled = random.below(30), .late = random.below(60)};
}

FaultRates draw_faults(Random& random) {
  const auto every = [&](Duration least, Duration most) { return random.between(least, most); };
  return {.crash = every(hours(8), hours(96)),
          .crash_at_commit = every(hours(4), hours(48)),
          .restart = every(hours(24), hours(200)),
          .slow_disk = every(hours(12), hours(100)),
          .full_disk = every(hours(40), hours(300)),
          .suspension = every(hours(24), hours(200)),
          .clock_step = every(hours(24), hours(200)),
          .partition = every(hours(6), hours(60)),
          .wide_partition = every(hours(40), hours(300)),
          .agent_restart = every(hours(8), hours(100)),
          .host_crash = every(hours(24), hours(200)),
          .receiver_trouble = every(hours(6), hours(60)),
          .relay_trouble = every(hours(24), hours(200)),
          .reload = every(hours(24), hours(200)),
          .order = every(hours(1), hours(12))};
}

}  // namespace

core::Settings draw_settings(std::uint64_t seed, std::uint64_t number) {
  Random timings(seed, "timing");  // the same for every reload of a run
  Random random(seed + number, "settings");
  core::Settings settings;
  settings.account_name = "Simulated Ltd";
  settings.owners = {"owner1@example.org"};
  if (random.coin()) settings.owners.emplace_back("owner2@example.org");
  settings.timing = draw_timing(timings);
  settings.notify_after =
      random.one_of<Duration>({minutes(0), minutes(15), hours(1), hours(1), hours(4)});
  settings.digest_minute = random.between(0, 59);
  settings.outage_share_percent = random.between(30, 80);
  settings.off_silences_destructive = random.one_in(4);
  if (random.one_in(4)) {
    settings.retry = {.first = minutes(1), .longest = minutes(10), .give_up_after = hours(6)};
  }
  return settings;
}

Steady Options::calm_from() const {
  const int calm_days = std::max(days / 3, std::min(kCalmDaysMin, days));
  return end() - std::chrono::days(calm_days);
}

Options draw_options(std::uint64_t seed, int days) {
  Random random(seed, "options");
  Options options{.seed = seed, .days = days};
  options.vaults = 1 + random.below(3);
  options.hosts = 2 + random.below(7);
  options.jobs_per_host = 1 + random.below(3);
  options.contacts = random.below(5);
  options.spool_max_bytes = random.coin() ? 50U << 10U : 1U << 20U;
  options.failing_runs = 50 + random.below(200);
  options.settings = draw_settings(seed, 0);
  options.network = draw_network(random);
  options.faults = draw_faults(random);
  return options;
}

}  // namespace vaultbell::simulation
