#include "shared/net/dealer.hpp"

#include <atomic>
#include <cstring>

#include <fmt/format.h>

#include "shared/base/check.hpp"
#include "shared/net/raw.hpp"
#include "shared/net/raw_sockets.hpp"

namespace vaultbell::net {

namespace {

constexpr int kMessagesMax =
    100;  // above kReportsInFlightMax, so that a heartbeat fits beside them
constexpr int kDealerHandshakeMs = 30'000;  // as the Router's

// What is sent and not taken in by the other side's kernel for so long ends the connection. Where
// nothing is sent the kernels ask each other (set_common_options): ZMTP's own pings would wake both
// processes for each connection, and who does not answer is found by the agent's heartbeat.
constexpr int kUnackedMaxMs = 40'000;

constexpr int kEvents = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED |
                        ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL;

void set_options(zmq::socket_t& socket, const DealerOptions& options) {
  set_common_options(socket, options.linger);
  socket.set(zmq::sockopt::rcvhwm, kMessagesMax);
  socket.set(zmq::sockopt::sndhwm, kMessagesMax);
  socket.set(zmq::sockopt::handshake_ivl, kDealerHandshakeMs);
  socket.set(zmq::sockopt::reconnect_ivl, static_cast<int>(options.reconnect_every.count()));
  socket.set(zmq::sockopt::tcp_maxrt, kUnackedMaxMs);
  const auto key = [](const auto& bytes) { return zmq::const_buffer(bytes.data(), bytes.size()); };
  socket.set(zmq::sockopt::curve_serverkey, key(options.server_key.bytes));
  socket.set(zmq::sockopt::curve_publickey, key(options.key.public_key.bytes));
  socket.set(zmq::sockopt::curve_secretkey, key(options.key.secret_key.bytes));
}

// Monitors are inproc endpoints, and each needs a name of its own.
std::string next_monitor_endpoint() {
  static std::atomic<unsigned> count{0};
  return fmt::format("inproc://vaultbell.monitor.{}", ++count);
}

}  // namespace

Dealer::Dealer(std::unique_ptr<Raw> raw) : raw_(std::move(raw)) {}
Dealer::Dealer(Dealer&&) noexcept = default;
Dealer& Dealer::operator=(Dealer&&) noexcept = default;

Dealer::~Dealer() {
  if (raw_) zmq_socket_monitor(raw_->socket.handle(), nullptr, 0);
}

Result<Dealer> Dealer::connect(const Context& context, const DealerOptions& options) {
  try {
    auto raw = std::make_unique<Raw>();
    raw->socket = zmq::socket_t(context.raw().context, zmq::socket_type::dealer);
    set_options(raw->socket, options);
    const auto monitor = next_monitor_endpoint();
    check(zmq_socket_monitor(raw->socket.handle(), monitor.c_str(), kEvents) == 0,
          "a socket can be watched");
    raw->monitor = zmq::socket_t(context.raw().context, zmq::socket_type::pair);
    raw->monitor.set(zmq::sockopt::linger, 0);
    raw->monitor.connect(monitor);
    raw->socket.connect(options.endpoint);
    return Dealer(std::move(raw));
  } catch (const zmq::error_t& error) {
    return zmq_failure(fmt::format("cannot connect to {}", options.endpoint), error);
  }
}

bool Dealer::send(std::string_view payload) {
  return raw_->socket.send(zmq::buffer(payload), zmq::send_flags::dontwait).has_value();
}

std::optional<std::string> Dealer::receive() {
  zmq::message_t message;
  if (!raw_->socket.recv(message, zmq::recv_flags::dontwait)) return std::nullopt;
  while (message.more()) {  // ours have one part; of any other the last counts
    check(raw_->socket.recv(message, zmq::recv_flags::none).has_value(),
          "the parts of a message arrive together");
  }
  return message.to_string();
}

std::optional<LinkEvent> Dealer::next_event() {
  zmq::message_t event;
  if (!raw_->monitor.recv(event, zmq::recv_flags::dontwait)) return std::nullopt;
  zmq::message_t endpoint;
  check(raw_->monitor.recv(endpoint, zmq::recv_flags::none).has_value(),
        "an event comes with its endpoint");
  std::uint16_t number = 0;  // the first two bytes; a value of four follows
  std::memcpy(&number, event.data(), sizeof number);
  switch (number) {
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
      return LinkEvent::connected;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
      return LinkEvent::refused;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
      return LinkEvent::not_understood;
    default:
      return LinkEvent::disconnected;
  }
}

}  // namespace vaultbell::net
