#include "shared/service/signals.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <sys/signalfd.h>

namespace vaultbell::service {

Result<Signals> Signals::take() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, number);
  auto blocked = set;
  sigaddset(&blocked, SIGPIPE);  // a closed connection is an error of the call, not a reason to die
  if (pthread_sigmask(SIG_BLOCK, &blocked, nullptr) != 0) return fail("cannot block signals");
  FileDescriptor fd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd.is_open()) return fail(std::string("cannot wait for signals: ") + std::strerror(errno));
  return Signals(std::move(fd));
}

std::optional<Signal> Signals::next() {
  signalfd_siginfo event{};
  if (read(fd_.get(), &event, sizeof event) != static_cast<ssize_t>(sizeof event)) {
    return std::nullopt;
  }
  return event.ssi_signo == SIGHUP ? Signal::reload : Signal::stop;
}

}  // namespace vaultbell::service
