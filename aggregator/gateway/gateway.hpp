// Gateway: the thread that owns the sockets for agents, for enrolment and for ZAP. It drains them,
// lets Reception decide what each message means, and sends what the core wants sent. It never waits
// for the disk: every message that waits unread would pin 8 KiB.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "aggregator/gateway/reception.hpp"
#include "shared/base/bounded_queue.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/wake_up.hpp"
#include "shared/crypto/keys.hpp"
#include "shared/net/poller.hpp"

namespace vaultbell::gateway {

struct GatewayOptions {
  std::string agents_endpoint;     // to listen on
  std::string enrolment_endpoint;  // empty: nobody can enrol
  crypto::SecretKey secret_key;
};

// The sockets, bound in this order: ZAP, which must answer before anybody can connect, then the
// doors.
struct Doors {
  static Result<Doors> open(const net::Context& context, const GatewayOptions& options);

  net::Zap zap;
  net::Router agents;
  std::optional<net::Router> enrolment;
};

// What the gateway is given to work with; board and clock outlive it.
struct Surroundings {
  Post post;
  board::Board& board;
  const Clock& clock;
};

class Gateway {
 public:
  // `public_endpoint`: what enrolled agents are told to connect to.
  Gateway(Doors doors, const std::vector<KnownClient>& clients, std::string public_endpoint,
          Surroundings surroundings);
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  // Hands the gateway an effect; waits only while its queue is full, which it always empties.
  void tell(Task task);

  // Ends the thread; what was told before is still sent.
  void stop();

 private:
  void run();
  void turn();
  void carry_out_tasks();
  void answer_zap();
  // Whether everything that waited at this door was received.
  bool drain(Door door, net::Router& router);
  void send(const Outgoing& outgoing);
  void listen_on(bool is_drained);
  [[nodiscard]] Now now() const { return {clock_.wall(), clock_.steady()}; }

  const Clock& clock_;
  board::Board& board_;
  Doors doors_;
  Reception reception_;
  net::Poller poller_;
  BoundedQueue<Task> tasks_;
  WakeUp wake_up_;
  Steady last_turn_;
  Steady last_sweep_;
  Duration gap_{0};  // not yet told to the core
  std::atomic<bool> is_stopping_{false};
  std::thread thread_;
};

}  // namespace vaultbell::gateway
