// Gateway: plays the aggregator's gateway without sockets. It marks who was heard in the real
// core::Silence and turns transitions into commands, as aggregator/gateway does.
#pragma once

#include <functional>
#include <map>

#include "aggregator/core/command.hpp"
#include "aggregator/core/effect.hpp"
#include "aggregator/core/silence.hpp"
#include "aggregator/core/state.hpp"

namespace vaultbell::support {

struct Moment {
  Instant wall;
  Steady steady;
};

class Gateway {
 public:
  using Post = std::function<void(core::Command)>;

  // As at the start of the aggregator: nobody has said hello, and everybody was just heard.
  Gateway(const core::State& state, Post post, Moment now);

  // Anything from this client; a hello makes the connection known.
  void hear(ClientId client, Moment now);
  void greet(ClientId client) { is_return_told_[client] = false; }
  // Whether the client has said hello since the gateway started or the connection was lost.
  [[nodiscard]] bool knows(ClientId client) const { return is_return_told_.contains(client); }
  void lose(ClientId client) { is_return_told_.erase(client); }

  void watch(const core::Watch& watch, Moment now);
  void expel(ClientId client) {
    silence_.ignore(client);
    lose(client);
  }

  // One turn: notices that it was not listening for a while, finds who has fallen silent.
  void turn(Moment now);

 private:
  core::Silence silence_;
  Post post_;
  Steady last_turn_;
  std::map<ClientId, bool> is_return_told_;  // of the clients that have said hello
};

}  // namespace vaultbell::support
