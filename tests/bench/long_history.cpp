#include "tests/bench/long_history.hpp"

#include <functional>

#include <fmt/format.h>

#include "tests/bench/fleet.hpp"

namespace vaultbell::bench {

namespace {

constexpr std::size_t kRowsInCommit = 20'000;
constexpr auto kRunsReachBack = std::chrono::hours(240);
constexpr std::uint64_t kEachFailed = 100;
constexpr std::uint64_t kEachActive = 10;   // of the alerts
constexpr std::uint64_t kEachGivenUp = 50;  // of the messages, of which each alert has two
constexpr std::uint64_t kChangesMax = 20'000;

// Rows on their way into the store, and a line now and then.
class Filling {
 public:
  explicit Filling(storage::Store& store) : store_(store) {}

  void each(std::string_view what, std::uint64_t count,
            const std::function<void(std::uint64_t)>& put_row) {
    for (std::uint64_t number = 1; number <= count && status_; ++number) {
      put_row(number);
      if (rows_.size() < kRowsInCommit && number < count) continue;
      const auto committed = store_.commit(rows_);
      if (!committed) status_ = fail(committed.error());
      rows_.clear();
      fmt::print(stderr, "\r{}: {} of {}   ", what, number, count);
    }
    fmt::print(stderr, "\n");
  }
  void put(core::Row row) { rows_.push_back(core::Put{std::move(row)}); }
  [[nodiscard]] const Status& status() const { return status_; }

 private:
  storage::Store& store_;
  core::WriteSet rows_;
  Status status_;
};

core::Client client_of_history(std::uint64_t number) {
  auto client = client_numbered(number);
  client.state_since = begin() - std::chrono::minutes(number % 10'000);
  if (number % 50 == 0) client.state = core::ClientState::disconnected;
  if (number % 70 == 0) client.state = core::ClientState::offline;
  if (number % 90 == 0) client.state = core::ClientState::invited;
  if (number % 1000 == 0) client.policy.mode = core::PolicyMode::off;
  if (number % 500 == 1) client.host.agent_version = "0.9.0";
  return client;
}

Instant time_of_run(std::uint64_t number, const HistorySize& size) {
  const auto apart = Duration(kRunsReachBack) / static_cast<Duration::rep>(size.runs);
  return begin() - kRunsReachBack + apart * static_cast<Duration::rep>(number);
}

core::Run run_numbered(std::uint64_t number, const HistorySize& size) {
  const auto client = 1 + number % size.clients;
  core::Run run{.id = {number},
                .client = {client},
                .job = {client},
                .received_at = time_of_run(number, size),
                .verdict = core::RunVerdict::ended_well};
  auto& report = run.report;
  report.job = "restic-home";
  report.outcome = Outcome::succeeded;
  report.started_at = run.received_at - std::chrono::minutes(20);
  report.ended_at = run.received_at;
  report.statistics = {.bytes_read = 1'000'000, .bytes_added = 40'000, .files = 4200};
  report.tool = "restic";
  report.snapshot = "8f3a1c90";
  report.output = std::string(400, 'o');
  if (number % kEachFailed != 0) return run;
  report.outcome = Outcome::failed;
  report.output = std::string(4000, 'o');
  run.verdict = core::RunVerdict::raised_alert;
  run.alert = {number / kEachFailed};
  return run;
}

core::Job job_of_history(std::uint64_t number, const HistorySize& size) {
  auto job = job_numbered(number);
  const auto last = size.runs - (size.runs + size.clients - (number - 1)) % size.clients;
  job.last_run = {last};
  job.last_run_at = time_of_run(last, size);
  job.last_outcome = last % kEachFailed == 0 ? Outcome::failed : Outcome::succeeded;
  if (number % 100 != 0) job.last_good_at = job.last_run_at;
  return job;
}

core::Alert alert_numbered(std::uint64_t number, const HistorySize& size) {
  const auto run = number * kEachFailed;
  const auto client = 1 + run % size.clients;
  const bool is_active = number % kEachActive == 0;
  core::Alert alert{.id = {number},
                    .vault = client_numbered(client).vault,
                    .client = {client},
                    .job = {client},
                    .state = is_active ? core::AlertState::active : core::AlertState::inactive,
                    .first_at = time_of_run(run, size),
                    .run = {run},
                    .message = "exit code 1"};
  alert.last_at = alert.first_at;
  alert.decision = core::NotifyDecision{.at = alert.first_at + std::chrono::hours(1)};
  if (!is_active) alert.inactivation = core::Inactivation{.at = alert.first_at};
  return alert;
}

core::Notification message_numbered(std::uint64_t number, const HistorySize& size) {
  const auto alert = (number + 1) / 2;
  const bool is_given_up = number % kEachGivenUp == 0;
  return {
      .id = {number},
      .alert = {alert},
      .recipient = {"ops@example.org", core::Channel::email, "ops@example.org"},
      .state = is_given_up ? core::NotificationState::given_up : core::NotificationState::delivered,
      .created_at = time_of_run(alert * kEachFailed, size),
      .attempts = 1,
      .end_reason = core::EndReason::accepted_by_remote,
      .ended_at = time_of_run(alert * kEachFailed, size)};
}

core::AuditEntry change_numbered(std::uint64_t number) {
  core::AuditEntry entry{
      .id = {number}, .at = begin(), .actor = "ops", .action = "set_policy", .changes = {{}}};
  entry.changes[0].before = core::AuditedRow{.client = client_of_history(number)};
  entry.changes[0].after = entry.changes[0].before;
  return entry;
}

}  // namespace

Status fill(storage::Store& store, const HistorySize& size) {
  const auto vaults = 1 + (size.clients - 1) / kClientsPerVault;
  const auto alerts = size.runs / kEachFailed;
  Filling filling(store);
  filling.each("vaults", vaults, [&](std::uint64_t number) {
    filling.put(core::Vault{.id = {number}, .name = fmt::format("vault-{}", number)});
  });
  filling.each("clients", size.clients,
               [&](std::uint64_t number) { filling.put(client_of_history(number)); });
  filling.each("jobs", size.clients,
               [&](std::uint64_t number) { filling.put(job_of_history(number, size)); });
  filling.each("runs", size.runs,
               [&](std::uint64_t number) { filling.put(run_numbered(number, size)); });
  filling.each("alerts", alerts,
               [&](std::uint64_t number) { filling.put(alert_numbered(number, size)); });
  filling.each("messages", 2 * alerts,
               [&](std::uint64_t number) { filling.put(message_numbered(number, size)); });
  filling.each("changes", std::min<std::uint64_t>(size.clients, kChangesMax),
               [&](std::uint64_t number) { filling.put(change_numbered(number)); });
  return filling.status();
}

}  // namespace vaultbell::bench
