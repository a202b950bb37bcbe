// Server: takes pings on an address of loopback. One thread, the loop's; it never waits for a
// client, and one turn does a bounded amount of work. Knows nothing of what a ping means.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/pings/request_reader.hpp"
#include "shared/base/file_descriptor.hpp"
#include "shared/base/result.hpp"
#include "shared/base/tcp_address.hpp"
#include "shared/base/time.hpp"
#include "shared/net/poller.hpp"

namespace vaultbell::agent::pings {

using OnRequest = std::function<Answer(const Request&)>;

class Server {
 public:
  // Error: the address is taken, or cannot be had.
  static Result<Server> listen(const TcpAddress& address);

  // Where it listens, with the port that it was given.
  [[nodiscard]] const TcpAddress& address() const { return address_; }

  void add_to(net::Poller& poller) const;
  // Reads what has come, answers, and drops whoever took too long. Whether anybody asked.
  bool turn(Steady now, const OnRequest& on_request);
  // When turn() is to be called although nothing has come.
  [[nodiscard]] std::optional<Steady> next_deadline() const;

 private:
  struct Connection {
    FileDescriptor fd;
    Steady deadline;  // of the request that is awaited or under way: absolute
    RequestReader reader{};
    bool has_more = false;    // something was read that was not looked at
    bool is_leaving = false;  // answered for the last time; what it still sends is thrown away
    bool is_over = false;
  };
  Server(FileDescriptor fd, TcpAddress address)
      : fd_(std::move(fd)), address_(std::move(address)) {}
  void accept_some(Steady now);
  // Whether a request was answered.
  static bool serve(Connection& connection, Steady now, const OnRequest& on_request);

  FileDescriptor fd_;
  TcpAddress address_;
  std::vector<Connection> connections_;
};

}  // namespace vaultbell::agent::pings
