#include "aggregator/notify/ip_range.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstring>
#include <netinet/in.h>
#include <span>
#include <sys/socket.h>

#include <fmt/format.h>

#include "shared/base/check.hpp"

namespace vaultbell::notify {

namespace {

constexpr unsigned kMappedBits = 96;
constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

IpAddress mapped(const std::uint8_t* four) {
  IpAddress address;
  std::ranges::copy(kMapped, address.bytes.begin());
  std::copy_n(four, 4, address.bytes.begin() + kMapped.size());
  return address;
}

struct Named {
  std::string_view range;
  std::string_view name;
};

// IANA's special-purpose registries (RFC 6890 and its updates), and multicast.
constexpr Named kNotPublic[] = {
    {"0.0.0.0/8", "unspecified"},
    {"10.0.0.0/8", "private"},
    {"100.64.0.0/10", "a provider's own (CGNAT)"},
    {"127.0.0.0/8", "loopback"},
    {"169.254.0.0/16", "link-local"},
    {"172.16.0.0/12", "private"},
    {"192.0.0.0/24", "reserved"},
    {"192.0.2.0/24", "reserved"},
    {"192.88.99.0/24", "reserved"},
    {"192.168.0.0/16", "private"},
    {"198.18.0.0/15", "reserved"},
    {"198.51.100.0/24", "reserved"},
    {"203.0.113.0/24", "reserved"},
    {"224.0.0.0/4", "multicast"},
    {"240.0.0.0/4", "reserved"},
    {"::/128", "unspecified"},
    {"::1/128", "loopback"},
    {"fc00::/7", "private (unique local)"},
    {"fe80::/10", "link-local"},
    {"ff00::/8", "multicast"},
    {"2001::/23", "reserved"},  // Teredo among them, which carries an address too
    {"2001:db8::/32", "reserved"},
    {"3fff::/20", "reserved"},
};

// Ranges whose addresses carry one of IPv4, and where it begins.
struct Carrier {
  std::string_view range;
  std::size_t at;
};
constexpr Carrier kCarriers[] = {
    {"2002::/16", 2},      // 6to4 (RFC 3056)
    {"64:ff9b::/96", 12},  // NAT64 (RFC 6052)
};

IpRange known(std::string_view text) {
  const auto range = parse_ip_range(text);
  check(range.has_value(), "the ranges of this file are ranges");
  return *range;
}

tl::unexpected<Error> no_range(std::string_view text, std::string_view why) {
  return fail(ErrorCode::invalid, fmt::format("\"{}\" is not a network: {} (example: "
                                              "\"10.0.0.0/8\")",
                                              text, why));
}

}  // namespace

bool IpAddress::is_v4() const {
  return std::ranges::equal(kMapped, std::span(bytes).first<12>());
}

std::optional<IpAddress> ip_address_of(const sockaddr& address) {
  // A sockaddr is read as what its family says, and copied, since it may not be aligned for that.
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return mapped(reinterpret_cast<const std::uint8_t*>(&v4.sin_addr));
  }
  if (address.sa_family != AF_INET6) return std::nullopt;
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  IpAddress ip;
  std::memcpy(ip.bytes.data(), &v6.sin6_addr, ip.bytes.size());
  return ip;
}

std::optional<IpAddress> parse_ip_address(std::string_view text) {
  const std::string terminated(text);
  std::array<std::uint8_t, 4> four{};
  if (inet_pton(AF_INET, terminated.c_str(), four.data()) == 1) return mapped(four.data());
  IpAddress address;
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

std::string in_digits(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const auto* bytes = address.bytes.data();
  const auto* written = address.is_v4()
                            ? inet_ntop(AF_INET, bytes + kMapped.size(), text.data(), text.size())
                            : inet_ntop(AF_INET6, bytes, text.data(), text.size());
  check(written != nullptr, "an address has a text");
  return written;
}

bool IpRange::contains(const IpAddress& address) const {
  if (first.is_v4() != address.is_v4()) return false;
  for (unsigned bit = 0; bit < prefix_bits; ++bit) {
    const auto mask = static_cast<std::uint8_t>(0x80U >> (bit % 8));
    if (((first.bytes.at(bit / 8) ^ address.bytes.at(bit / 8)) & mask) != 0) return false;
  }
  return true;
}

Result<IpRange> parse_ip_range(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = parse_ip_address(text.substr(0, slash));
  if (!address) return no_range(text, "it does not begin with an address");
  IpRange range{.first = *address};
  if (slash == std::string_view::npos) return range;
  const auto bits = text.substr(slash + 1);
  const unsigned most = address->is_v4() ? 32 : 128;
  const auto read = std::from_chars(bits.data(), bits.data() + bits.size(), range.prefix_bits);
  if (read.ec != std::errc() || read.ptr != bits.data() + bits.size() || range.prefix_bits > most) {
    return no_range(text, fmt::format("behind \"/\" there is no number up to {}", most));
  }
  if (address->is_v4()) range.prefix_bits += kMappedBits;
  for (unsigned bit = range.prefix_bits; bit < 128; ++bit) {
    if ((address->bytes.at(bit / 8) & (0x80U >> (bit % 8))) != 0) {
      return no_range(text, "its address is not the first of it");
    }
  }
  return range;
}

std::string_view why_not_public(const IpAddress& address) {
  for (const auto& carrier : kCarriers) {
    if (known(carrier.range).contains(address)) {
      return why_not_public(mapped(address.bytes.data() + carrier.at));
    }
  }
  for (const auto& [range, name] : kNotPublic) {
    if (known(range).contains(address)) return name;
  }
  // Of IPv6 only this part has been given out as unicast addresses of the internet.
  const bool is_unicast = address.is_v4() || known("2000::/3").contains(address);
  return is_unicast ? "" : "reserved";
}

}  // namespace vaultbell::notify
