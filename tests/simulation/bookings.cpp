#include "tests/simulation/bookings.hpp"

#include "aggregator/storage/snapshot.hpp"
#include "aggregator/storage/store.hpp"
#include "shared/base/check.hpp"
#include "tests/simulation/host.hpp"

namespace vaultbell::simulation {

namespace {

std::string label_of(const RunReport& report) {
  return "the report of " + report.job + " (" + std::string(to_text(report.outcome)) + ", run " +
         to_text(report.run) + ")";
}

}  // namespace

Bookings::Told& Bookings::part_of(Known& known, const RunReport& report) {
  return report.outcome == Outcome::running ? known.start : known.end;
}

ClientId Bookings::client_of(const Host& host) const {
  const auto found = client_by_key_.find(host.key());
  return found == client_by_key_.end() ? ClientId{} : found->second;
}

std::optional<Steady> Bookings::began_at(const Uuid& run) const {
  const auto known = runs_.find(run);
  if (known == runs_.end()) return std::nullopt;
  return known->second.start.report ? known->second.start.made_at : known->second.end.made_at;
}

std::optional<Steady> Bookings::ended_at(const Uuid& run) const {
  const auto known = runs_.find(run);
  if (known == runs_.end() || !known->second.end.report) return std::nullopt;
  return known->second.end.made_at;
}

void Bookings::accepted(const Host& host, const RunReport& report) {
  auto& known = runs_[report.run];
  known.host = host.key();
  auto& told = part_of(known, report);
  check(!told.report, "a simulated run begins once and ends once");
  told.report = report;
  told.made_at = scene_.now();
  scene_.tell(host.name() + " keeps " + label_of(report));
}

void Bookings::acknowledged(const Host& host, const RunReport& report) {
  if (part_of(runs_.at(report.run), report).is_booked) return;
  scene_.fail(host.name() + " was told that " + label_of(report) +
              " is durable, and it is not in the store");
}

void Bookings::committed(const core::Put& put) {
  if (const auto* client = std::get_if<core::Client>(&put.row)) {
    client_by_key_[client->public_key] = client->id;
  }
  if (const auto* run = std::get_if<core::Run>(&put.row)) book(*run);
}

void Bookings::book(const core::Run& run) {
  const auto known = runs_.find(run.report.run);
  if (known == runs_.end()) {
    return scene_.fail(label_of(run.report) + " is booked, and no host ever made it");
  }
  auto& told = part_of(known->second, run.report);
  if (!told.report) return scene_.fail(label_of(run.report) + " is booked before it was made");
  if (told.is_booked) return scene_.fail(label_of(run.report) + " is booked twice");
  const bool is_late_start = &told == &known->second.start && known->second.end.is_booked;
  if (is_late_start) return scene_.fail(label_of(run.report) + " is booked after its end");
  if (known->second.id.is_set() && known->second.id != run.id) {
    return scene_.fail(label_of(run.report) + " is booked as another run than its start");
  }
  told.is_booked = true;
  known->second.id = run.id;
  ++booked_;
  check_row(run);
}

// Whether the row is about this host, and says what the host said.
void Bookings::check_row(const core::Run& run) {
  auto& known = runs_.at(run.report.run);
  const auto& said = *part_of(known, run.report).report;
  if (client_by_key_.at(known.host) != run.client) {
    return scene_.fail(label_of(said) + " is booked on another client");
  }
  if (said.outcome != run.report.outcome || said.job != run.report.job ||
      said.operation != run.report.operation || said.message != run.report.message) {
    scene_.fail(label_of(said) + " is booked as something else: " + label_of(run.report));
  }
}

void Bookings::finish(const storage::Store& store) {
  const auto snapshot = storage::Snapshot::take(store.environment());
  check(snapshot.has_value(), "a simulated store can be read");
  std::size_t rows = 0;
  const auto seen =
      snapshot->each<core::Run>(storage::Order::ascending, std::nullopt, [&](const core::Run& run) {
        ++rows;
        check_row(run);
        if (runs_.at(run.report.run).id != run.id) {
          scene_.fail(label_of(run.report) + " is in the store twice");
        }
        return true;
      });
  check(seen.has_value(), "a simulated store can be read");
  for (const auto& [run, known] : runs_) {
    for (const auto* told : {&known.start, &known.end}) {
      if (told->report && !told->is_booked) {
        scene_.fail(label_of(*told->report) + " was kept and never arrived in the store");
      }
    }
  }
  if (rows != runs_.size()) {
    scene_.fail("the store has " + std::to_string(rows) + " runs, and there should be " +
                std::to_string(runs_.size()));
  }
}

}  // namespace vaultbell::simulation
