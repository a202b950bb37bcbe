// Lockout: who signs in with ten wrong secrets is not listened to for a while, address by address.
#pragma once

#include <map>
#include <string>

#include "shared/base/time.hpp"

namespace vaultbell::api {

// Of the server's thread.
class Lockout {
 public:
  static constexpr int kTriesMax = 10;
  static constexpr Duration kFor = std::chrono::minutes(15);
  static constexpr std::size_t kKnownMax = 10'000;  // then the one that failed first is forgotten

  // How long nothing from there is looked at; zero: it may try.
  [[nodiscard]] Duration locked_for(const std::string& peer, Steady now) const;

  void failed(const std::string& peer, Steady now);
  void succeeded(const std::string& peer) { failures_.erase(peer); }

 private:
  struct Failures {
    int count = 0;
    Steady until;  // then they are forgotten
  };
  void forget_old(Steady now);

  std::map<std::string, Failures> failures_;
};

}  // namespace vaultbell::api
