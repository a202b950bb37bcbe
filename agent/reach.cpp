#include "agent/reach.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <fmt/format.h>

#include "shared/base/file_descriptor.hpp"

namespace vaultbell::agent {

namespace {

constexpr std::string_view kScheme = "tcp://";

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Result<Addresses> addresses_of(std::string_view endpoint) {
  auto rest = endpoint.substr(kScheme.size());
  const auto colon = rest.rfind(':');
  auto host = std::string(rest.substr(0, colon));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const auto port = std::string(rest.substr(colon + 1));
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = getaddrinfo(host.c_str(), port.c_str(), &wanted, &found);
  if (code == 0) return Addresses(found, freeaddrinfo);
  return fail(ErrorCode::unavailable,
              fmt::format("{} has no address: {}", host,
                          code == EAI_SYSTEM ? std::strerror(errno) : gai_strerror(code)));
}

std::string text_of(const addrinfo& address) {
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  getnameinfo(address.ai_addr, address.ai_addrlen, host.data(), host.size(), port.data(),
              port.size(), NI_NUMERICHOST | NI_NUMERICSERV);
  const bool is_six = address.ai_family == AF_INET6;
  return fmt::format("{}{}{}:{}", is_six ? "[" : "", host.data(), is_six ? "]" : "", port.data());
}

// An errno; 0: it was reached.
int connect_to(const addrinfo& address, Duration patience) {
  const FileDescriptor fd(socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.is_open()) return errno;
  if (connect(fd.get(), address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd waiting{fd.get(), POLLOUT, 0};
  if (poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) return ETIMEDOUT;
  int trouble = 0;
  socklen_t size = sizeof trouble;
  if (getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &trouble, &size) != 0) return errno;
  return trouble;
}

}  // namespace

Result<std::string> reach(std::string_view endpoint, Duration patience) {
  if (!endpoint.starts_with(kScheme) || endpoint.rfind(':') < kScheme.size()) {
    return fail(ErrorCode::invalid, fmt::format("\"{}\" is not tcp://HOST:PORT", endpoint));
  }
  const auto addresses = addresses_of(endpoint);
  if (!addresses) return fail(addresses.error());
  std::string troubles;
  for (const auto* one = addresses->get(); one != nullptr; one = one->ai_next) {
    const int trouble = connect_to(*one, patience);
    if (trouble == 0) return text_of(*one);
    troubles += fmt::format("{}{}: {}", troubles.empty() ? "" : "; ", text_of(*one),
                            std::strerror(trouble));
  }
  return fail(ErrorCode::unavailable, troubles);
}

}  // namespace vaultbell::agent
