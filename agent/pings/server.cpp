#include "agent/pings/server.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <utility>

#include <fmt/format.h>

namespace vaultbell::agent::pings {

namespace {

constexpr std::size_t kConnectionsMax = 16;  // at once; the others wait in the kernel's queue
// From the moment we begin to wait for it: one byte a second is as dead as none.
constexpr Duration kRequestWithin = std::chrono::seconds(10);
constexpr Duration kLeaveWithin = std::chrono::seconds(1);  // to read its last answer
constexpr std::size_t kReadBytes = 16UL * 1024;             // of a connection, in one turn
// Each is a write that waits for the disk, and heartbeats wait meanwhile.
constexpr int kRequestsPerTurn = 4;

const char* reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 417:
      return "Expectation Failed";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    default:
      return "Bad Request";
  }
}

// Fits the socket's buffer; where it does not, the client does not read what it is told.
bool say(const FileDescriptor& fd, std::string_view text) {
  return ::send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(text.size());
}

bool answer(const FileDescriptor& fd, const Answer& answer, bool with_body, bool keeps_alive) {
  return say(fd, fmt::format("HTTP/1.1 {} {}\r\nContent-Type: text/plain; charset=utf-8\r\n"
                             "Cache-Control: no-store\r\n{}Connection: {}\r\n"
                             "Content-Length: {}\r\n\r\n{}",
                             answer.status, reason_of(answer.status),
                             answer.status == 405 ? "Allow: GET, HEAD, POST\r\n" : "",
                             keeps_alive ? "keep-alive" : "close", answer.text.size(),
                             with_body ? answer.text : ""));
}

// What has arrived by now; false when the other side is gone.
bool read_some(const FileDescriptor& fd, const std::function<void(std::string_view)>& take) {
  std::array<char, kReadBytes> buffer{};
  const auto got = read(fd.get(), buffer.data(), buffer.size());
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  take({buffer.data(), static_cast<std::size_t>(got)});
  return got > 0;
}

}  // namespace

Result<Server> Server::listen(const TcpAddress& address) {
  auto bound = address;
  auto fd = listen_on(bound, static_cast<int>(kConnectionsMax));
  if (fd) return Server(std::move(*fd), std::move(bound));
  return fail(fmt::format("cannot take pings at {}: {}", to_text(address), fd.error().message));
}

void Server::add_to(net::Poller& poller) const {
  if (connections_.size() < kConnectionsMax) poller.add(fd_.get());
  for (const auto& connection : connections_) poller.add(connection.fd.get());
}

void Server::accept_some(Steady now) {
  while (connections_.size() < kConnectionsMax) {
    FileDescriptor fd(accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!fd.is_open()) return;
    connections_.push_back({std::move(fd), now + kRequestWithin});
  }
}

bool Server::serve(Connection& connection, Steady now, const OnRequest& on_request) {
  auto& reader = connection.reader;
  if (!connection.has_more) {
    connection.is_over = !read_some(connection.fd, [&](std::string_view bytes) {
      if (!connection.is_leaving) reader.add(bytes);
    });
  }
  if (connection.is_leaving || connection.is_over) return false;
  auto next = reader.next();
  connection.has_more = false;
  if (const auto* more = std::get_if<NeedMore>(&next)) {
    if (more->wants_continue) say(connection.fd, "HTTP/1.1 100 Continue\r\n\r\n");
    return false;
  }
  const auto* request = std::get_if<Request>(&next);
  const auto* refusal = std::get_if<Answer>(&next);
  const bool keeps_alive = request != nullptr && request->keeps_alive;
  const auto what = request != nullptr ? on_request(*request) : *refusal;
  connection.is_over =
      !answer(connection.fd, what, request == nullptr || request->wants_body, keeps_alive);
  connection.has_more = keeps_alive && reader.has_more();
  connection.is_leaving = !keeps_alive;
  // Closed at once, with something unread, the answer might be taken away from the client.
  if (connection.is_leaving) shutdown(connection.fd.get(), SHUT_WR);
  connection.deadline = now + (keeps_alive ? kRequestWithin : kLeaveWithin);
  return true;
}

bool Server::turn(Steady now, const OnRequest& on_request) {
  accept_some(now);
  int answered = 0;
  for (auto& connection : connections_) {
    if (answered == kRequestsPerTurn) break;
    if (serve(connection, now, on_request)) ++answered;
  }
  // Another one is the first next time: nobody is kept waiting by those before him.
  if (answered == kRequestsPerTurn && connections_.size() > kRequestsPerTurn) {
    std::rotate(connections_.begin(), connections_.begin() + kRequestsPerTurn, connections_.end());
  }
  std::erase_if(connections_, [&](const Connection& connection) {
    return connection.is_over || now >= connection.deadline;
  });
  return answered > 0;
}

std::optional<Steady> Server::next_deadline() const {
  std::optional<Steady> first;
  for (const auto& connection : connections_) {
    if (connection.has_more) return Steady{};
    if (!first || connection.deadline < *first) first = connection.deadline;
  }
  return first;
}

}  // namespace vaultbell::agent::pings
