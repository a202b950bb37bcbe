// WebDoor: opens the address of [web] listen. A port that is taken, or a certificate that cannot be
// read, keeps nobody from being told of backups: the aggregator runs without it, and tries again.
#pragma once

#include <optional>

#include "aggregator/api/facts.hpp"
#include "aggregator/api/web_listener.hpp"
#include "aggregator/web_settings.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::aggregator {

// Belongs to the main thread.
class WebDoor {
 public:
  explicit WebDoor(const WebSettings& settings);

  // Tries if it is time to; the first time at once. Absent: it is open already, there is nothing to
  // open, or not yet. What stands in the way is logged once.
  std::optional<api::WebListener> turn(Steady now);

  // Certificate and key anew, which others renew, and the url. Absent: there are none, or they
  // cannot be used (which is logged): then those from before stay.
  std::shared_ptr<api::Tls> renew(const WebSettings& settings);

  // How it stood after the last turn.
  [[nodiscard]] const api::WebFacts& facts() const { return facts_; }

  static constexpr Duration kEvery = std::chrono::seconds(10);

 private:
  Result<api::WebListener> open() const;
  void show_url(const TcpAddress& address);

  WebSettings settings_;
  bool is_to_open_;
  std::optional<Steady> tried_at_;
  api::WebFacts facts_;
};

}  // namespace vaultbell::aggregator
