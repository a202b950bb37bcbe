#include <algorithm>
#include <string>

#include "shared/net/limits.hpp"
#include "shared/net/raw.hpp"

namespace vaultbell::net {

namespace {

// What CURVE (RFC 26) puts around a message: the command's name 8, a nonce 8, the box 16, flags 1.
constexpr std::size_t kCurveBytes = 33;

// A peer that is gone without a word is noticed although nothing is sent, within 50 s: after 20 s
// of quiet the kernel asks three times. That wakes no process, here or there.
constexpr int kAskAfterS = 20;
constexpr int kAskEveryS = 10;
constexpr int kAskTimes = 3;

constexpr std::string_view kMappedIpv4 = "::ffff:";

}  // namespace

void set_common_options(zmq::socket_t& socket, Duration linger) {
  // Without a limit an unauthenticated peer could make us hold any amount.
  socket.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(kMessageBytesMax + kCurveBytes));
  socket.set(zmq::sockopt::linger, static_cast<int>(linger.count()));
  socket.set(zmq::sockopt::ipv6, true);
  socket.set(zmq::sockopt::tcp_keepalive, 1);
  socket.set(zmq::sockopt::tcp_keepalive_idle, kAskAfterS);
  socket.set(zmq::sockopt::tcp_keepalive_intvl, kAskEveryS);
  socket.set(zmq::sockopt::tcp_keepalive_cnt, kAskTimes);
}

std::string with_plain_ipv4(std::string text) {
  const auto begin = text.find(kMappedIpv4);
  if (begin == std::string::npos) return text;
  const auto end = std::min(text.find(']', begin), text.size());
  const bool is_bracketed = begin > 0 && text[begin - 1] == '[' && end < text.size();
  const auto ip = text.substr(begin + kMappedIpv4.size(), end - begin - kMappedIpv4.size());
  if (ip.find(':') != std::string::npos) return text;
  if (is_bracketed) return text.substr(0, begin - 1) + ip + text.substr(end + 1);
  return text.substr(0, begin) + ip + text.substr(end);
}

tl::unexpected<Error> zmq_failure(std::string_view what, const zmq::error_t& error) {
  return fail(std::string(what) + ": " + error.what());
}

}  // namespace vaultbell::net
