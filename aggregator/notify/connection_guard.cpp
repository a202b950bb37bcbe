#include "aggregator/notify/connection_guard.hpp"

#include <algorithm>
#include <sys/socket.h>

#include <fmt/format.h>

#include "shared/base/check.hpp"

namespace vaultbell::notify {

std::string fault_of(const IpAddress& address, const std::vector<IpRange>& allow, bool has_tls) {
  const bool is_allowed =
      std::ranges::any_of(allow, [&](const IpRange& range) { return range.contains(address); });
  if (is_allowed) return {};
  if (const auto why = why_not_public(address); !why.empty()) {
    return fmt::format("{} is not connected to: it is {}, and [webhook] allow does not name it",
                       in_digits(address), why);
  }
  if (has_tls) return {};
  return fmt::format("{} is not connected to without TLS: [webhook] allow does not name it",
                     in_digits(address));
}

void ConnectionGuard::watch(CURL* curl) {
  const bool is_set =
      curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, &ConnectionGuard::open) == CURLE_OK &&
      curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, this) == CURLE_OK;
  check(is_set, "libcurl takes what it is given");
}

void ConnectionGuard::begin(bool has_tls) {
  has_tls_ = has_tls;
  fault_.clear();
}

curl_socket_t ConnectionGuard::open(void* guard, curlsocktype /*purpose*/,
                                    struct curl_sockaddr* address) {
  auto& self = *static_cast<ConnectionGuard*>(guard);
  const auto ip = ip_address_of(address->addr);
  self.fault_ = ip ? fault_of(*ip, self.allow_, self.has_tls_) : "it is no IP address";
  if (!self.fault_.empty()) return CURL_SOCKET_BAD;
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

}  // namespace vaultbell::notify
