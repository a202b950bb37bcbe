// bench_api: what the pages of lists cost at the server when the store is full. Prints for each the
// median and the 99th percentile, in milliseconds, from the request to the whole answer.
//
//   bench_api [CLIENTS RUNS]       100000 1000000 unless it is told otherwise
//
// Each is asked for again and again on a connection of its own, as one browser would. The store is
// made in $TMPDIR and removed at the end; that many runs take about 2 GB and some minutes.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "aggregator/api/server.hpp"
#include "shared/domain/zone.hpp"
#include "tests/bench/fleet.hpp"
#include "tests/bench/long_history.hpp"
#include "tests/support/raw_http.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::bench {

namespace {

using Timer = std::chrono::steady_clock;

constexpr std::size_t kTimes = 100;  // so that one of them is the 99th percentile

constexpr const char* kPages[] = {
    "status",
    "vaults",
    "clients",
    "clients?limit=500",
    "clients?state=online",
    "clients?vault=vault-7",
    "clients?q=99",
    "clients?q=nowhere",
    "clients?policy=differs",
    "clients?stale=24h",
    "clients?outdated=false",
    "clients/backup-host-7",
    "clients/backup-host-7/timeline",
    "policies",
    "jobs",
    "jobs?client=backup-host-7",
    "runs",
    "runs?limit=500",
    "runs?outcome=failed",
    "runs?outcome=cancelled",
    "runs?operation=verify",
    "runs?since=1h",
    "runs?client=backup-host-7",
    "runs?client=backup-host-7&job=restic-home&outcome=failed",
    "alerts",
    "alerts?state=all",
    "alerts?client=backup-host-1&state=all",
    "alerts?vault=vault-7&state=all",
    "deliveries",
    "deliveries?state=given_up",
    "deliveries?state=pending",
    "deliveries?recipient=nobody@example.org",
    "audit",
    "search?q=9",
    "search?q=nowhere",
};

// Stands still, an hour after the last run.
class BenchClock final : public Clock {
 public:
  [[nodiscard]] Instant wall() const override { return begin() + std::chrono::hours(1); }
  [[nodiscard]] Steady steady() const override { return Steady(std::chrono::hours(1000)); }
};

double percentile(const std::vector<double>& ascending, std::size_t part) {
  return ascending.at(part * (ascending.size() - 1) / 100);
}

void measure(const std::filesystem::path& socket, const std::string& page) {
  std::vector<double> figures;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < kTimes; ++i) {
    const auto started = Timer::now();
    const auto answer = support::ask(socket, "GET", "/api/v1/" + page);
    const std::chrono::duration<double, std::milli> took = Timer::now() - started;
    figures.push_back(took.count());
    bytes = answer.body.size();
    if (answer.status != 200) fmt::print(stderr, "{}: {}\n", page, answer.body);
  }
  std::ranges::sort(figures);
  fmt::print("{:60}{:10.2f}{:10.2f}{:10}\n", page, percentile(figures, 50), percentile(figures, 99),
             bytes);
}

api::Facts facts_of_bench() {
  api::Facts facts;
  facts.version = "1.0.0";
  facts.started_at = begin();
  facts.settings.owners = {"ops@example.org"};
  return facts;
}

Status run(const HistorySize& size) {
  const support::TemporaryFolder folder;
  auto store = storage::Store::open(folder.path(), storage::kMapBytesDefault,
                                    lmdb::Durability::end_of_program);
  if (!store) return fail(store.error());
  if (auto ok = fill(**store, size); !ok) return ok;
  const board::Board board;
  const BenchClock clock;
  const auto socket = folder.path() / "control.sock";
  const auto server = api::Server::start({.socket = socket},
                                         {.post = [](const core::Command&) { return false; },
                                          .apply = [](const api::ApplyRequest&) { return false; },
                                          .store = (*store)->environment(),
                                          .board = board,
                                          .clock = clock},
                                         facts_of_bench());
  if (!server) return fail(server.error());
  fmt::print("{:60}{:>10}{:>10}{:>10}\n", "page", "p50 ms", "p99 ms", "bytes");
  for (const auto* page : kPages) measure(socket, page);
  return {};
}

}  // namespace

}  // namespace vaultbell::bench

int main(int argc, char** argv) {
  using vaultbell::bench::HistorySize;
  if (argc != 1 && argc != 3) {
    fmt::print(stderr, "usage: bench_api [CLIENTS RUNS]\n");
    return EXIT_FAILURE;
  }
  HistorySize size{.clients = 100'000, .runs = 1'000'000};
  if (argc == 3) {
    size = {.clients = std::strtoul(argv[1], nullptr, 10),
            .runs = std::strtoul(argv[2], nullptr, 10)};
  }
  if (size.clients < 10 * vaultbell::bench::kClientsPerVault || size.runs < size.clients) {
    fmt::print(stderr, "at least {} clients and a run of each are needed\n",
               10 * vaultbell::bench::kClientsPerVault);
    return EXIT_FAILURE;
  }
  const auto zones = vaultbell::load_zones();
  const auto done =
      zones ? vaultbell::bench::run(size) : vaultbell::Status(vaultbell::fail(zones.error()));
  if (done) return EXIT_SUCCESS;
  fmt::print(stderr, "{}\n", done.error().message);
  return EXIT_FAILURE;
}
