#include "shared/net/poller.hpp"

#include <algorithm>
#include <vector>

#include "shared/base/check.hpp"
#include "shared/net/raw.hpp"
#include "shared/net/raw_sockets.hpp"

namespace vaultbell::net {

struct Poller::Items {
  std::vector<zmq::pollitem_t> list;

  void add(zmq::socket_t& socket) { list.push_back({socket.handle(), 0, ZMQ_POLLIN, 0}); }
};

Poller::Poller() : items_(std::make_unique<Items>()) {}
Poller::~Poller() = default;

void Poller::add(const Router& router) {
  items_->add(router.raw().socket);
}
void Poller::add(const Zap& zap) {
  items_->add(zap.raw().socket);
}
void Poller::add(const Dealer& dealer) {
  items_->add(dealer.raw().socket);
  items_->add(dealer.raw().monitor);
}
void Poller::add(int fd) {
  items_->list.push_back({nullptr, fd, ZMQ_POLLIN, 0});
}
void Poller::clear() {
  items_->list.clear();
}

void Poller::wait(Duration patience) {
  const auto timeout = std::max(patience, Duration::zero()).count();
  const int code = zmq_poll(items_->list.data(), static_cast<int>(items_->list.size()), timeout);
  check(code >= 0 || zmq_errno() == EINTR, "poll fails only through a signal");
}

}  // namespace vaultbell::net
