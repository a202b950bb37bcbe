#include "shared/base/tcp_address.hpp"

#include <gtest/gtest.h>

namespace vaultbell {
namespace {

TEST(Loopback, IsAnAddressOfLoopbackAndAPort) {
  for (const auto* text : {"127.0.0.1:8483", "127.1.2.3:0", "[::1]:65535"}) {
    const auto address = parse_loopback(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(to_text(*address), text);
  }
}

TEST(Loopback, OfOtherHostsIsRefused) {
  for (const auto* text :
       {"0.0.0.0:8483", "192.168.1.1:8483", "[::]:8483", "[::ffff:127.0.0.1]:1", "128.0.0.1:1"}) {
    const auto address = parse_loopback(text);
    ASSERT_FALSE(address) << text;
    EXPECT_NE(address.error().message.find("is not an address of this host alone"),
              std::string::npos)
        << address.error().message;
  }
}

TEST(Loopback, WithoutAGoodPortIsRefused) {
  for (const auto* text : {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:x",
                           "127.0.0.1:-1", "127.0.0.1:80 ", "localhost:8483", ":8483"}) {
    const auto address = parse_loopback(text);
    ASSERT_FALSE(address) << text;
    EXPECT_NE(address.error().message.find("is not an address and a port"), std::string::npos);
  }
}

TEST(Loopback, ListensAtAnyFreePort) {
  auto address = *parse_loopback("127.0.0.1:0");
  const auto first = listen_on(address, 1);
  ASSERT_TRUE(first);
  EXPECT_GT(address.port, 0);
  const auto second = listen_on(address, 1);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message, "Address already in use");
}

TEST(Loopback, HostNamesThisHostOrNobody) {
  for (const auto* host :
       {"", "localhost", "LocalHost:8480", "127.0.0.1", "127.1.2.3:1", "[::1]", "[::1]:8480"}) {
    EXPECT_TRUE(is_loopback_host(host)) << host;
  }
  for (const auto* host : {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8480",
                           "192.0.2.1", "[::2]"}) {
    EXPECT_FALSE(is_loopback_host(host)) << host;
  }
}

}  // namespace
}  // namespace vaultbell
