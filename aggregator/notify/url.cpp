#include "aggregator/notify/url.hpp"

#include <memory>

#include <curl/curl.h>

namespace vaultbell::notify {

namespace {

struct UrlCleanup {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, UrlCleanup>;

std::optional<std::string> part_of(const Url& url, CURLUPart part) {
  char* found = nullptr;
  if (curl_url_get(url.get(), part, &found, 0) != CURLUE_OK) return std::nullopt;
  std::string text(found);
  curl_free(found);
  return text;
}

}  // namespace

std::optional<UrlParts> parse_url(const std::string& text) {
  const Url url(curl_url());
  if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return std::nullopt;
  return UrlParts{.scheme = part_of(url, CURLUPART_SCHEME).value_or(""),
                  .host = part_of(url, CURLUPART_HOST).value_or(""),
                  .has_login = part_of(url, CURLUPART_USER) || part_of(url, CURLUPART_PASSWORD),
                  .has_fragment = part_of(url, CURLUPART_FRAGMENT).has_value()};
}

// libcurl writes IPv4 addresses with four numbers, and resolves "localhost" itself.
bool is_loopback(const std::string& host) {
  if (host == "localhost" || host == "[::1]") return true;
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos;
}

}  // namespace vaultbell::notify
