#include "shared/base/uuid.hpp"

#include <sys/random.h>

#include <fmt/format.h>

#include "shared/base/check.hpp"
#include "shared/base/files.hpp"

namespace vaultbell {

namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_dash_position(std::size_t i) {
  return i == 8 || i == 13 || i == 18 || i == 23;
}

}  // namespace

std::string to_text(const Uuid& uuid) {
  std::string text;
  for (std::size_t i = 0; i < uuid.bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", uuid.bytes[i]);
  }
  return text;
}

Result<Uuid> parse_uuid(std::string_view text) {
  const auto wrong = [&] {
    return fail(
        ErrorCode::invalid,
        fmt::format("\"{}\" is not a UUID (32 hexadecimal digits in groups of 8-4-4-4-12)", text));
  };
  if (text.size() != 36) return wrong();
  Uuid uuid;
  std::size_t digit = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_dash_position(i)) {
      if (text[i] != '-') return wrong();
      continue;
    }
    const int value = hex_value(text[i]);
    if (value < 0) return wrong();
    auto& byte = uuid.bytes[digit / 2];
    byte = static_cast<std::uint8_t>(unsigned{byte} << 4U | static_cast<unsigned>(value));
    ++digit;
  }
  return uuid;
}

Uuid random_uuid() {
  Uuid uuid;
  const auto got = getrandom(uuid.bytes.data(), uuid.bytes.size(), 0);
  check(got == static_cast<ssize_t>(uuid.bytes.size()), "getrandom fills 16 bytes");
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0FU) | 0x40U);  // version 4
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3FU) | 0x80U);  // RFC 4122 variant
  return uuid;
}

Result<Uuid> read_boot_id() {
  auto text = read_file("/proc/sys/kernel/random/boot_id", 64);
  if (!text) return fail(text.error());
  while (!text->empty() && text->back() == '\n') text->pop_back();
  return parse_uuid(*text);
}

}  // namespace vaultbell
