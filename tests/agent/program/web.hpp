// Web: a client of the agent's endpoint for pings, byte by byte.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "tests/agent/program/enrolled.hpp"

namespace vaultbell::agent::testing {

class Web {
 public:
  explicit Web(std::uint16_t port) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    check(connect(fd_.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0,
          "the agent listens");
  }

  void say(std::string_view bytes) const {
    check(send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
              static_cast<ssize_t>(bytes.size()),
          "the agent takes it");
  }

  // Whether that is said by the agent (`answer` has all so far); `meanwhile` runs besides.
  bool hears(
      std::string_view text, const std::function<void()>& meanwhile = [] {}) {
    const SystemClock clock;
    const auto end = clock.steady() + kPatience;
    while (answer.find(text) == std::string::npos) {
      if (is_closed || clock.steady() >= end) return false;
      read_some();
      meanwhile();
    }
    return true;
  }
  // All until the agent closes the connection.
  std::string hear(const std::function<void()>& meanwhile = [] {}) {
    const SystemClock clock;
    const auto end = clock.steady() + kPatience;
    while (!is_closed && clock.steady() < end) {
      read_some();
      meanwhile();
    }
    return answer;
  }

  std::string answer;
  bool is_closed = false;

 private:
  void read_some() {
    pollfd waiting{fd_.get(), POLLIN, 0};
    if (poll(&waiting, 1, static_cast<int>(kLook.count())) <= 0) return;
    std::array<char, 4096> buffer{};
    const auto got = read(fd_.get(), buffer.data(), buffer.size());
    if (got <= 0) {
      is_closed = true;
    } else {
      answer.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }

  FileDescriptor fd_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
};

// The port that an agent says it takes pings at; it prints to this file.
inline std::uint16_t port_in(const std::string& log) {
  constexpr std::string_view kBefore = "pings are taken at http://127.0.0.1:";
  const auto at = log.find(kBefore);
  check(at != std::string::npos, "the agent says where it takes pings");
  return static_cast<std::uint16_t>(std::stoi(log.substr(at + kBefore.size(), 5)));
}

// What asks for that, and for the connection to be closed.
inline std::string post_to(const std::string& path, const std::string& body = {}) {
  return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace vaultbell::agent::testing
