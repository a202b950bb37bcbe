// WakeUp: lets one thread rouse another that waits in poll(). An eventfd: any number of calls
// before the other looks count as one.
#pragma once

#include "shared/base/file_descriptor.hpp"

namespace vaultbell {

class WakeUp {
 public:
  WakeUp();

  void call() const;   // from any thread; never blocks
  void clear() const;  // by the one who waits, before it looks at its work
  [[nodiscard]] int fd() const { return fd_.get(); }  // readable once called

 private:
  FileDescriptor fd_;
};

}  // namespace vaultbell
