// Aggregator: a stand-in on loopback with real sockets, keys and ZAP, which says what a test wants.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "shared/base/check.hpp"
#include "shared/base/clock.hpp"
#include "shared/crypto/keys.hpp"
#include "shared/net/poller.hpp"
#include "shared/net/router.hpp"
#include "shared/net/zap.hpp"
#include "shared/protocol/codec.hpp"
#include "tests/support/loopback.hpp"

namespace vaultbell::agent::testing {

inline constexpr Duration kPatience = std::chrono::seconds(30);  // for a busy machine
inline constexpr Duration kLook = std::chrono::milliseconds(10);

// One per process: two contexts would break libsodium's clean-up, and the address of ZAP is free
// again only some time after its socket was closed.
struct Network {
  net::Context context;
  Result<net::Zap> zap = net::Zap::bind(context);
};

inline Network& network() {
  static const auto instance = [] {
    crypto::start();
    return std::make_unique<Network>();
  }();
  return *instance;
}

class Aggregator {
 public:
  struct Said {
    std::string route;
    PublicKey key;
    protocol::Message message;
  };

  Aggregator() { listen("tcp://" + support::own_address() + ":*"); }

  [[nodiscard]] const std::string& endpoint() const { return endpoint_; }
  [[nodiscard]] const PublicKey& key() const { return pair_.public_key; }
  void allow(const PublicKey& key) { allowed_.insert(key); }
  void allow_everybody() { is_open_ = true; }

  void go_away() { router_.reset(); }
  void come_back() { listen(endpoint_); }

  // Lets in who may come, and takes in what was said.
  void turn() {
    while (const auto request = zap_.receive()) {
      if (is_open_ || allowed_.contains(request->key)) {
        zap_.allow(*request, crypto::to_text(request->key));
      } else {
        ++refused;
        zap_.deny(*request, "not enrolled");
      }
    }
    while (router_) {
      const auto received = router_->receive();
      if (!received) break;
      auto message = protocol::decode(received->payload);
      check(message.has_value(), "agents send what can be read");
      said.push_back(
          {received->route, *crypto::parse_public_key(received->user_id), std::move(*message)});
    }
    poller_.clear();
    poller_.add(zap_);
    if (router_) poller_.add(*router_);
    poller_.wait(kLook);
  }

  void say(const std::string& route, protocol::Body body, std::uint64_t sequence = 0) {
    say_bytes(route, protocol::encode({sequence, std::move(body)}));
  }
  void say_bytes(const std::string& route, const std::string& bytes) {
    check(router_->send(route, bytes) == net::Sent::queued, "the agent is there");
  }

  // The next message of that type; others are dropped. Waits for it; `meanwhile` runs besides.
  template <class T>
  std::optional<Said> await(const std::function<void()>& meanwhile = [] {}) {
    const SystemClock clock;
    const auto end = clock.steady() + kPatience;
    while (clock.steady() < end) {
      while (!said.empty()) {
        auto one = std::move(said.front());
        said.pop_front();
        if (std::holds_alternative<T>(one.message.body)) return one;
      }
      turn();
      meanwhile();
    }
    return std::nullopt;
  }

  std::deque<Said> said;
  int refused = 0;

 private:
  // libzmq closes a socket in a thread of its own: its port is free some time after go_away().
  void listen(const std::string& endpoint) {
    const SystemClock clock;
    const auto end = clock.steady() + kPatience;
    auto router = net::Router::bind(network().context, {endpoint, pair_.secret_key, "agents"});
    while (!router && clock.steady() < end) {
      turn();
      router = net::Router::bind(network().context, {endpoint, pair_.secret_key, "agents"});
    }
    check(router.has_value(), "a port of this process's own address can be had");
    router_ = std::move(*router);
    endpoint_ = router_->endpoint();
  }

  crypto::KeyPair pair_ = crypto::make_key_pair();
  net::Zap& zap_ = *network().zap;
  std::optional<net::Router> router_;
  std::string endpoint_;
  net::Poller poller_;
  std::set<PublicKey> allowed_;
  bool is_open_ = false;
};

}  // namespace vaultbell::agent::testing
