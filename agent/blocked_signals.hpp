// BlockedSignals: the signals that `run` takes one by one instead of dying of them.
#pragma once

#include <csignal>
#include <optional>
#include <sys/signalfd.h>

#include "shared/base/file_descriptor.hpp"

namespace vaultbell::agent {

// SIGTERM, SIGINT and SIGHUP, unless they are ignored, as something to read, with SIGCHLD to wake
// us; SIGPIPE as an error of write(). From its construction to the end of the process, which has
// one thread then. A command that is started meanwhile gets the mask as it was.
class BlockedSignals {
 public:
  BlockedSignals();

  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] const sigset_t& before() const { return before_; }
  // Absent when there is none; does not block.
  [[nodiscard]] std::optional<signalfd_siginfo> next() const;

 private:
  sigset_t before_{};
  FileDescriptor fd_;
};

}  // namespace vaultbell::agent
