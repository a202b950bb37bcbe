// Uplink: the agent's socket. Sends what the core decided and turns what arrives into commands; it
// decides nothing itself.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/core/command.hpp"
#include "agent/core/effect.hpp"
#include "agent/uplink/host.hpp"
#include "shared/base/result.hpp"
#include "shared/crypto/keys.hpp"
#include "shared/net/dealer.hpp"
#include "shared/net/poller.hpp"
#include "shared/protocol/message.hpp"

namespace vaultbell::agent::uplink {

// Both ends of the wire, as enrolment left them.
struct Ends {
  std::string endpoint;
  PublicKey server_key;
  crypto::KeyPair own_key;
  Duration reconnect_every = std::chrono::seconds(3);
};

// Belongs to the thread of the loop. Hellos, heartbeats and goodbyes carry the number 0, so that a
// refusal that names a number is about a report. What cannot be queued is lost: the core sends it
// again when no answer comes.
class Uplink {
 public:
  Uplink(const net::Context& context, Ends ends, HostFacts host)
      : context_(context), ends_(std::move(ends)), host_(std::move(host)) {}

  // The key of the next socket.
  void set_key(const crypto::KeyPair& key) { ends_.own_key = key; }

  // What the next hello tells of the host's jobs.
  void set_jobs(std::vector<AgentJob> jobs) { host_.jobs = std::move(jobs); }

  // Makes the socket, which connects in the background. The error is about the endpoint's form.
  Status open();
  // What was sent before has `linger` (DealerOptions) to leave.
  void close() { dealer_.reset(); }
  void add_to(net::Poller& poller) const;

  void send(const core::SendHello& hello, Instant now);
  void send(const core::SendHeartbeat& heartbeat, Instant now);
  void send(const core::SendGoodbye& goodbye);
  void send(const SpoolAck& position, const RunReport& report);

  // What happened next on the wire, without waiting; absent when nothing is left. A message that
  // cannot be read is logged and ignored.
  std::optional<core::Command> next(Instant now);

 private:
  void send(std::uint64_t sequence, protocol::Body body);
  std::optional<core::Command> next_event();

  const net::Context& context_;
  Ends ends_;
  HostFacts host_;
  std::optional<net::Dealer> dealer_;
};

}  // namespace vaultbell::agent::uplink
