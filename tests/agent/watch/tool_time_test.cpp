#include "agent/watch/tool_time.hpp"

#include <cstdlib>
#include <ctime>

#include <gtest/gtest.h>

namespace vaultbell::agent::watch {
namespace {

class ToolTime : public ::testing::Test {
 protected:
  ToolTime() { set_zone("CET-1CEST,M3.5.0,M10.5.0/3"); }
  ~ToolTime() override { set_zone(nullptr); }
  static void set_zone(const char* zone) {
    if (zone == nullptr) {
      unsetenv("TZ");
    } else {
      setenv("TZ", zone, 1);
    }
    tzset();
  }
  static std::string parsed(std::string_view text) {
    const auto time = parse_tool_time(text);
    return time ? to_iso(*time) : "none";
  }
};

TEST_F(ToolTime, WithAnOffsetIsThatTime) {
  EXPECT_EQ(parsed("2026-11-20T14:15:34+0000"), "2026-11-20T14:15:34Z");
  EXPECT_EQ(parsed("2026-11-20T14:15:34-0330"), "2026-11-20T17:45:34Z");
  EXPECT_EQ(parsed("2026-11-20T14:05:57.270032115Z"), "2026-11-20T14:05:57.270Z");
  EXPECT_EQ(parsed("2026-11-20T14:05:57+01:00"), "2026-11-20T13:05:57Z");
}

TEST_F(ToolTime, WithoutOneIsThisHostsTime) {
  EXPECT_EQ(parsed("2026-11-20T14:15:31"), "2026-11-20T13:15:31Z");
  EXPECT_EQ(parsed("2026-07-20 14:15:31"), "2026-07-20T12:15:31Z");
  EXPECT_EQ(parsed("2026-11-20T14:11:55.250000"), "2026-11-20T13:11:55.250Z");
}

TEST_F(ToolTime, OfTheNightWhenTheClockIsSetBackIsOneOfTheTwo) {
  const auto time = parsed("2026-10-25T02:30:00");
  EXPECT_TRUE(time == "2026-10-25T00:30:00Z" || time == "2026-10-25T01:30:00Z") << time;
}

TEST_F(ToolTime, MayBeSecondsSince1970) {
  EXPECT_EQ(parsed("1795184281"), "2026-11-20T14:18:01Z");
  EXPECT_EQ(parsed("0"), "1970-01-01T00:00:00Z");
}

TEST_F(ToolTime, OfAnyOtherFormIsNone) {
  for (const auto* text : {"", "yesterday", "-1", "99999999999999", "2026-13-01T00:00:00Z",
                           "2026-11-20", "14:15:31"}) {
    EXPECT_EQ(parsed(text), "none") << text;
  }
}

}  // namespace
}  // namespace vaultbell::agent::watch
