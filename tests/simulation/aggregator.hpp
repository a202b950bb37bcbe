// Aggregator: the aggregator's program around its real parts: Loop, Inbox, Reception and an LMDB
// Store. It plays what the daemon does besides: sockets, delivery workers, the service that starts
// it again, and a disk that is slow, full, or gone with the power.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "aggregator/gateway/reception.hpp"
#include "aggregator/loop.hpp"
#include "aggregator/storage/store.hpp"
#include "tests/simulation/messages.hpp"
#include "tests/simulation/random.hpp"
#include "tests/simulation/scene.hpp"

namespace vaultbell::simulation {

class Host;
class Network;
class Receivers;
class Witness;

class Aggregator {
 public:
  // What it works with; all of it outlives the aggregator.
  struct World {
    Scene& scene;
    Network& network;
    Receivers& receivers;
    Witness& witness;
  };
  Aggregator(World world, std::filesystem::path folder);
  ~Aggregator();
  Aggregator(const Aggregator&) = delete;
  Aggregator& operator=(const Aggregator&) = delete;

  // ---- its life

  void start();
  // As by a power cut; `down` later it is started again.
  void crash(Duration down);
  void stop(Duration down);  // in good order
  void suspend(Duration length);
  void reload(core::Settings settings);  // now, or at the next start
  void note_clock_step();
  [[nodiscard]] bool is_running() const { return running_ != nullptr; }
  [[nodiscard]] bool is_suspended() const { return scene_.now() < suspended_until_; }
  [[nodiscard]] bool is_listening() const { return is_running() && !is_suspended(); }
  [[nodiscard]] const core::Settings& settings() const { return settings_; }
  // Not while it is down.
  [[nodiscard]] const core::State& state() const;
  [[nodiscard]] const storage::Store& store() const;
  [[nodiscard]] bool is_idle() const;  // nothing waits for its main loop

  // ---- its disk

  void slow_disk(Duration longest, Duration length);
  void full_disk(Duration length);
  // Whether what it is told now may be lost.
  [[nodiscard]] bool is_shaky() const {
    const auto now = scene_.now();
    return is_turning_ || does_crash_at_commit_ || now < slow_until_ || now < full_until_;
  }
  void crash_at_next_commit() { does_crash_at_commit_ = true; }

  // ---- from outside

  [[nodiscard]] bool may_enter(const PublicKey& key) const;
  void receive(const std::string& route, const Host& host, const std::string& bytes);
  void lose(const std::string& route);
  void post(aggregator::Inbox::Lane lane, core::Command command);
  // What came of an order; nothing where the aggregator ended before it answered.
  using Answer = std::function<void(const core::Reply*)>;
  void order(decltype(core::Order::what) what, Answer answer);

 private:
  struct Running;
  struct Perform;
  class Disk;

  void turn();
  void turn_by(Steady when);
  void turn_when_due();
  void end(Duration down);
  void resume(Duration gap);
  void perform(const core::Effect& effect);
  void carry_out(const gateway::Task& task);
  void send(const std::optional<gateway::Outgoing>& outgoing);
  void deliver(const core::Deliver& order);
  void watch(const core::Watch& watch);
  void sweep_later(ClientId client);
  void sweep(ClientId client);
  Result<core::Committed> commit(const core::WriteSet& changes);
  Status wait_for_disk();
  [[nodiscard]] gateway::Now moment() const { return {scene_.wall(), scene_.now()}; }
  [[nodiscard]] bool has(Canary canary) const { return scene_.options.canary == canary; }
  void misread(core::Command& command);
  void miswrite(Message& message);

  Scene& scene_;
  Network& network_;
  Receivers& receivers_;
  Witness& witness_;
  std::filesystem::path folder_;
  Random random_;
  core::Settings settings_;
  std::unique_ptr<Running> running_;
  std::uint64_t generation_ = 0;  // of programs: what concerns an earlier one is void
  bool is_turning_ = false;
  Duration down_after_doom_{};
  std::optional<Steady> turn_at_;
  std::uint64_t turn_ = 0;
  std::uint64_t turns_at_once_ = 0;
  Steady turned_at_;
  Steady suspended_until_;
  Steady slow_until_;
  Duration slow_longest_{};
  Steady full_until_;
  bool does_crash_at_commit_ = false;
  core::RequestId last_request_ = 0;
  std::map<core::RequestId, Answer> answers_;
};

}  // namespace vaultbell::simulation
