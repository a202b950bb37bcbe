// Bookings: whether each report that an agent promised to keep is in the store, once, and nothing
// else is (R2.2, R3.6). Knows what hosts said, not what the core thinks of it.
#pragma once

#include <map>
#include <string>

#include "aggregator/core/change.hpp"
#include "shared/domain/public_key.hpp"
#include "shared/domain/run_report.hpp"
#include "tests/simulation/scene.hpp"

namespace vaultbell::storage {
class Store;
}

namespace vaultbell::simulation {

class Host;

class Bookings {
 public:
  explicit Bookings(Scene& scene) : scene_(scene) {}

  void accepted(const Host& host, const RunReport& report);
  // The host forgets the report.
  void acknowledged(const Host& host, const RunReport& report);
  // What has become durable.
  void committed(const core::Put& put);
  // At the end: everything has arrived, and the store says the same.
  void finish(const storage::Store& store);

  // The client that this host is; not set before it was enrolled.
  [[nodiscard]] ClientId client_of(const Host& host) const;
  // When the host said that the run began, and that it ended; absent: it never did.
  [[nodiscard]] std::optional<Steady> began_at(const Uuid& run) const;
  [[nodiscard]] std::optional<Steady> ended_at(const Uuid& run) const;
  [[nodiscard]] std::size_t booked() const { return booked_; }

 private:
  // A run is told of once or twice: when it begins, and when it has ended.
  struct Told {
    std::optional<RunReport> report;
    Steady made_at;
    bool is_booked = false;
  };
  struct Known {
    PublicKey host;
    Told start;
    Told end;
    RunId id;
  };
  static Told& part_of(Known& known, const RunReport& report);
  void book(const core::Run& run);
  void check_row(const core::Run& run);

  Scene& scene_;
  std::map<Uuid, Known> runs_;
  std::map<PublicKey, ClientId> client_by_key_;
  std::size_t booked_ = 0;
};

}  // namespace vaultbell::simulation
