#include "aggregator/web_door.hpp"

#include <utility>

#include <fmt/format.h>

#include "shared/base/duration.hpp"
#include "shared/base/host_name.hpp"
#include "shared/base/log.hpp"

namespace vaultbell::aggregator {

namespace {

// "0.0.0.0" is where we listen, not where a browser can go.
std::string reachable_host(const TcpAddress& address) {
  const bool is_anywhere = address.host == "0.0.0.0" || address.host == "::";
  const auto name = host_name();
  return is_anywhere && !name.empty() ? fmt::format("{}:{}", name, address.port) : to_text(address);
}

}  // namespace

WebDoor::WebDoor(const WebSettings& settings)
    : settings_(settings), is_to_open_(settings.listen.has_value()) {}

Result<api::WebListener> WebDoor::open() const {
  auto listener = api::listen_for_web(*settings_.listen);
  if (!listener || settings_.certificate.empty()) return listener;
  auto tls = api::Tls::load(settings_.certificate, settings_.key);
  if (!tls) return fail(tls.error());
  listener->tls = std::move(*tls);
  return listener;
}

void WebDoor::show_url(const TcpAddress& address) {
  const auto scheme = settings_.certificate.empty() ? "http" : "https";
  facts_ = {.address = to_text(address),
            .problem = "",
            .url = settings_.url.empty() ? fmt::format("{}://{}", scheme, reachable_host(address))
                                         : settings_.url};
}

std::optional<api::WebListener> WebDoor::turn(Steady now) {
  if (!is_to_open_ || (tried_at_ && now - *tried_at_ < kEvery)) return std::nullopt;
  tried_at_ = now;
  auto listener = open();
  if (!listener) {
    const auto& problem = listener.error().message;
    if (problem != facts_.problem) {
      log::error("[web] listen: {}; there is no dashboard, it is tried again every {}", problem,
                 to_words(kEvery));
    }
    facts_.problem = problem;
    return std::nullopt;
  }
  is_to_open_ = false;
  settings_.listen = listener->address;
  show_url(listener->address);
  log::info("the dashboard is at {}", facts_.url);
  return std::move(*listener);
}

std::shared_ptr<api::Tls> WebDoor::renew(const WebSettings& settings) {
  settings_.url = settings.url;
  const bool is_open = settings_.listen && !is_to_open_;
  if (is_open) show_url(*settings_.listen);
  if (settings_.certificate.empty()) return nullptr;
  auto tls = api::Tls::load(settings_.certificate, settings_.key);
  if (tls) return std::move(*tls);
  log::error("[web] certificate: {}; the one from before is still shown", tls.error().message);
  return nullptr;
}

}  // namespace vaultbell::aggregator
