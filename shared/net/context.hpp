// Context: ZeroMQ's I/O thread. One per process (two would break libsodium's clean-up), made before
// any socket and ended after the last.
#pragma once

#include <memory>

namespace vaultbell::net {

class Context {
 public:
  Context();
  ~Context();  // waits for sockets that still linger
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  struct Raw;  // the zmq::context_t, for this folder only
  [[nodiscard]] Raw& raw() const { return *raw_; }

 private:
  std::unique_ptr<Raw> raw_;
};

}  // namespace vaultbell::net
