// Fleet: a State with as many clients as asked for, each with one job that is expected every day.
#pragma once

#include <cstddef>

#include "aggregator/core/command.hpp"
#include "aggregator/core/engine.hpp"

namespace vaultbell::bench {

inline constexpr std::size_t kClientsPerVault = 1000;

// Where all of them live: 2026-03-01 02:00 UTC.
Instant begin();

// Numbers from 1 on; the job of that number is the client's.
core::Client client_numbered(std::uint64_t number);
core::Job job_numbered(std::uint64_t number);

struct Fleet {
  core::State state;
  std::vector<std::uint64_t> sequence;  // of the last report of each client, by its number
  double bytes_per_client = 0;
  double bytes_per_job = 0;
};

// `count` clients that are online, in vaults of kClientsPerVault, which have one job each. The
// client numbers are 1 to count, those of the jobs the same.
Fleet make_fleet(std::size_t count);

// The next report of a client: a backup of its job.
core::ReportReceived next_report(Fleet& fleet, std::uint64_t client, Outcome outcome);

// Decides and applies; returns how many rows were written.
std::size_t carry_out(core::State& state, Instant now, const core::Command& command);

}  // namespace vaultbell::bench
