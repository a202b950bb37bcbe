// Zap: answers libzmq's question, for every new connection, whether its key may come in (RFC 27,
// mechanism CURVE). Must be bound before any Router and outlive them all: libzmq lets everybody in
// while nobody answers.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "shared/base/result.hpp"
#include "shared/domain/public_key.hpp"
#include "shared/net/context.hpp"

namespace vaultbell::net {

struct ZapRequest {
  std::string request_id;
  std::string domain;  // of the Router that is asked for
  std::string address;
  PublicKey key;
};

class Zap {
 public:
  static Result<Zap> bind(const Context& context);

  Zap(Zap&&) noexcept;
  Zap& operator=(Zap&&) noexcept;
  ~Zap();

  // The next question, without waiting. Each must be answered before the next is asked for.
  std::optional<ZapRequest> receive();

  // Lets it in; every message of that connection will carry this user id.
  void allow(const ZapRequest& request, const std::string& user_id);
  // Refuses it for good: the peer's libzmq gives up, and its program is told.
  void deny(const ZapRequest& request, const std::string& why);

  struct Raw;
  [[nodiscard]] Raw& raw() const { return *raw_; }

 private:
  explicit Zap(std::unique_ptr<Raw> raw);
  void answer(const ZapRequest& request, const char* code, const std::string& text,
              const std::string& user_id);
  std::unique_ptr<Raw> raw_;
};

}  // namespace vaultbell::net
