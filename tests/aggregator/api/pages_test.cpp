// The dashboard as a browser gets it, and how many may come from one address.
#include "aggregator/api/pages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aggregator/api/http_connection.hpp"
#include "aggregator/web/assets.hpp"

namespace vaultbell::api {
namespace {

using ::testing::HasSubstr;

std::string header(const HttpResponse& response, std::string_view name) {
  for (const auto& [known, value] : response.headers) {
    if (known == name) return value;
  }
  return "(none)";
}

HttpResponse page(const std::string& target, const std::string& etag = {}) {
  return page_of({.method = "GET", .target = target, .if_none_match = etag});
}

TEST(Pages, OfEveryPathThatIsNoFileAreTheOnePage) {
  const auto index = page("/index.html");
  EXPECT_EQ(index.status, 200U);
  EXPECT_EQ(index.content_type, "text/html; charset=utf-8");
  EXPECT_EQ(page("/clients/db-1?tab=runs").body, index.body);
  EXPECT_EQ(header(index, "Cache-Control"), "no-cache");
  EXPECT_THAT(header(index, "Content-Security-Policy"), HasSubstr("default-src 'none'"));
}

TEST(Pages, ThatABrowserHasAreNotSentAgain) {
  const auto etag = header(page("/"), "ETag");
  const auto again = page("/", etag);
  EXPECT_EQ(again.status, 304U);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(page("/", "\"another\"").status, 200U);
}

TEST(Pages, HaveFilesThatNeverChangeUnderTheirNames) {
  for (const auto& asset : web::assets()) {
    if (!asset.path.starts_with("/assets/")) continue;
    const auto file = page(std::string(asset.path));
    EXPECT_EQ(file.status, 200U);
    EXPECT_THAT(header(file, "Cache-Control"), HasSubstr("immutable"));
  }
  EXPECT_EQ(page("/assets/of-another-version.js").status, 404U);
}

TEST(Pages, AreOnlyRead) {
  const auto response = page_of({.method = "POST", .target = "/"});
  EXPECT_EQ(response.status, 405U);
  EXPECT_EQ(header(response, "Allow"), "GET, HEAD");
}

TEST(ARoom, IsFullForOneBeforeItIsForAll) {
  Room room(3, 2);
  EXPECT_TRUE(room.enter("192.0.2.7"));
  EXPECT_TRUE(room.enter("192.0.2.7"));
  EXPECT_FALSE(room.enter("192.0.2.7"));
  EXPECT_TRUE(room.enter("192.0.2.8"));
  EXPECT_FALSE(room.enter("")) << "it is full for all";
  room.leave("192.0.2.7");
  EXPECT_TRUE(room.enter("192.0.2.7"));
}

}  // namespace
}  // namespace vaultbell::api
