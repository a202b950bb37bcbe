// bench_core: what the aggregator's core costs with 10,000, 100,000 and 1,000,000 clients. Prints
// figures and, more to the point, their ratios: absolute ones differ from machine to machine.
//
//   bench_core [CLIENTS...]
//
// What one decision or one turn costs must not grow with the number of clients: a ratio far above 1
// in the column of the largest fleet is a mistake. What concerns a whole fleet says so.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "aggregator/core/silence.hpp"
#include "shared/domain/zone.hpp"
#include "tests/bench/fleet.hpp"

namespace vaultbell::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kTimes = 100'000;  // enough to average over caches and the allocator
constexpr std::size_t kSlowTimes = 5;    // of what concerns a whole fleet
constexpr std::uint64_t kStride = 7919;  // a prime: neighbours in time are none in memory

// One row of the table: microseconds a time, for each size of fleet.
struct Row {
  std::string what;
  std::vector<double> figures;
};

double microseconds(std::size_t times, const std::function<void(std::size_t)>& act) {
  const auto started = Clock::now();
  for (std::size_t i = 0; i < times; ++i) act(i);
  const std::chrono::duration<double, std::micro> took = Clock::now() - started;
  return took.count() / static_cast<double>(times);
}

class Bench {
 public:
  void measure(std::size_t count);
  void print() const;

 private:
  void note(const std::string& what, double figure) {
    const auto known = std::ranges::find(rows_, what, &Row::what);
    if (known == rows_.end()) {
      rows_.push_back({what, {figure}});
    } else {
      known->figures.push_back(figure);
    }
  }
  void measure_reports(Fleet& fleet, std::size_t count);
  void measure_turns(Fleet& fleet, std::size_t count);
  void measure_fleet(Fleet& fleet, std::size_t count);
  void measure_silence(std::size_t count);

  std::vector<std::size_t> counts_;
  std::vector<Row> rows_;
};

std::uint64_t client_at(std::size_t i, std::size_t count) {
  return 1 + i * kStride % count;
}

void Bench::measure_reports(Fleet& fleet, std::size_t count) {
  auto& state = fleet.state;
  const auto now = begin();
  note("a report of a run that succeeded", microseconds(kTimes, [&](std::size_t i) {
         carry_out(state, now, next_report(fleet, client_at(i, count), Outcome::succeeded));
       }));
  note("a report that raises an alert", microseconds(1000, [&](std::size_t i) {
         carry_out(state, now, next_report(fleet, client_at(i, count), Outcome::failed));
       }));
  note("a report that ends an alert", microseconds(1000, [&](std::size_t i) {
         carry_out(state, now, next_report(fleet, client_at(i, count), Outcome::succeeded));
       }));
  note("a hello", microseconds(kTimes, [&](std::size_t i) {
         const auto client = client_at(i, count);
         const auto& row = state.clients.at({client});
         carry_out(state, now,
                   core::HelloReceived{.client = {client}, .host = row.host, .client_time = now});
       }));
}

void Bench::measure_turns(Fleet& fleet, std::size_t count) {
  auto& state = fleet.state;
  std::int64_t sum = 0;
  note("a turn in which nothing is due", microseconds(kTimes, [&](std::size_t) {
         const auto deadline = core::next_deadline(state);
         sum += deadline ? deadline->time_since_epoch().count() : 0;
       }));
  if (sum == 1) fmt::print("never\n");  // so that the loop is not optimised away
  note("a tick that finds nothing due",
       microseconds(kTimes, [&](std::size_t) { carry_out(state, begin(), core::Tick{}); }));
  // An hour after they were due all jobs are missed: a slice of them with each tick.
  const auto late = begin() + std::chrono::hours(3);
  note("a tick in which jobs are missed",
       microseconds(std::min<std::size_t>(count / 20, 1000),
                    [&](std::size_t) { carry_out(state, late, core::Tick{}); }));
}

void Bench::measure_fleet(Fleet& fleet, std::size_t count) {
  auto& state = fleet.state;
  const auto now = begin();
  note("moving one client to another vault", microseconds(kSlowTimes, [&](std::size_t i) {
         carry_out(state, now,
                   core::Order{.actor = "ops",
                               .what = core::MoveClient{{client_at(i, count)}, {1 + i % 2}}});
       }));
  note("an outage of one vault", microseconds(kSlowTimes, [&](std::size_t i) {
         core::Outage outage{.vault = {1}, .alert = {1}, .silent_from = now};
         if (i % 2 == 1) outage.over_at = now;
         core::evolve(state, core::Put{outage});
       }));
  note("a reload that changes no times", microseconds(kSlowTimes, [&](std::size_t i) {
         auto settings = state.settings;
         settings.account_name = std::to_string(i);
         carry_out(state, now, core::Reconfigured{settings});
       }));
  note("a gap in listening (whole fleet)", microseconds(kSlowTimes, [&](std::size_t) {
         carry_out(state, now, core::ListeningResumed{std::chrono::seconds(20)});
       }));
}

void Bench::measure_silence(std::size_t count) {
  core::Silence silence;
  const Steady start(std::chrono::hours(1000));
  const auto limit = std::chrono::seconds(90);
  for (std::uint64_t i = 1; i <= count; ++i) silence.watch({i}, limit, true, start);
  note("a heartbeat", microseconds(kTimes, [&](std::size_t i) {
         silence.heard({client_at(i, count)}, start + std::chrono::seconds(1));
       }));
  note("looking who is silent (whole fleet)", microseconds(1, [&](std::size_t) {
         silence.sweep(start + std::chrono::milliseconds(1), 256);
       }));
  note("a turn of the gateway, nobody silent", microseconds(1000, [&](std::size_t i) {
         silence.sweep(start + std::chrono::milliseconds(10 * i), 256);
       }));
}

void Bench::measure(std::size_t count) {
  counts_.push_back(count);
  auto fleet = make_fleet(count);
  note("bytes in memory per client", fleet.bytes_per_client);
  note("bytes in memory per job", fleet.bytes_per_job);
  measure_reports(fleet, count);
  measure_fleet(fleet, count);
  measure_turns(fleet, count);
  measure_silence(count);
}

void Bench::print() const {
  fmt::print("{:38}", "microseconds with so many clients:");
  for (const auto count : counts_) fmt::print("{:>12}", count);
  fmt::print("{:>10}\n", "ratio");
  for (const auto& [what, figures] : rows_) {
    fmt::print("{:38}", what);
    for (const auto figure : figures) fmt::print("{:12.2f}", figure);
    fmt::print("{:10.2f}\n", figures.back() / figures.front());
  }
  const auto report = std::ranges::find(rows_, "a report of a run that succeeded", &Row::what);
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    fmt::print("{} clients: {:.0f} reports of runs a second\n", counts_[i],
               1e6 / report->figures[i]);
  }
}

}  // namespace

}  // namespace vaultbell::bench

int main(int argc, char** argv) {
  if (const auto zones = vaultbell::load_zones(); !zones) {
    fmt::print(stderr, "{}\n", zones.error().message);
    return EXIT_FAILURE;
  }
  std::vector<std::size_t> counts;
  for (int i = 1; i < argc; ++i) counts.push_back(std::strtoul(argv[i], nullptr, 10));
  if (counts.empty()) counts = {10'000, 100'000, 1'000'000};
  vaultbell::bench::Bench bench;
  for (const auto count : counts) {
    if (count < 2 * vaultbell::bench::kClientsPerVault) {
      fmt::print(stderr, "at least {} clients are needed: two vaults\n",
                 2 * vaultbell::bench::kClientsPerVault);
      return EXIT_FAILURE;
    }
    bench.measure(count);
  }
  bench.print();
  return EXIT_SUCCESS;
}
