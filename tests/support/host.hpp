// Host: plays one agent: it connects, beats, and keeps each report until it is acknowledged.
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "aggregator/core/command.hpp"
#include "aggregator/core/effect.hpp"

namespace vaultbell::support {

struct Host {
  std::string name;
  ClientId client;
  Uuid boot;
  Uuid spool;
  std::string address = "192.0.2.1";
  bool is_up = false;        // the agent runs
  bool has_network = true;   // what it sends arrives
  bool is_welcomed = false;  // it said hello on the present connection, and was answered
  Steady connects_at;        // when it says hello (again) if it is not welcomed by then
  Steady beats_at;
  Duration beat_every = std::chrono::seconds(30);
  std::uint64_t sequence = 0;                            // of its newest report
  std::deque<std::pair<std::uint64_t, RunReport>> kept;  // not yet acknowledged
  std::vector<std::string> refusals;                     // what it was told of refused reports
};

core::HelloReceived hello_of(const Host& host, Instant now);

// Everything up to and with this acknowledgement is safe at the aggregator.
void forget_acknowledged(Host& host, const SpoolAck& ack);

}  // namespace vaultbell::support
