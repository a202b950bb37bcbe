#include "aggregator/api/web_listener.hpp"

#include <utility>

#include <fmt/format.h>

namespace vaultbell::api {

namespace {

constexpr int kBacklog = 128;  // of connections that nobody has taken yet; as for the Unix socket

}  // namespace

Result<WebListener> listen_for_web(TcpAddress address) {
  auto fd = listen_on(address, kBacklog);
  if (fd) return WebListener{std::move(address), std::move(*fd)};
  return fail(fmt::format("cannot listen at {}: {}", to_text(address), fd.error().message));
}

}  // namespace vaultbell::api
