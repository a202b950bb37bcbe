#include "aggregator/web/assets.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace vaultbell::web {
namespace {

std::vector<std::string_view> paths() {
  std::vector<std::string_view> found;
  for (const auto& asset : assets()) found.push_back(asset.path);
  return found;
}

TEST(Assets, AreAPageItsScriptAndItsStylesInOrder) {
  const auto found = paths();
  ASSERT_EQ(found.size(), 3);
  EXPECT_TRUE(std::is_sorted(found.begin(), found.end()));
  EXPECT_TRUE(found[0].starts_with("/assets/main-"));
  EXPECT_TRUE(found[1].starts_with("/assets/main-"));
  EXPECT_EQ(found[2], "/index.html");
}

TEST(Assets, HaveATypeAndAnETagOfTheirOwn) {
  for (const auto& asset : assets()) {
    EXPECT_TRUE(asset.type.ends_with("; charset=utf-8")) << asset.path;
    EXPECT_EQ(asset.etag.size(), 66) << asset.path;  // a sha256 in quotes
    EXPECT_TRUE(asset.etag.starts_with('"') && asset.etag.ends_with('"')) << asset.path;
    for (const auto& other : assets()) {
      if (other.path != asset.path) {
        EXPECT_NE(asset.etag, other.etag);
      }
    }
  }
}

TEST(Assets, AreGzippedWithoutATime) {
  for (const auto& asset : assets()) {
    ASSERT_GT(asset.gzip.size(), 18U) << asset.path;
    EXPECT_EQ(asset.gzip[0], 0x1f) << asset.path;
    EXPECT_EQ(asset.gzip[1], 0x8b) << asset.path;
    for (int i = 4; i < 8; ++i) EXPECT_EQ(asset.gzip[static_cast<std::size_t>(i)], 0) << asset.path;
  }
}

}  // namespace
}  // namespace vaultbell::web
