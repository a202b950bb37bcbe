// URLs as libcurl reads them: the parser that checks one is the parser that will connect.
#pragma once

#include <optional>
#include <string>

namespace vaultbell::notify {

struct UrlParts {
  std::string scheme;  // in lower case
  std::string host;    // an IPv6 address in its brackets
  bool has_login = false;
  bool has_fragment = false;
};

// Absent: it is no absolute URL of a scheme that libcurl knows.
std::optional<UrlParts> parse_url(const std::string& text);

// Whether what is sent there stays on this machine.
bool is_loopback(const std::string& host);

}  // namespace vaultbell::notify
