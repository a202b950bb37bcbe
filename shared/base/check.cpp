#include "shared/base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace vaultbell {

void check(bool is_true, std::string_view statement, const char* file, int line) {
  if (is_true) return;
  std::fprintf(stderr, "bug: %.*s is not true (%s:%d); please report this\n",
               static_cast<int>(statement.size()), statement.data(), file, line);
  std::abort();
}

}  // namespace vaultbell
