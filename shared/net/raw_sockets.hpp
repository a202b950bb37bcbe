// The sockets behind the types of this folder; for this folder only.
#pragma once

#include <zmq.hpp>

#include "shared/net/dealer.hpp"
#include "shared/net/router.hpp"
#include "shared/net/zap.hpp"

namespace vaultbell::net {

struct Router::Raw {
  zmq::socket_t socket;
};

struct Zap::Raw {
  zmq::socket_t socket;
};

struct Dealer::Raw {
  zmq::socket_t socket;
  zmq::socket_t monitor;
};

}  // namespace vaultbell::net
