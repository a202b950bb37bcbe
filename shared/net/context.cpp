#include "shared/net/context.hpp"

#include "shared/net/raw.hpp"

namespace vaultbell::net {

namespace {
constexpr int kSocketsMax = 64;  // we open a handful; connections are not sockets
}

Context::Context() : raw_(std::make_unique<Raw>()) {
  raw_->context.set(zmq::ctxopt::max_sockets, kSocketsMax);
}

Context::~Context() = default;

}  // namespace vaultbell::net
