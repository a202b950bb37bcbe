// Network: connections between hosts and the aggregator, and what can become of the messages on
// them: lost, doubled, late, overtaken, and held up or dropped by a partition.
#pragma once

#include <string>
#include <vector>

#include "shared/domain/public_key.hpp"
#include "tests/simulation/random.hpp"
#include "tests/simulation/scene.hpp"

namespace vaultbell::simulation {

class Aggregator;
class Host;

class Network {
 public:
  explicit Network(Scene& scene);

  // Once, before anything is sent; the place in `hosts` is the host's number.
  void join(Aggregator& aggregator, std::vector<Host*> hosts);

  // ---- from an agent

  void open(std::size_t host);   // a new connection; tries until it is up
  void close(std::size_t host);  // what is on its way still arrives
  void send(std::size_t host, std::string bytes);

  // ---- from the aggregator

  void send(const std::string& route, std::string bytes);
  void aggregator_is_up();
  void aggregator_is_gone();

  // ---- faults

  // Nothing passes for so long. What is sent meanwhile arrives behind it, or is lost and the
  // connection with it.
  void cut(std::size_t host, Duration length);
  [[nodiscard]] bool is_cut(std::size_t host) const;

 private:
  struct Line {
    std::string route;  // of the present connection; empty: none is wanted
    bool is_up = false;
    std::uint64_t number = 0;  // of connections so far
    Steady cut_until;
    bool does_cut_drop = false;
  };

  void try_soon(std::size_t host, Duration most);
  void try_connect(std::size_t host, const std::string& route);
  void fall(std::size_t host);
  void heal(std::size_t host);
  // When a message that is sent now arrives; absent: never.
  std::vector<Duration> draw_ways(const Line& line);
  void arrive(std::size_t host, const std::string& route, const std::string& bytes);

  Scene& scene_;
  Random random_;
  Aggregator* aggregator_ = nullptr;
  std::vector<Host*> hosts_;
  std::vector<Line> lines_;
};

}  // namespace vaultbell::simulation
