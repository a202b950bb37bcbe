#include "shared/net/router.hpp"

#include <fmt/format.h>

#include "shared/base/check.hpp"
#include "shared/net/raw.hpp"
#include "shared/net/raw_sockets.hpp"

namespace vaultbell::net {

namespace {

// A message that waits unread pins an 8 KiB receive buffer, so few may wait; the gateway drains
// them all the time.
constexpr int kReceiveMessagesMax = 50;
constexpr int kSendMessagesMax = 100;  // acknowledgements of one agent that does not read
constexpr int kBacklog = 4096;         // agents that reconnect at once after a restart

// Must exceed what all agents' handshakes take together: 10,000 agents x 0.5 ms = 5 s.
constexpr int kRouterHandshakeMs = 30'000;

void set_options(zmq::socket_t& socket, const RouterOptions& options) {
  set_common_options(socket, Duration(0));
  socket.set(zmq::sockopt::rcvhwm, kReceiveMessagesMax);
  socket.set(zmq::sockopt::sndhwm, kSendMessagesMax);
  socket.set(zmq::sockopt::backlog, kBacklog);
  socket.set(zmq::sockopt::handshake_ivl, kRouterHandshakeMs);
  socket.set(zmq::sockopt::router_mandatory, true);  // else a full queue drops silently
  socket.set(zmq::sockopt::curve_server, true);
  const auto& key = options.secret_key.bytes;
  socket.set(zmq::sockopt::curve_secretkey, zmq::const_buffer(key.data(), key.size()));
  socket.set(zmq::sockopt::zap_domain, options.zap_domain);
}

std::string property(const zmq::message_t& message, const char* name) {
  const char* value = zmq_msg_gets(message.handle(), name);
  return value == nullptr ? std::string() : std::string(value);
}

// zmq writes port 0 as "*".
std::string with_star(std::string endpoint) {
  if (endpoint.ends_with(":0")) endpoint.replace(endpoint.size() - 1, 1, "*");
  return endpoint;
}

}  // namespace

Router::Router(std::unique_ptr<Raw> raw, std::string endpoint)
    : raw_(std::move(raw)), endpoint_(std::move(endpoint)) {}
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;
Router::~Router() = default;

Result<Router> Router::bind(const Context& context, const RouterOptions& options) {
  check(!options.zap_domain.empty(), "a router asks ZAP");
  try {
    auto raw = std::make_unique<Raw>();
    raw->socket = zmq::socket_t(context.raw().context, zmq::socket_type::router);
    set_options(raw->socket, options);
    raw->socket.bind(with_star(options.endpoint));
    auto endpoint = with_plain_ipv4(raw->socket.get(zmq::sockopt::last_endpoint));
    return Router(std::move(raw), std::move(endpoint));
  } catch (const zmq::error_t& error) {
    return zmq_failure(fmt::format("cannot listen on {}", options.endpoint), error);
  }
}

std::optional<Received> Router::receive() {
  while (true) {
    zmq::message_t route;
    if (!raw_->socket.recv(route, zmq::recv_flags::dontwait)) return std::nullopt;
    zmq::message_t payload;
    std::size_t parts = 0;
    for (bool has_more = route.more(); has_more; ++parts) {
      const auto got = raw_->socket.recv(payload, zmq::recv_flags::none);  // arrives whole
      check(got.has_value(), "the parts of a message arrive together");
      has_more = payload.more();
    }
    if (parts != 1) continue;
    // The metadata of the payload frame, not of the routing id: there libzmq 4.3.4 loses it.
    return Received{.route = route.to_string(),
                    .user_id = property(payload, "User-Id"),
                    .address = with_plain_ipv4(property(payload, "Peer-Address")),
                    .payload = payload.to_string()};
  }
}

Sent Router::send(std::string_view route, std::string_view payload) {
  try {
    const auto flags = zmq::send_flags::dontwait;
    if (!raw_->socket.send(zmq::buffer(route), flags | zmq::send_flags::sndmore)) {
      return Sent::peer_busy;
    }
    return raw_->socket.send(zmq::buffer(payload), flags) ? Sent::queued : Sent::peer_busy;
  } catch (const zmq::error_t& error) {
    check(error.num() == EHOSTUNREACH, "a router's send fails only where the peer is gone");
    return Sent::peer_gone;
  }
}

}  // namespace vaultbell::net
