// What the files of this folder share and nobody else sees: cppzmq.
#pragma once

#include <string>
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

// An IPv4 address, alone or in an endpoint, as people write it: our sockets speak IPv6 too, and
// name it
// "::ffff:192.0.2.1".
std::string with_plain_ipv4(std::string text);

// ZeroMQ's reason in words: `cannot listen on tcp://...: Address already in use`.
tl::unexpected<Error> zmq_failure(std::string_view what, const zmq::error_t& error);

}  // namespace vaultbell::net
