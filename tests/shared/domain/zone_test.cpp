// The time zones of this machine.
#include "shared/domain/zone.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/shared/domain/any_place.hpp"
#include "tests/support/zones.hpp"

namespace vaultbell {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using support::zone;

std::string refusal(std::string_view name) {
  const auto status = check_zone(name);
  if (status) return "accepted";
  EXPECT_EQ(status.error().code, ErrorCode::invalid);
  return status.error().message;
}

TEST(Zones, AreKnownByTheirNamesAndByLinks) {
  for (const auto* name : {"Europe/Berlin", "UTC", "America/Argentina/Ushuaia", "Etc/GMT+5",
                           "US/Eastern", "Asia/Calcutta", "CET"}) {
    EXPECT_EQ(refusal(name), "accepted") << name;
    EXPECT_EQ(zone(name).name(), name);
  }
}

TEST(Zones, ThatAreUnknownAreRefusedWithTheNearestOrWithExamples) {
  EXPECT_EQ(refusal("Europe/Berln"),
            "unknown time zone \"Europe/Berln\"; did you mean \"Europe/Berlin\"?");
  EXPECT_EQ(refusal("europe/berlin"),
            "unknown time zone \"europe/berlin\"; did you mean \"Europe/Berlin\"?");
  EXPECT_EQ(refusal("berlin"), "unknown time zone \"berlin\"; did you mean \"Europe/Berlin\"?");
  EXPECT_EQ(refusal("utc"), "unknown time zone \"utc\"; did you mean \"Etc/UTC\"?");
  EXPECT_EQ(refusal(""), "unknown time zone \"\" (examples: \"Europe/Berlin\", \"UTC\")");
  EXPECT_EQ(refusal("somewhere else\n"),
            "unknown time zone \"somewhere else \" (examples: \"Europe/Berlin\", \"UTC\")");
  EXPECT_EQ(refusal(std::string(1000, 'x')), "unknown time zone \"" + std::string(64, 'x') +
                                                 "\" (examples: \"Europe/Berlin\", \"UTC\")");
}

TEST(Zones, AreNotFilesThatStandBesideThem) {
  for (const auto* name : {"localtime", "posixrules", "posix/Europe/Berlin", "right/UTC",
                           "tzdata.zi", "zone.tab", "../zoneinfo/UTC", "leapseconds"}) {
    EXPECT_NE(refusal(name), "accepted") << name;
  }
}

TEST(Zones, AreInTheOrderOfTheirNames) {
  const auto names = zone_names();
  EXPECT_GT(names.size(), 400U);
  EXPECT_TRUE(std::ranges::is_sorted(names));
}

TEST(Zones, MayBeLoadedAgain) {
  const auto before = zone_names();
  EXPECT_TRUE(load_zones().has_value());
  EXPECT_EQ(zone_names().data(), before.data());
}

TEST(Zones, AreUtcUnlessTheyWereFound) {
  EXPECT_EQ(Zone(), zone("UTC"));
  EXPECT_FALSE(Zone() == zone("Europe/Berlin"));
  EXPECT_EQ(Zone().span_at(Instant{}).offset, 0h);
}

TEST(Zones, HaveTheirOffsets) {
  struct Case {
    const char* zone;
    const char* instant;
    std::chrono::minutes offset;
  };
  const Case cases[] = {
      {"Europe/Berlin", "2026-03-29T00:59:59Z", 1h},
      {"Europe/Berlin", "2026-03-29T01:00:00Z", 2h},
      {"Europe/Berlin", "2036-07-01T00:00:00Z", 2h},
      {"America/New_York", "2026-11-01T05:59:59Z", -4h},
      {"America/New_York", "2026-11-01T06:00:00Z", -5h},
      {"Australia/Lord_Howe", "2026-04-04T14:59:59Z", 11h},
      {"Australia/Lord_Howe", "2026-04-04T15:00:00Z", 10h + 30min},
      {"Asia/Kathmandu", "2026-01-01T00:00:00Z", 5h + 45min},
      {"America/St_Johns", "2026-01-01T00:00:00Z", -(3h + 30min)},
      {"Pacific/Apia", "2011-12-30T09:59:59Z", -10h},
      {"Pacific/Apia", "2011-12-30T10:00:00Z", 14h},
      {"Europe/Dublin", "2026-07-01T00:00:00Z", 1h},
      {"Etc/GMT+5", "2026-01-01T00:00:00Z", -5h},
  };
  for (const auto& [name, instant, offset] : cases) {
    EXPECT_EQ(zone(name).span_at(*parse_iso(instant)).offset, offset) << name << " " << instant;
  }
}

// What moments_of relies on.
TEST(Zones, HaveChangesSoFarApartThatNoLocalTimeIsTouchedByTwo) {
  const Instant until = std::chrono::sys_days(std::chrono::year(2100) / 1 / 1);
  for (const auto name : zone_names()) {
    auto span = zone(name).span_at(Instant{});
    auto touched_until = LocalMinute::min();
    while (span.end < until) {
      const auto next = zone(name).span_at(span.end);
      const auto before = to_local_minute(span.end, span.offset);
      const auto after = to_local_minute(span.end, next.offset);
      EXPECT_LT(touched_until, std::min(before, after)) << name << " " << to_iso(span.end);
      touched_until = std::max(before, after);
      span = next;
    }
  }
}

RC_GTEST_PROP(Zones, ShowWhatDateTzSays, ()) {
  const std::string name(zone_names()[static_cast<std::size_t>(
      support::below(static_cast<int>(zone_names().size())))]);
  const Instant minute(std::chrono::minutes(support::below(67 * 365 * 1440)));  // until 2036
  RC_ASSERT(zone(name).local_minute(minute) == support::MinuteByMinute(name).shown_at(minute));
}

RC_GTEST_PROP(Zones, ShowALocalMinuteAtTheInstantsThatTheySay, ()) {
  const auto [name, instant] = support::any_place();
  const auto minute = std::chrono::floor<std::chrono::minutes>(instant);
  support::MinuteByMinute clock(name);
  const auto shown = clock.shown_at(minute);
  RC_ASSERT(zone(name).local_minute(instant) == shown);
  const auto moments = zone(name).moments_of(shown);
  RC_ASSERT(moments.count == (moments.earliest == moments.latest ? 1 : 2));
  RC_ASSERT(clock.shown_at(moments.earliest) == shown);
  RC_ASSERT(clock.shown_at(moments.latest) == shown);
  RC_ASSERT(minute == moments.earliest || minute == moments.latest);
  RC_ASSERT(clock.has_shown_before(minute) == (minute != moments.earliest));
}

}  // namespace
}  // namespace vaultbell
