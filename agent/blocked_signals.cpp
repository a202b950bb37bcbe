#include "agent/blocked_signals.hpp"

#include <unistd.h>

#include "shared/base/check.hpp"

namespace vaultbell::agent {

namespace {

// Shells start background jobs without SIGINT, and nohup without SIGHUP: what whoever started us
// has us ignore is none of the command's business either.
bool is_ignored(int number) {
  struct sigaction action {};
  check(sigaction(number, nullptr, &action) == 0, "a signal can be asked about");
  return action.sa_handler == SIG_IGN;
}

}  // namespace

BlockedSignals::BlockedSignals() {
  signal(SIGCHLD, SIG_DFL);  // whoever started us may ignore it, and then nobody could be awaited
  sigset_t awaited;
  sigemptyset(&awaited);
  sigaddset(&awaited, SIGCHLD);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
    if (!is_ignored(number)) sigaddset(&awaited, number);
  }
  auto blocked = awaited;
  sigaddset(&blocked, SIGPIPE);
  check(sigprocmask(SIG_BLOCK, &blocked, &before_) == 0, "signals can be blocked");
  fd_ = FileDescriptor(signalfd(-1, &awaited, SFD_CLOEXEC | SFD_NONBLOCK));
  check(fd_.is_open(), "signals can be read");
}

std::optional<signalfd_siginfo> BlockedSignals::next() const {
  signalfd_siginfo signal{};
  if (read(fd_.get(), &signal, sizeof signal) != sizeof signal) return std::nullopt;
  return signal;
}

}  // namespace vaultbell::agent
