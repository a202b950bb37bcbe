#include "shared/net/limits.hpp"
#include "shared/net/raw.hpp"

namespace vaultbell::net {

void set_common_options(zmq::socket_t& socket, Duration linger) {
  // Without a limit an unauthenticated peer could make us hold any amount.
  socket.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(kMessageBytesMax));
  socket.set(zmq::sockopt::linger, static_cast<int>(linger.count()));
  socket.set(zmq::sockopt::ipv6, true);
}

tl::unexpected<Error> zmq_failure(std::string_view what, const zmq::error_t& error) {
  return fail(std::string(what) + ": " + error.what());
}

}  // namespace vaultbell::net
