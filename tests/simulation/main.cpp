// Plays seeds of the simulation: `simulate --help` says how.
#include <chrono>
#include <cstdio>
#include <string_view>

#include <fmt/format.h>

#include "shared/base/duration.hpp"
#include "shared/base/log.hpp"
#include "shared/base/uuid.hpp"
#include "shared/domain/zone.hpp"
#include "tests/simulation/simulation.hpp"

namespace simulation = vaultbell::simulation;

namespace {

constexpr std::uint64_t kCanarySeeds = 50;  // in which each canary must be found

constexpr std::string_view kHelp =
    "simulate [--seed N|random] [--seeds COUNT] [--days D] [--for DURATION] [--aloud]\n"
    "         [--canary NAME|all]\n"
    "Plays the seeds N, N+1, ... and ends with 1 at the first that finds a fault.\n"
    "--for plays seeds until the time is over; --aloud shows the events before a fault;\n"
    "--canary makes a mistake on purpose, which must be found.\n";

struct Wanted {
  std::uint64_t seed = 1;
  std::uint64_t seeds = 1;
  int days = 30;
  vaultbell::Duration time{};
  bool is_aloud = false;
  std::string canary;
};

std::uint64_t number_in(std::string_view text) {
  std::uint64_t number = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') {
      fmt::print(stderr, "simulate: \"{}\" is not a number\n", text);
      std::exit(2);
    }
    number = number * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  return number;
}

std::uint64_t any_seed() {
  const auto uuid = vaultbell::random_uuid();
  return uuid.bytes[0] * 65536U + uuid.bytes[1] * 256U + uuid.bytes[2];
}

// Ends the program where the arguments are not understood.
Wanted read_arguments(int argc, char** argv) {
  Wanted wanted;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name(argv[i]);
    if (name == "--help") {
      fmt::print("{}", kHelp);
      std::exit(0);
    }
    if (name == "--aloud") {
      wanted.is_aloud = true;
      continue;
    }
    const std::string_view value(++i < argc ? argv[i] : "");
    if (name == "--seed") {
      wanted.seed = value == "random" ? any_seed() : number_in(value);
    } else if (name == "--seeds") {
      wanted.seeds = number_in(value);
    } else if (name == "--days") {
      wanted.days = static_cast<int>(number_in(value));
    } else if (name == "--canary") {
      wanted.canary = value;
    } else if (const auto time = vaultbell::parse_duration(value); name == "--for" && time) {
      wanted.time = *time;
    } else {
      fmt::print(stderr, "simulate: \"{} {}\" is not understood\n{}", name, value, kHelp);
      std::exit(2);
    }
  }
  return wanted;
}

void show(const simulation::Run& run, const simulation::Outcome& outcome) {
  for (const auto& event : outcome.last_events) fmt::print("{}\n", event);
  fmt::print("seed {}: at {} it was found that {}\n", run.seed,
             vaultbell::to_iso(outcome.fault->at), outcome.fault->sentence);
  fmt::print("again: simulate --seed {} --days {} --aloud\n", run.seed, run.days);
}

int play_seeds(const Wanted& wanted) {
  const auto begin = std::chrono::steady_clock::now();
  const auto is_over = [&](std::uint64_t played) {
    if (wanted.time == vaultbell::Duration::zero()) return played >= wanted.seeds;
    return std::chrono::steady_clock::now() - begin >= wanted.time;
  };
  std::uint64_t played = 0;
  for (; !is_over(played); ++played) {
    const simulation::Run run{
        .seed = wanted.seed + played, .days = wanted.days, .is_aloud = wanted.is_aloud};
    const auto outcome = simulation::play(run);
    if (outcome.fault) {
      show(run, outcome);
      return 1;
    }
    fmt::print("seed {}: well, {}\n", run.seed, outcome.figures);
    std::fflush(stdout);
  }
  fmt::print("{} seeds of {} days from {}: nothing was found\n", played, wanted.days, wanted.seed);
  return 0;
}

// The seed at which the canary was found; 0: at none.
std::uint64_t find_canary(const Wanted& wanted, simulation::Canary canary) {
  for (std::uint64_t i = 0; i < kCanarySeeds; ++i) {
    const simulation::Run run{.seed = wanted.seed + i,
                              .days = wanted.days,
                              .canary = canary,
                              .is_aloud = wanted.is_aloud};
    const auto outcome = simulation::play(run);
    if (!outcome.fault) continue;
    for (const auto& event : outcome.last_events) fmt::print("{}\n", event);
    fmt::print("{}: found with seed {}, the {}. played: {}\n", vaultbell::to_text(canary), run.seed,
               i + 1, outcome.fault->sentence);
    std::fflush(stdout);
    return run.seed;
  }
  fmt::print("{}: not found with {} seeds from {}\n", vaultbell::to_text(canary), kCanarySeeds,
             wanted.seed);
  return 0;
}

int find_canaries(const Wanted& wanted) {
  if (wanted.canary != "all") {
    const auto canary = vaultbell::parse_enum<simulation::Canary>("canary", wanted.canary);
    if (!canary) {
      fmt::print(stderr, "simulate: {}\n", canary.error().message);
      return 2;
    }
    return find_canary(wanted, *canary) != 0 ? 0 : 1;
  }
  int missed = 0;
  for (const auto& [canary, text] : vaultbell::kEnumText<simulation::Canary>) {
    if (find_canary(wanted, canary) == 0) ++missed;
  }
  return missed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  vaultbell::log::start(vaultbell::log::Level::error);
  if (const auto ok = vaultbell::load_zones(); !ok) {
    fmt::print(stderr, "simulate: {}\n", ok.error().message);
    return 2;
  }
  const auto wanted = read_arguments(argc, argv);
  fmt::print("from seed {}\n", wanted.seed);
  return wanted.canary.empty() ? play_seeds(wanted) : find_canaries(wanted);
}
