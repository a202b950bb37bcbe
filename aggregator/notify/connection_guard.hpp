// ConnectionGuard: lets libcurl connect only to where a webhook may lead. It is asked with the
// address that is really connected to, behind every look-up and every redirect, so that no name can
// be made to lead to this host or its network.
#pragma once

#include <string>
#include <vector>

#include <curl/curl.h>

#include "aggregator/notify/ip_range.hpp"

namespace vaultbell::notify {

// What stands against connecting; empty: nothing. Addresses of the internet may be connected to
// with TLS; others, and all without it, only where `allow` names them.
std::string fault_of(const IpAddress& address, const std::vector<IpRange>& allow, bool has_tls);

// One thread; one transfer at a time.
class ConnectionGuard {
 public:
  explicit ConnectionGuard(std::vector<IpRange> allow) : allow_(std::move(allow)) {}
  ConnectionGuard(const ConnectionGuard&) = delete;
  ConnectionGuard& operator=(const ConnectionGuard&) = delete;

  // The guard outlives the handle.
  void watch(CURL* curl);
  // Of the next request.
  void begin(bool has_tls);
  // What the last connection was refused for; empty: none was.
  [[nodiscard]] const std::string& fault() const { return fault_; }

 private:
  static curl_socket_t open(void* guard, curlsocktype purpose, struct curl_sockaddr* address);

  const std::vector<IpRange> allow_;
  bool has_tls_ = true;
  std::string fault_;
};

}  // namespace vaultbell::notify
