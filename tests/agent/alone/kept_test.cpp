// The bytes of the file `alone`: what an agent wrote once must be read for ever.
#include "agent/alone/kept.hpp"

#include <gtest/gtest.h>

#include "tests/agent/support/printing.hpp"
#include "tests/agent/support/reports.hpp"

namespace vaultbell::agent::alone {
namespace {

using core::AloneCall;
using core::AloneEvent;
using core::AloneRow;
using testing::uuid;

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    text += kDigits[static_cast<unsigned char>(c) >> 4U];
    text += kDigits[static_cast<unsigned char>(c) & 0xFU];
  }
  return text;
}

void expect_golden(const Kept& kept, const std::string& golden) {
  EXPECT_EQ(hex(encode(kept)), golden);
  const auto decoded = decode(encode(kept));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(*decoded, kept);
}

TEST(AloneFormat, InContactAndNothingWasEverTold) {
  expect_golden({uuid(0x22), {}}, "8201c410222222222222222222222222222222220300");
}

TEST(AloneFormat, AloneAndTheCommandIsRunning) {
  const AloneCall call{.since = Instant(Duration(1'000)),
                       .lasted = Duration(300),
                       .attempts = 1,
                       .is_open = true,
                       .run_at = Instant(Duration(1'300))};
  expect_golden({uuid(0x22), {Instant(Duration(1'000)), Duration(300), call}},
                "8401c4102222222222222222222222222222222202cd03e803cd012c04"
                "88010102cd03e803cd012c040105c306c207cd051409a0");
}

TEST(AloneFormat, BackAndGivenUp) {
  const AloneCall call{.event = AloneEvent::back,
                       .since = Instant(Duration(1'000)),
                       .lasted = Duration(300),
                       .attempts = 5,
                       .is_over = true,
                       .run_at = Instant(Duration(1'300)),
                       .exit_code = 1,
                       .failure = "exit code 1"};
  expect_golden({uuid(0x22), {std::nullopt, Duration(0), call}},
                "8301c41022222222222222222222222222222222030004"
                "89010202cd03e803cd012c040505c206c307cd0514080109ab6578697420636f64652031");
}

TEST(AloneFormat, WhatCannotBeIsRefused) {
  EXPECT_FALSE(decode(""));
  EXPECT_FALSE(decode("nonsense"));
  AloneRow row{.counted = Duration(-1)};
  EXPECT_EQ(decode(encode({uuid(1), row})).error().message, "a number is out of range");
  row = {.call = AloneCall{.attempts = 0}};
  EXPECT_EQ(decode(encode({uuid(1), row})).error().message, "a number is out of range");
}

}  // namespace
}  // namespace vaultbell::agent::alone
