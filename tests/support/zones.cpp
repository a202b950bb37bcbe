#include "tests/support/zones.hpp"

#include <gtest/gtest.h>

#include "shared/base/check.hpp"

namespace vaultbell::support {

namespace {

class LoadedZones : public ::testing::Environment {
 public:
  void SetUp() override {
    const auto loaded = load_zones();
    ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
  }
};

// GoogleTest owns it.
const auto* const kLoadedZones = ::testing::AddGlobalTestEnvironment(new LoadedZones);

}  // namespace

Zone zone(std::string_view name) {
  const auto found = find_zone(name);
  check(found.has_value(), "a test names a time zone that exists");
  return *found;
}

}  // namespace vaultbell::support
