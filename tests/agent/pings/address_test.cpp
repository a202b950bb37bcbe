#include "agent/pings/address.hpp"

#include <gtest/gtest.h>

#include "tests/agent/support/printing.hpp"

namespace vaultbell::agent::pings {
namespace {

TEST(PingAddress, IsAnAddressOfLoopbackAndAPort) {
  for (const auto* text : {"127.0.0.1:8483", "127.1.2.3:0", "[::1]:65535"}) {
    const auto address = parse_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(to_text(*address), text);
  }
}

TEST(PingAddress, OfOtherHostsIsRefused) {
  for (const auto* text : {"0.0.0.0:8483", "192.168.1.1:8483", "[::]:8483", "[::ffff:127.0.0.1]:1",
                           "localhost:8483", ":8483", "128.0.0.1:1"}) {
    const auto address = parse_address(text);
    ASSERT_FALSE(address) << text;
    EXPECT_NE(address.error().message.find("is not an address of this host alone"),
              std::string::npos)
        << address.error().message;
  }
}

TEST(PingAddress, WithoutAGoodPortIsRefused) {
  for (const auto* text : {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:x",
                           "127.0.0.1:-1", "127.0.0.1:80 "}) {
    const auto address = parse_address(text);
    ASSERT_FALSE(address) << text;
    EXPECT_NE(address.error().message.find("is not an address and a port"), std::string::npos);
  }
}

}  // namespace
}  // namespace vaultbell::agent::pings
