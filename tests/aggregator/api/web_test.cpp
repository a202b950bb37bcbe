// What the HTTP server does for whoever is on this host, told by raw bytes.

#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aggregator/api/http_server.hpp"
#include "tests/support/loopback.hpp"
#include "tests/support/raw_http.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::api {
namespace {

using support::RawHttp;
using support::TemporaryFolder;

constexpr std::size_t kConnectionsMax = 16;

class WebTest : public ::testing::Test {
 protected:
  WebTest() {
    auto listener = listen_for_web({.host = support::own_address()});
    EXPECT_TRUE(listener);
    address_ = listener->address;
    auto server = HttpServer::start(
        {.socket = folder_.path() / "http.sock", .web_connections_max = kConnectionsMax},
        [](const HttpRequest& request, const Respond& respond) {
          respond({.body = fmt::format("{} {}", request.door == Door::web ? "web" : "control",
                                       request.actor),
                   .content_type = "text/plain"});
        });
    EXPECT_TRUE(server);
    server_ = std::move(*server);
    server_->listen(std::move(*listener));
  }
  support::RawAnswer ask(std::string_view bytes) {
    RawHttp http(address_);
    http.send(bytes);
    return http.receive();
  }

  TemporaryFolder folder_;
  TcpAddress address_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(WebTest, IsAnotherDoorThroughWhichNobodyIsKnown) {
  const auto answer = ask("GET / HTTP/1.1\r\nHost: localhost:8480\r\n\r\n");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.body, "web ");
  EXPECT_NE(answer.head.find("Content-Type: text/plain\r\n"), std::string::npos) << answer.head;
  RawHttp control(folder_.path() / "http.sock");
  control.send("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  EXPECT_TRUE(control.receive().body.starts_with("control "));
}

// Whoever fills it keeps nobody from the other door by that.
TEST_F(WebTest, HasABoundOfItsOwn) {
  std::vector<RawHttp> idle;
  for (std::size_t i = 0; i < kConnectionsMax; ++i) idle.emplace_back(address_);
  RawHttp one_too_many(address_);
  const auto answer = one_too_many.receive();
  EXPECT_EQ(answer.status, 503U);
  EXPECT_EQ(answer.json()["error"]["message"], "there are too many connections (at most 16)");
  RawHttp control(folder_.path() / "http.sock");
  control.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(control.receive().status, 200U);
}

TEST_F(WebTest, OfAnAddressThatIsTakenIsSaid) {
  const auto second = listen_for_web(address_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message,
            "cannot listen at " + to_text(address_) + ": Address already in use");
}

}  // namespace
}  // namespace vaultbell::api
