#include "tests/support/raw_http.hpp"

#include <arpa/inet.h>
#include <array>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <fmt/format.h>

#include "shared/base/check.hpp"

namespace vaultbell::support {

namespace {

constexpr int kPatienceMs = 20'000;  // a test that waits longer has failed

// The length that the head announces.
std::size_t length_in(std::string_view head) {
  constexpr std::string_view kField = "Content-Length: ";
  const auto at = head.find(kField);
  check(at != std::string_view::npos, "every answer has a Content-Length");
  return std::stoul(std::string(head.substr(at + kField.size(), 12)));
}

}  // namespace

RawHttp::RawHttp(const std::filesystem::path& socket)
    : connection_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket.c_str(), socket.native().size());
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  check(connect(connection_.get(), generic, sizeof address) == 0, "the test's socket listens");
}

RawHttp::RawHttp(const TcpAddress& address)
    : connection_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in raw{};
  raw.sin_family = AF_INET;
  raw.sin_port = htons(address.port);
  inet_pton(AF_INET, address.host.c_str(), &raw.sin_addr);
  const auto* generic = reinterpret_cast<const sockaddr*>(&raw);
  check(connect(connection_.get(), generic, sizeof raw) == 0, "the test's port listens");
}

void RawHttp::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(connection_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool RawHttp::read_more() {
  pollfd waiting{.fd = connection_.get(), .events = POLLIN, .revents = 0};
  check(poll(&waiting, 1, kPatienceMs) == 1, "the server answers or closes");
  std::array<char, 4096> buffer{};
  const auto size = recv(connection_.get(), buffer.data(), buffer.size(), 0);
  if (size <= 0) return false;
  received_.append(buffer.data(), static_cast<std::size_t>(size));
  return true;
}

std::string RawHttp::receive_until(std::string_view text) {
  while (received_.find(text) == std::string::npos) {
    if (!read_more()) return std::exchange(received_, {});
  }
  const auto end = received_.find(text) + text.size();
  auto found = received_.substr(0, end);
  received_.erase(0, end);
  return found;
}

RawAnswer RawHttp::receive() {
  constexpr std::string_view kHeadEnd = "\r\n\r\n";
  while (received_.find(kHeadEnd) == std::string::npos) {
    if (!read_more()) return {.head = std::exchange(received_, {})};
  }
  RawAnswer answer;
  const auto head_size = received_.find(kHeadEnd) + kHeadEnd.size();
  answer.head = received_.substr(0, head_size);
  answer.status = static_cast<unsigned>(std::stoul(answer.head.substr(9, 3)));
  const auto whole = head_size + length_in(answer.head);
  while (received_.size() < whole && read_more()) {
  }
  answer.body = received_.substr(head_size, whole - head_size);
  received_.erase(0, whole);
  return answer;
}

bool RawHttp::is_closed() {
  while (read_more()) {
  }
  return true;
}

RawAnswer ask(const std::filesystem::path& socket, std::string_view method, std::string_view target,
              std::string_view json_body) {
  RawHttp http(socket);
  http.send(
      fmt::format("{} {} HTTP/1.1\r\nHost: vaultbell\r\nConnection: close\r\n"
                  "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                  method, target, json_body.size(), json_body));
  return http.receive();
}

}  // namespace vaultbell::support
