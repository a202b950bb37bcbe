// The signals a daemon reacts to, as something to wait for instead of an interruption.
#pragma once

#include <cstdint>
#include <optional>

#include "shared/base/file_descriptor.hpp"
#include "shared/base/result.hpp"

namespace vaultbell::service {

enum class Signal : std::uint8_t { stop, reload };  // SIGTERM or SIGINT; SIGHUP

// Make it before any thread starts: from then on these signals (and SIGPIPE) interrupt no thread.
class Signals {
 public:
  static Result<Signals> take();

  [[nodiscard]] int fd() const { return fd_.get(); }  // readable when a signal waits
  std::optional<Signal> next();                       // without waiting

 private:
  explicit Signals(FileDescriptor fd) : fd_(std::move(fd)) {}
  FileDescriptor fd_;
};

}  // namespace vaultbell::service
