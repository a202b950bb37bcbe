// Poller: waits until one of a few sockets or file descriptors has something to read.
#pragma once

#include <memory>

#include "shared/base/time.hpp"
#include "shared/net/dealer.hpp"
#include "shared/net/router.hpp"
#include "shared/net/zap.hpp"

namespace vaultbell::net {

// What is added must stay alive as long as the poller is used. Belongs to the sockets' thread.
class Poller {
 public:
  Poller();
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  void add(const Router& router);
  void add(const Zap& zap);
  void add(const Dealer& dealer);  // its messages and its events
  void add(int fd);
  void clear();

  // Returns when anything is readable or after `patience`; a signal may end it early.
  void wait(Duration patience);

 private:
  struct Items;
  std::unique_ptr<Items> items_;
};

}  // namespace vaultbell::net
