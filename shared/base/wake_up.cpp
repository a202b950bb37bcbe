#include "shared/base/wake_up.hpp"

#include <cstdint>
#include <sys/eventfd.h>

#include "shared/base/check.hpp"

namespace vaultbell {

WakeUp::WakeUp() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  check(fd_.is_open(), "an eventfd can be made");
}

void WakeUp::call() const {
  const std::uint64_t one = 1;
  // Can only fail when the counter is full, and then the other side is awake already.
  [[maybe_unused]] const auto wrote = ::write(fd_.get(), &one, sizeof one);
}

void WakeUp::clear() const {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(fd_.get(), &count, sizeof count);
}

}  // namespace vaultbell
