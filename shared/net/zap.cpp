#include "shared/net/zap.hpp"

#include <algorithm>
#include <vector>

#include "shared/base/check.hpp"
#include "shared/net/raw.hpp"
#include "shared/net/raw_sockets.hpp"

namespace vaultbell::net {

namespace {

constexpr const char* kEndpoint = "inproc://zeromq.zap.01";  // RFC 27
constexpr const char* kVersion = "1.0";

// Frames of a request: version, request id, domain, address, identity, mechanism, credentials.
constexpr std::size_t kCurveFrames = 7;

}  // namespace

Zap::Zap(std::unique_ptr<Raw> raw) : raw_(std::move(raw)) {}
Zap::Zap(Zap&&) noexcept = default;
Zap& Zap::operator=(Zap&&) noexcept = default;
Zap::~Zap() = default;

Result<Zap> Zap::bind(const Context& context) {
  try {
    auto raw = std::make_unique<Raw>();
    raw->socket = zmq::socket_t(context.raw().context, zmq::socket_type::rep);
    raw->socket.set(zmq::sockopt::linger, 0);
    raw->socket.bind(kEndpoint);
    return Zap(std::move(raw));
  } catch (const zmq::error_t& error) {
    return zmq_failure("cannot answer authentication requests", error);
  }
}

std::optional<ZapRequest> Zap::receive() {
  zmq::message_t frame;
  if (!raw_->socket.recv(frame, zmq::recv_flags::dontwait)) return std::nullopt;
  std::vector<std::string> frames{frame.to_string()};
  while (frame.more()) {
    check(raw_->socket.recv(frame, zmq::recv_flags::none).has_value(),
          "the parts of a request arrive together");
    frames.push_back(frame.to_string());
  }
  ZapRequest request;
  if (frames.size() > 1) request.request_id = frames[1];
  const bool is_curve = frames.size() == kCurveFrames && frames[5] == "CURVE" &&
                        frames[6].size() == request.key.bytes.size();
  if (!is_curve) {
    deny(request, "only CURVE is spoken here");
    return receive();
  }
  request.domain = frames[2];
  request.address = with_plain_ipv4(frames[3]);
  std::copy(frames[6].begin(), frames[6].end(), request.key.bytes.begin());
  return request;
}

void Zap::answer(const ZapRequest& request, const char* code, const std::string& text,
                 const std::string& user_id) {
  const std::string parts[] = {kVersion, request.request_id, code, text, user_id, ""};
  for (std::size_t i = 0; i < std::size(parts); ++i) {
    const bool is_last = i + 1 == std::size(parts);
    const auto flags = is_last ? zmq::send_flags::none : zmq::send_flags::sndmore;
    raw_->socket.send(zmq::buffer(parts[i]), flags);
  }
}

void Zap::allow(const ZapRequest& request, const std::string& user_id) {
  check(!user_id.empty(), "who is let in has a name");
  answer(request, "200", "OK", user_id);
}

void Zap::deny(const ZapRequest& request, const std::string& why) {
  answer(request, "400", why, "");
}

}  // namespace vaultbell::net
