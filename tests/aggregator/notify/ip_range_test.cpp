#include "aggregator/notify/ip_range.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <gtest/gtest.h>

#include "aggregator/notify/connection_guard.hpp"

namespace vaultbell::notify {
namespace {

IpAddress ip(std::string_view text) {
  const auto address = parse_ip_address(text);
  EXPECT_TRUE(address) << text;
  return address.value_or(IpAddress{});
}

IpRange range_of(std::string_view text) {
  const auto range = parse_ip_range(text);
  EXPECT_TRUE(range) << text;
  return range.value_or(IpRange{});
}

std::string range_fault(std::string_view text) {
  const auto range = parse_ip_range(text);
  return range ? "" : range.error().message;
}

struct WhoIs {
  std::string_view address;
  std::string_view why_not;
};

// R7.8
TEST(IpRanges, WhatIsNotOfTheInternetIsKnown) {
  constexpr WhoIs kTable[] = {
      {"1.1.1.1", ""},
      {"9.255.255.255", ""},
      {"11.0.0.0", ""},
      {"100.63.255.255", ""},
      {"100.128.0.0", ""},
      {"172.15.255.255", ""},
      {"172.32.0.0", ""},
      {"223.255.255.255", ""},
      {"0.0.0.0", "unspecified"},
      {"0.1.2.3", "unspecified"},
      {"10.1.2.3", "private"},
      {"100.64.0.1", "a provider's own (CGNAT)"},
      {"127.0.0.1", "loopback"},
      {"127.255.255.254", "loopback"},
      {"169.254.169.254", "link-local"},
      {"172.16.0.1", "private"},
      {"172.31.255.255", "private"},
      {"192.168.1.1", "private"},
      {"198.18.0.1", "reserved"},
      {"203.0.113.9", "reserved"},
      {"224.0.0.1", "multicast"},
      {"240.0.0.1", "reserved"},
      {"255.255.255.255", "reserved"},
      {"2606:4700::1111", ""},
      {"2001:4860:4860::8888", ""},
      {"::", "unspecified"},
      {"::1", "loopback"},
      {"::2", "reserved"},
      {"::127.0.0.1", "reserved"},
      {"::ffff:127.0.0.1", "loopback"},
      {"::ffff:10.0.0.1", "private"},
      {"::ffff:1.1.1.1", ""},
      {"fe80::1", "link-local"},
      {"fec0::1", "reserved"},
      {"fc00::1", "private (unique local)"},
      {"fdff::1", "private (unique local)"},
      {"ff02::1", "multicast"},
      {"2001::1", "reserved"},
      {"2001:db8::1", "reserved"},
      {"2002:7f00:1::", "loopback"},
      {"2002:a00:1::1", "private"},
      {"2002:101:101::", ""},
      {"64:ff9b::10.0.0.1", "private"},
      {"64:ff9b::169.254.169.254", "link-local"},
      {"64:ff9b::1.1.1.1", ""},
      {"64:ff9b:1::1.1.1.1", "reserved"},
      {"4000::1", "reserved"},
  };
  for (const auto& [address, why_not] : kTable) {
    EXPECT_EQ(why_not_public(ip(address)), why_not) << address;
  }
}

TEST(IpRanges, AnAddressIsReadFromASocketsAddress) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_addr.s_addr = htonl(0x7F000001);
  EXPECT_EQ(ip_address_of(reinterpret_cast<const sockaddr&>(v4)), ip("127.0.0.1"));
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_addr = IN6ADDR_LOOPBACK_INIT;
  EXPECT_EQ(ip_address_of(reinterpret_cast<const sockaddr&>(v6)), ip("::1"));
  sockaddr other{};
  other.sa_family = AF_UNIX;
  EXPECT_EQ(ip_address_of(other), std::nullopt);
}

TEST(IpRanges, AnAddressAndTheOneThatItIsMappedToAreTheSame) {
  EXPECT_EQ(ip("::ffff:10.0.0.1"), ip("10.0.0.1"));
  EXPECT_EQ(in_digits(ip("::ffff:10.0.0.1")), "10.0.0.1");
  EXPECT_EQ(in_digits(ip("FE80:0::1")), "fe80::1");
}

TEST(IpRanges, ARangeEndsWhereItsPrefixSays) {
  EXPECT_TRUE(range_of("10.0.0.0/8").contains(ip("10.255.255.255")));
  EXPECT_FALSE(range_of("10.0.0.0/8").contains(ip("11.0.0.0")));
  EXPECT_TRUE(range_of("192.168.1.4/30").contains(ip("192.168.1.7")));
  EXPECT_FALSE(range_of("192.168.1.4/30").contains(ip("192.168.1.8")));
  EXPECT_TRUE(range_of("127.0.0.1").contains(ip("127.0.0.1")));
  EXPECT_FALSE(range_of("127.0.0.1").contains(ip("127.0.0.2")));
  EXPECT_TRUE(range_of("0.0.0.0/0").contains(ip("1.1.1.1")));
  EXPECT_TRUE(range_of("fd00::/8").contains(ip("fd12::1")));
  EXPECT_TRUE(range_of("::/0").contains(ip("fd12::1")));
  EXPECT_FALSE(range_of("::/0").contains(ip("10.0.0.1"))) << "who writes IPv6 means IPv6";
}

TEST(IpRanges, WhatIsNoRangeIsNamed) {
  EXPECT_EQ(range_fault("example.org"),
            "\"example.org\" is not a network: it does not begin with an address (example: "
            "\"10.0.0.0/8\")");
  for (const auto* text : {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8x", "10.0.0.0/-1"}) {
    EXPECT_EQ(range_fault(text),
              std::string("\"") + text +
                  "\" is not a network: behind \"/\" there is no number up to 32 "
                  "(example: \"10.0.0.0/8\")");
  }
  EXPECT_EQ(range_fault("10.0.0.1/8"),
            "\"10.0.0.1/8\" is not a network: its address is not the first of it (example: "
            "\"10.0.0.0/8\")");
}

// R7.8
TEST(ConnectionGuards, OnlyTheInternetIsConnectedToUnlessMoreIsAllowed) {
  const std::vector<IpRange> allow = {range_of("10.0.0.0/8"), range_of("8.8.8.8")};
  EXPECT_EQ(fault_of(ip("1.1.1.1"), allow, true), "");
  EXPECT_EQ(fault_of(ip("10.0.0.1"), allow, true), "");
  EXPECT_EQ(fault_of(ip("::ffff:10.0.0.1"), allow, true), "");
  EXPECT_EQ(fault_of(ip("192.168.0.1"), allow, true),
            "192.168.0.1 is not connected to: it is private, and [webhook] allow does not name it");
  EXPECT_EQ(fault_of(ip("1.1.1.1"), allow, false),
            "1.1.1.1 is not connected to without TLS: [webhook] allow does not name it");
  EXPECT_EQ(fault_of(ip("8.8.8.8"), allow, false), "");
}

}  // namespace
}  // namespace vaultbell::notify
