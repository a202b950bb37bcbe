#include "aggregator/watchdog/settings.hpp"

#include <memory>

#include <curl/curl.h>
#include <fmt/format.h>

#include "shared/base/text.hpp"

namespace vaultbell::watchdog {

namespace {

struct UrlCleanup {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, UrlCleanup>;

// Read by the same parser that will connect; empty where it cannot be read.
Url parsed(std::string_view text) {
  Url url(curl_url());
  const auto code = curl_url_set(url.get(), CURLUPART_URL, std::string(text).c_str(), 0);
  return code == CURLUE_OK ? std::move(url) : Url();
}

std::string part_of(const Url& url, CURLUPart part) {
  char* found = nullptr;
  if (curl_url_get(url.get(), part, &found, 0) != CURLUE_OK) return {};
  std::string text(found);
  curl_free(found);
  return text;
}

// What is wrong with a URL; empty if nothing is.
std::string_view fault_of(std::string_view url) {
  if (has_control(url)) return "it has a control character";
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    return "it begins with neither \"https://\" nor \"http://\"";
  }
  if (!parsed(url)) return "the host, the port or a character behind them is wrong";
  return {};
}

}  // namespace

Status check_ping_url(std::string_view url) {
  const auto fault = fault_of(url);
  if (fault.empty()) return {};
  return fail(ErrorCode::invalid,
              fmt::format("not a URL to ping: {} (example: \"https://hc-ping.com/UUID\")", fault));
}

std::string shown(const std::string& url) {
  const auto parts = parsed(url);
  return part_of(parts, CURLUPART_SCHEME) + "://" + part_of(parts, CURLUPART_HOST);
}

}  // namespace vaultbell::watchdog
