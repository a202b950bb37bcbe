// LocalSocket: the Unix socket on which the running agent is asked how it is, and woken when there
// is a new report. One line a request: "status" is answered with one line of JSON, the others with
// "ok"; then the connection is closed.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/file_descriptor.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/net/poller.hpp"

namespace vaultbell::agent {

// What those who asked want done.
struct Wanted {
  bool is_wake = false;   // "wake": look at the spool
  bool is_leave = false;  // "leave": end, this host is a client no more
  bool is_rekey = false;  // "rekey": connect anew, with the key that is on disk now
};

// Belongs to the thread of the loop; never waits.
class LocalSocket {
 public:
  // Replaces the socket of an agent that is gone; refuses when somebody answers there, or when the
  // path is something else than a socket.
  static Result<LocalSocket> listen(const std::filesystem::path& path);
  LocalSocket(LocalSocket&&) noexcept = default;
  LocalSocket& operator=(LocalSocket&&) = delete;
  ~LocalSocket();

  void add_to(net::Poller& poller) const;
  // Answers whoever has asked, and drops whoever took too long.
  Wanted turn(Steady now, const std::function<std::string()>& status);
  // When the first connection will have taken too long.
  [[nodiscard]] std::optional<Steady> next_deadline() const;

 private:
  struct Connection {
    FileDescriptor fd;
    Steady deadline;
    std::string request;
    bool is_over = false;
  };
  LocalSocket(FileDescriptor fd, std::filesystem::path path)
      : fd_(std::move(fd)), path_(std::move(path)) {}
  void accept_some(Steady now);
  static void serve(Connection& connection, const std::function<std::string()>& status,
                    Wanted& wanted);

  FileDescriptor fd_;
  std::filesystem::path path_;
  std::vector<Connection> connections_;
};

// Asks the agent behind the socket and returns its answer, without the line end. Error
// `unavailable` where nobody listens. Waits at most `patience`.
Result<std::string> ask(const std::filesystem::path& path, std::string_view request,
                        Duration patience);

}  // namespace vaultbell::agent
