#include "shared/base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace vaultbell {

void check(bool is_true, std::string_view statement, std::source_location where) {
  if (is_true) return;
  std::fprintf(stderr, "bug: %.*s is not true (%s:%u in %s); please report this\n",
               static_cast<int>(statement.size()), statement.data(), where.file_name(),
               static_cast<unsigned>(where.line()), where.function_name());
  std::abort();
}

}  // namespace vaultbell
