#include "aggregator/web_door.hpp"

#include <utility>

#include "shared/base/duration.hpp"
#include "shared/base/log.hpp"

namespace vaultbell::aggregator {

std::optional<api::WebListener> WebDoor::turn(Steady now) {
  if (!address_ || (tried_at_ && now - *tried_at_ < kEvery)) return std::nullopt;
  tried_at_ = now;
  auto listener = api::listen_for_web(*address_);
  if (!listener) {
    const auto& problem = listener.error().message;
    if (problem != facts_.problem) {
      log::error("[http] listen: {}; no metrics are shown there, it is tried again every {}",
                 problem, to_words(kEvery));
    }
    facts_.problem = problem;
    return std::nullopt;
  }
  address_.reset();
  facts_ = {.address = to_text(listener->address), .problem = ""};
  log::info("metrics are shown at http://{}/metrics", facts_.address);
  return std::move(*listener);
}

}  // namespace vaultbell::aggregator
