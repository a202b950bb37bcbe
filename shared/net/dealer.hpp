// Dealer: the agent's end of the wire. Connects again by itself after every loss, except after a
// handshake that the other side refused: then it must be made anew (libzmq gives up for good). One
// thread owns it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/crypto/keys.hpp"
#include "shared/net/context.hpp"

namespace vaultbell::net {

struct DealerOptions {
  std::string endpoint;  // "tcp://vaultbell.example.org:8481"
  crypto::KeyPair key;
  PublicKey server_key;
  Duration reconnect_every = std::chrono::seconds(3);  // libzmq adds up to as much again, at random
  Duration linger = std::chrono::seconds(2);           // for a goodbye that is still under way
};

enum class LinkEvent : std::uint8_t {
  connected,       // the handshake succeeded
  disconnected,    // libzmq is trying again
  refused,         // our key is not let in: final for this Dealer
  not_understood,  // the other side does not speak CURVE: final for this Dealer
};

class Dealer {
 public:
  // Connecting goes on in the background; the error is about the endpoint's form.
  static Result<Dealer> connect(const Context& context, const DealerOptions& options);

  Dealer(Dealer&&) noexcept;
  Dealer& operator=(Dealer&&) noexcept;
  ~Dealer();

  // False when the queue is full: the other side is away or does not read. Never waits.
  [[nodiscard]] bool send(std::string_view payload);
  // The next message or event, without waiting.
  std::optional<std::string> receive();
  std::optional<LinkEvent> next_event();

  struct Raw;
  [[nodiscard]] Raw& raw() const { return *raw_; }

 private:
  explicit Dealer(std::unique_ptr<Raw> raw);
  std::unique_ptr<Raw> raw_;
};

}  // namespace vaultbell::net
