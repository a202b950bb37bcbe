// Host: one backup host: its jobs, the agent's real core, spool and translation, and what can
// happen to the machine they run on.
#pragma once

#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/engine.hpp"
#include "agent/spool/settlement.hpp"
#include "agent/spool/spool.hpp"
#include "shared/domain/public_key.hpp"
#include "shared/protocol/message.hpp"
#include "tests/simulation/random.hpp"
#include "tests/simulation/scene.hpp"

namespace vaultbell::simulation {

class Network;
class Witness;

// A thing that the host backs up, again and again.
struct Work {
  std::string name;
  Operation operation = Operation::backup;
  Duration every{};
  Duration takes{};  // usually
};

class Host {
 public:
  // Where it lives, and who it is.
  struct Place {
    std::size_t number = 0;
    std::string name;
    PublicKey key;
    std::filesystem::path folder;
  };

  Host(Scene& scene, Network& network, Witness& witness, Place place);

  [[nodiscard]] const std::string& name() const { return place_.name; }
  [[nodiscard]] const PublicKey& key() const { return place_.key; }
  [[nodiscard]] std::size_t number() const { return place_.number; }
  [[nodiscard]] bool is_agent_running() const { return agent_.has_value(); }
  [[nodiscard]] bool is_powered() const { return is_powered_; }
  [[nodiscard]] bool is_spool_empty() const;
  [[nodiscard]] Instant wall() const { return scene_.clock.right() + clock_ahead_; }
  [[nodiscard]] const std::vector<Work>& works() const { return works_; }

  // ---- what happens to it

  void boot();
  void lose_power();
  void start_agent();
  void stop_agent(GoodbyeReason reason);  // in good order
  void kill_agent();

  // ---- from the network

  void be_connected();
  void be_disconnected();
  void be_refused();
  void receive(const std::string& bytes);

 private:
  struct Running {
    agent::core::State state;
    agent::spool::Settlement settlement;
    std::deque<agent::core::Command> commands;
    std::uint64_t tick = 0;  // the number of the last one that was put on the agenda
    std::optional<Steady> tick_at;
  };

  void draw_works();
  void plan(std::size_t work);
  void begin_run(std::size_t work);
  void end_run(const RunReport& start);
  void report_once(const Work& work);
  RunReport draw_end(const RunReport& start);
  void keep_start(const RunReport& start, Duration takes);
  void note_kept(const RunReport& report);

  void do_(const agent::core::Command& command);
  void settle_spool();
  void tick_when_due();
  [[nodiscard]] agent::core::SpoolView look() const;
  void send(std::uint64_t sequence, protocol::Body body);

  struct CarryOut;

  Scene& scene_;
  Network& network_;
  Witness& witness_;
  Place place_;
  Random random_;
  Duration clock_ahead_{};
  std::vector<Work> works_;
  bool is_powered_ = false;
  std::uint64_t boots_ = 0;
  std::uint64_t starts_ = 0;  // of the agent
  std::uint64_t last_run_ = 0;
  Uuid boot_;
  std::optional<agent::spool::Spool> spool_;
  std::optional<Running> agent_;
};

}  // namespace vaultbell::simulation
