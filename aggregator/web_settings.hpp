// What [web] of aggregator.toml says: where browsers and programs reach the aggregator.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "shared/base/tcp_address.hpp"

namespace vaultbell::aggregator {

struct WebSettings {
  std::optional<TcpAddress> listen =
      TcpAddress{.host = "127.0.0.1", .port = 8480};  // absent: nowhere
  std::filesystem::path certificate;  // of TLS; empty: in the clear, on loopback alone
  std::filesystem::path key;
  std::string url;  // as browsers see it; empty: as `listen` says

  bool operator==(const WebSettings&) const = default;
};

}  // namespace vaultbell::aggregator
