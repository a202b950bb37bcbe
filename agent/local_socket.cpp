#include "agent/local_socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <fmt/format.h>

#include "shared/base/clock.hpp"

namespace vaultbell::agent {

namespace {

constexpr std::size_t kConnectionsMax = 16;  // at once; the others wait in the kernel's queue
constexpr std::size_t kRequestBytesMax = 64;
constexpr std::size_t kAnswerBytesMax = 64UL * 1024;
constexpr Duration kRequestWithin = std::chrono::seconds(5);
constexpr mode_t kOwnerOnly = 0600;

struct Address {
  sockaddr_un raw{};
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&raw); }
};

Result<Address> address_of(const std::filesystem::path& path) {
  Address address;
  const auto text = path.string();
  if (text.size() >= sizeof address.raw.sun_path) {
    return fail(ErrorCode::invalid,
                fmt::format("the socket's path {} is longer than {} bytes; set \"socket\" in the "
                            "configuration to a shorter one",
                            text, sizeof address.raw.sun_path - 1));
  }
  address.raw.sun_family = AF_UNIX;
  std::memcpy(address.raw.sun_path, text.c_str(), text.size() + 1);
  return address;
}

FileDescriptor new_socket() {
  return FileDescriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

bool connect_to(const FileDescriptor& fd, const Address& address) {
  return connect(fd.get(), address.get(), sizeof address.raw) == 0;
}

// Whatever is at the path must be a socket that nobody listens on.
Status clear_path(const std::filesystem::path& path, const Address& address) {
  struct stat facts {};
  if (lstat(path.c_str(), &facts) != 0) return {};
  if (!S_ISSOCK(facts.st_mode)) {
    return fail(ErrorCode::refused,
                fmt::format("{} is in the way: it is not a socket", path.string()));
  }
  if (connect_to(new_socket(), address)) {
    return fail(ErrorCode::refused,
                fmt::format("another vaultbell-agent answers on {}; set \"socket\" in the "
                            "configuration to a path of its own",
                            path.string()));
  }
  unlink(path.c_str());
  return {};
}

// What has arrived by now; false when the other side is gone or says too much.
bool read_some(const FileDescriptor& fd, std::string& request) {
  std::array<char, kRequestBytesMax> buffer{};
  const auto got = read(fd.get(), buffer.data(), buffer.size());
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  request.append(buffer.data(), static_cast<std::size_t>(got));
  return got > 0 && request.size() <= kRequestBytesMax;
}

// A small answer fits the socket's buffer; one that does not is for a reader that does not read.
void answer(const FileDescriptor& fd, std::string text) {
  text += '\n';
  [[maybe_unused]] const auto sent = ::send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL);
}

}  // namespace

Result<LocalSocket> LocalSocket::listen(const std::filesystem::path& path) {
  const auto address = address_of(path);
  if (!address) return fail(address.error());
  if (auto ok = clear_path(path, *address); !ok) return fail(ok.error());
  auto fd = new_socket();
  const bool is_listening = bind(fd.get(), address->get(), sizeof address->raw) == 0 &&
                            chmod(path.c_str(), kOwnerOnly) == 0 &&
                            ::listen(fd.get(), static_cast<int>(kConnectionsMax)) == 0;
  if (!is_listening) {
    return fail(fmt::format("cannot listen on {}: {}", path.string(), std::strerror(errno)));
  }
  return LocalSocket(std::move(fd), path);
}

LocalSocket::~LocalSocket() {
  if (fd_.is_open()) unlink(path_.c_str());
}

void LocalSocket::add_to(net::Poller& poller) const {
  if (connections_.size() < kConnectionsMax) poller.add(fd_.get());
  for (const auto& connection : connections_) poller.add(connection.fd.get());
}

void LocalSocket::accept_some(Steady now) {
  while (connections_.size() < kConnectionsMax) {
    FileDescriptor fd(accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!fd.is_open()) return;
    connections_.push_back({std::move(fd), now + kRequestWithin, {}});
  }
}

void LocalSocket::serve(Connection& connection, const std::function<std::string()>& status,
                        Wanted& wanted) {
  connection.is_over = !read_some(connection.fd, connection.request);
  const auto end = connection.request.find('\n');
  if (end == std::string::npos) return;
  connection.is_over = true;
  const auto request = std::string_view(connection.request).substr(0, end);
  if (request == "status") return answer(connection.fd, status());
  const bool is_wake = request == "wake";
  const bool is_leave = request == "leave";
  wanted.is_wake |= is_wake;
  const bool is_rekey = request == "rekey";
  wanted.is_leave |= is_leave;
  wanted.is_rekey |= is_rekey;
  answer(connection.fd, is_wake || is_leave || is_rekey ? "ok" : "unknown request");
}

Wanted LocalSocket::turn(Steady now, const std::function<std::string()>& status) {
  accept_some(now);
  Wanted wanted;
  for (auto& connection : connections_) serve(connection, status, wanted);
  std::erase_if(connections_, [&](const Connection& connection) {
    return connection.is_over || now >= connection.deadline;
  });
  return wanted;
}

std::optional<Steady> LocalSocket::next_deadline() const {
  std::optional<Steady> first;
  for (const auto& connection : connections_) {
    if (!first || connection.deadline < *first) first = connection.deadline;
  }
  return first;
}

Result<std::string> ask(const std::filesystem::path& path, std::string_view request,
                        Duration patience) {
  const auto address = address_of(path);
  if (!address) return fail(address.error());
  const auto fd = new_socket();
  if (!connect_to(fd, *address)) {
    return fail(ErrorCode::unavailable, fmt::format("nobody answers on {}", path.string()));
  }
  answer(fd, std::string(request));
  const SystemClock clock;
  const auto end = clock.steady() + patience;
  std::string text;
  for (auto left = patience; left.count() > 0; left = end - clock.steady()) {
    pollfd waiting{fd.get(), POLLIN, 0};
    if (poll(&waiting, 1, static_cast<int>(left.count())) <= 0) continue;
    std::array<char, 4096> buffer{};
    const auto got = read(fd.get(), buffer.data(), buffer.size());
    if (got <= 0 || text.size() > kAnswerBytesMax) break;
    text.append(buffer.data(), static_cast<std::size_t>(got));
    if (text.back() == '\n') return text.substr(0, text.size() - 1);
  }
  return fail(fmt::format("the agent behind {} does not answer", path.string()));
}

}  // namespace vaultbell::agent
