// Router: the aggregator's end of the wire. A CURVE server that knows each message's sender by the
// key that ZAP let in, never by a routing id. One thread owns it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"
#include "shared/crypto/keys.hpp"
#include "shared/net/context.hpp"

namespace vaultbell::net {

struct RouterOptions {
  std::string endpoint;  // "tcp://*:8481"; port * (or 0) lets the system choose
  crypto::SecretKey secret_key;
  std::string zap_domain;  // never empty: without a domain ZAP is not asked
};

struct Received {
  std::string route;    // where an answer goes; means nothing else, and ends with the connection
  std::string user_id;  // what the ZAP handler said of the key; empty: nobody was asked
  std::string address;  // the peer's IP address
  std::string payload;
};

enum class Sent : std::uint8_t {
  queued,
  peer_busy,  // its queue is full: it does not read
  peer_gone,
};

class Router {
 public:
  // The ZAP handler must be bound before (zap.hpp): without one libzmq lets everybody in. Errors
  // name the endpoint and the system's reason.
  static Result<Router> bind(const Context& context, const RouterOptions& options);

  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;
  ~Router();

  // The endpoint as bound, with the port that the system chose.
  [[nodiscard]] const std::string& endpoint() const { return endpoint_; }

  // The next message, without waiting; absent when there is none. Messages of another shape than
  // route and payload are dropped.
  std::optional<Received> receive();

  // Never waits.
  Sent send(std::string_view route, std::string_view payload);

  struct Raw;
  [[nodiscard]] Raw& raw() const { return *raw_; }

 private:
  Router(std::unique_ptr<Raw> raw, std::string endpoint);
  std::unique_ptr<Raw> raw_;
  std::string endpoint_;
};

}  // namespace vaultbell::net
