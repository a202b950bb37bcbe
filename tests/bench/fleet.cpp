#include "tests/bench/fleet.hpp"

#include <malloc.h>
#include <string>

#include "shared/base/check.hpp"

namespace vaultbell::bench {

namespace {

// What the heap holds now, by the C library's own account.
double heap_bytes() {
  return static_cast<double>(mallinfo2().uordblks) + static_cast<double>(mallinfo2().hblkhd);
}

Uuid numbered(std::uint64_t kind, std::uint64_t number) {
  Uuid uuid;
  for (std::size_t i = 0; i < 8; ++i) {
    uuid.bytes[i] = static_cast<std::uint8_t>(kind >> (8 * i));
    uuid.bytes[8 + i] = static_cast<std::uint8_t>(number >> (8 * i));
  }
  return uuid;
}

PublicKey key_of(std::uint64_t number) {
  PublicKey key;
  for (std::size_t i = 0; i < 8; ++i) {
    key.bytes[i] = static_cast<std::uint8_t>(number * 0x9E3779B97F4A7C15U >> (8 * i));
  }
  return key;
}

void put(core::State& state, core::Row row) {
  core::evolve(state, core::Put{std::move(row)});
}

}  // namespace

Instant begin() {
  return *parse_iso("2026-03-01T02:00:00Z");
}

core::Client client_numbered(std::uint64_t number) {
  const auto name = "backup-host-" + std::to_string(number);
  return {.id = {number},
          .vault = {1 + (number - 1) / kClientsPerVault},
          .name = name,
          .public_key = key_of(number),
          .state = core::ClientState::online,
          .state_since = begin(),
          .created_at = begin(),
          .host = {.boot = numbered(1, number),
                   .agent_version = "1.0.0",
                   .hostname = name + ".example.org",
                   .os = "Debian GNU/Linux 12",
                   .address = "192.0.2.1"},
          .boots = {{numbered(1, number), "192.0.2.1"}}};
}

core::Job job_numbered(std::uint64_t number) {
  return {.id = {number},
          .client = {number},
          .name = "restic-home",
          .created_at = begin(),
          .tool = "restic",
          .settings = {.schedule = Schedule{.cron = "0 3 * * *", .zone = "UTC"},
                       .max_age = std::chrono::hours(26)},
          .expected_after = begin(),
          .aged_from = begin(),
          .unverified_from = begin()};
}

Fleet make_fleet(std::size_t count) {
  Fleet fleet;
  auto& state = fleet.state;
  state.settings.owners = {"ops@example.org"};
  state.listening_since = begin() - std::chrono::hours(1);
  fleet.sequence.resize(count + 1);
  put(state, core::Address{.address = "ops@example.org", .welcomed_at = begin()});
  for (std::uint64_t i = 1; i <= 1 + (count - 1) / kClientsPerVault; ++i) {
    put(state, core::Vault{.id = {i}, .name = "vault-" + std::to_string(i)});
  }
  const auto empty = heap_bytes();
  for (std::uint64_t i = 1; i <= count; ++i) put(state, client_numbered(i));
  const auto with_clients = heap_bytes();
  for (std::uint64_t i = 1; i <= count; ++i) put(state, job_numbered(i));
  const auto with_jobs = heap_bytes();
  put(state, core::Counters{.vault = count, .client = count, .job = count});
  fleet.bytes_per_client = (with_clients - empty) / static_cast<double>(count);
  fleet.bytes_per_job = (with_jobs - with_clients) / static_cast<double>(count);
  return fleet;
}

core::ReportReceived next_report(Fleet& fleet, std::uint64_t client, Outcome outcome) {
  const auto sequence = ++fleet.sequence[client];
  core::ReportReceived received{
      .client = {client}, .spool = numbered(2, client), .sequence = sequence};
  received.report.run = numbered(sequence, client);
  received.report.job = "restic-home";
  received.report.outcome = outcome;
  received.report.started_at = begin() - std::chrono::minutes(20);
  received.report.ended_at = begin();
  received.report.statistics = {
      .bytes_read = 1'000'000, .bytes_added = 40'000, .bytes_total = 1'000'000, .files = 4200};
  received.report.tool = "restic";
  received.report.snapshot = "8f3a1c90";
  return received;
}

std::size_t carry_out(core::State& state, Instant now, const core::Command& command) {
  const auto decision = core::decide(state, now, command);
  for (const auto& change : decision.changes) core::evolve(state, change);
  return decision.changes.size();
}

}  // namespace vaultbell::bench
