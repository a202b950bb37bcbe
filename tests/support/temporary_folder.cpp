#include "tests/support/temporary_folder.hpp"

#include <cstdlib>
#include <string>
#include <system_error>

#include "shared/base/check.hpp"

namespace vaultbell::support {

TemporaryFolder::TemporaryFolder() {
  auto name = (std::filesystem::temp_directory_path() / "vaultbell-test.XXXXXX").string();
  check(mkdtemp(name.data()) != nullptr, "a test can make a temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;  // a folder left behind harms nobody
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace vaultbell::support
