// What the files of this folder share and nobody else sees: cppzmq.
#pragma once

#include <string_view>

#include <zmq.hpp>

#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/crypto/keys.hpp"
#include "shared/net/context.hpp"

namespace vaultbell::net {

struct Context::Raw {
  zmq::context_t context{1};  // one I/O thread: two gained nothing on two cores
};

// Options that every socket of ours has: the largest message, how long closing may take.
void set_common_options(zmq::socket_t& socket, Duration linger);

// ZeroMQ's reason in words: `cannot listen on tcp://...: Address already in use`.
tl::unexpected<Error> zmq_failure(std::string_view what, const zmq::error_t& error);

}  // namespace vaultbell::net
