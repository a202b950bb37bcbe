// The arithmetic of local time, on a zone that was made up.
#include "shared/domain/zone_row.hpp"

#include <gtest/gtest.h>

namespace vaultbell {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;

constexpr auto kDay = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1);
constexpr auto kLocalDay = std::chrono::local_days(std::chrono::year(2026) / 3 / 1);

// Put forward by an hour at 02:00 (01:00 UTC), and back by half an hour the next day at 02:00.
ZoneRow made_up() {
  return {.name = "Europe/Nowhere",
          .offset = 1h,
          .changes = {{.at = kDay + 1h, .before = 1h, .after = 2h},
                      {.at = kDay + 24h, .before = 2h, .after = 90min}}};
}

TEST(ZoneRow, HasSpansBetweenItsChanges) {
  const auto row = made_up();
  for (const auto instant : {Instant(kDay - 1000h), Instant(kDay + 1h - 1s)}) {
    const auto span = span_at(row, instant);
    EXPECT_EQ(span.begin, Instant::min());
    EXPECT_EQ(span.end, kDay + 1h);
    EXPECT_EQ(span.offset, 1h);
    EXPECT_EQ(span.new_from, LocalMinute::min());
  }
  for (const auto instant : {Instant(kDay + 1h), Instant(kDay + 24h - 1s)}) {
    const auto span = span_at(row, instant);
    EXPECT_EQ(span.begin, kDay + 1h);
    EXPECT_EQ(span.end, kDay + 24h);
    EXPECT_EQ(span.offset, 2h);
    EXPECT_EQ(span.new_from, kLocalDay + 3h);  // 02:00 to 02:59 are shown never
  }
  for (const auto instant : {Instant(kDay + 24h), Instant(kDay + 1000h)}) {
    const auto span = span_at(row, instant);
    EXPECT_EQ(span.begin, kDay + 24h);
    EXPECT_EQ(span.end, Instant::max());
    EXPECT_EQ(span.offset, 90min);
    EXPECT_EQ(span.new_from, kLocalDay + 26h);  // 01:30 to 01:59 are shown again
  }
}

TEST(ZoneRow, ShowsALocalMinuteOnceTwiceOrNever) {
  const auto row = made_up();
  struct Case {
    LocalMinute local;
    int count;
    Instant earliest;
    Instant latest;
  };
  const Case cases[] = {
      {kLocalDay + 1h + 59min, 1, kDay + 59min, kDay + 59min},
      {kLocalDay + 2h, 0, kDay + 1h, kDay + 1h},
      {kLocalDay + 2h + 59min, 0, kDay + 1h, kDay + 1h},
      {kLocalDay + 3h, 1, kDay + 1h, kDay + 1h},
      {kLocalDay + 25h + 29min, 1, kDay + 23h + 29min, kDay + 23h + 29min},
      {kLocalDay + 25h + 30min, 2, kDay + 23h + 30min, kDay + 24h},
      {kLocalDay + 25h + 59min, 2, kDay + 23h + 59min, kDay + 24h + 29min},
      {kLocalDay + 26h, 1, kDay + 24h + 30min, kDay + 24h + 30min},
  };
  for (const auto& [local, count, earliest, latest] : cases) {
    const auto moments = moments_of(row, local);
    EXPECT_EQ(moments.count, count) << (local - kLocalDay).count();
    EXPECT_EQ(moments.earliest, earliest) << (local - kLocalDay).count();
    EXPECT_EQ(moments.latest, latest) << (local - kLocalDay).count();
  }
}

TEST(ZoneRow, WithoutChangesHasOneSpan) {
  const ZoneRow row{.name = "Asia/Nowhere", .offset = 5h + 45min};
  EXPECT_EQ(span_at(row, kDay).offset, 5h + 45min);
  EXPECT_EQ(moments_of(row, kLocalDay).earliest, kDay - 5h - 45min);
}

TEST(ZoneRow, OffsetsMayHaveSeconds) {  // Monrovia until 1972
  const ZoneRow row{.name = "Africa/Nowhere",
                    .offset = -(44min + 30s),
                    .changes = {{.at = kDay + 44min + 30s, .before = -(44min + 30s), .after = 0s}}};
  EXPECT_EQ(span_at(row, kDay + 1h).new_from, kLocalDay + 45min);
  EXPECT_EQ(moments_of(row, kLocalDay - 1min).earliest, kDay + 43min + 30s);
  EXPECT_EQ(moments_of(row, kLocalDay).count, 0);
  EXPECT_EQ(moments_of(row, kLocalDay + 44min).count, 0);
  EXPECT_EQ(moments_of(row, kLocalDay + 45min).count, 1);
  EXPECT_EQ(to_local_minute(kDay, row.offset), kLocalDay - 45min);
}

ZoneRow written_out(std::string name, int year) {
  const auto at = std::chrono::sys_days(std::chrono::year(year) / 10 / 25);
  return {.name = std::move(name), .changes = {{.at = at, .before = 2h, .after = 1h}}};
}

std::string refusal(const std::vector<ZoneRow>& rows) {
  const auto status = check_zone_rows(rows);
  return status ? "accepted" : status.error().message;
}

TEST(ZoneRows, ThatAreNotWorthRelyingOnAreRefusedWithTheRemedy) {
  EXPECT_EQ(refusal({}), "time zones: there are none; Debian's package tzdata has them");
  std::vector<ZoneRow> rows(20, written_out("Europe/Berlin", 2037));
  EXPECT_EQ(refusal(rows), "time zones: UTC is not among them; Debian's package tzdata has them");
  rows.push_back({.name = "UTC"});
  EXPECT_EQ(refusal(rows), "accepted");
  rows.front() = written_out("Europe/Berlin", 2036);
  EXPECT_EQ(refusal(rows),
            "time zones: the changes to come are not among them; Debian's package tzdata has them");
}

}  // namespace
}  // namespace vaultbell
