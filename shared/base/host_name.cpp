#include "shared/base/host_name.hpp"

#include <array>
#include <unistd.h>

namespace vaultbell {

std::string host_name() {
  std::array<char, 256> name{};  // the last byte stays 0
  if (gethostname(name.data(), name.size() - 1) != 0) return {};
  return name.data();
}

}  // namespace vaultbell
