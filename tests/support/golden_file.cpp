#include "tests/support/golden_file.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace vaultbell::support {

void expect_golden(std::string_view name, std::string_view text) {
  const auto path = std::filesystem::path(VAULTBELL_GOLDEN_FOLDER) / name;
  if (std::getenv("VAULTBELL_WRITE_GOLDEN") != nullptr && !std::filesystem::exists(path)) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file) << path << " is missing; VAULTBELL_WRITE_GOLDEN=1 writes it";
  std::ostringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(golden.str(), text) << path;
}

}  // namespace vaultbell::support
