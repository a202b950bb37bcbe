// Times as people read and write them.
#include "shared/base/time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace vaultbell {
namespace {

using std::chrono_literals::operator""ms;

constexpr Instant kNight{Duration(1'772'331'600'000)};  // 2026-03-01T02:20:00Z

TEST(Iso, LeavesOutMillisecondsThatAreNone) {
  EXPECT_EQ(to_iso(kNight), "2026-03-01T02:20:00Z");
  EXPECT_EQ(to_iso(kNight + 250ms), "2026-03-01T02:20:00.250Z");
  EXPECT_EQ(to_iso(kNight + 5ms), "2026-03-01T02:20:00.005Z");
  EXPECT_EQ(to_iso(Instant{}), "1970-01-01T00:00:00Z");
}

TEST(Iso, IsReadWithAnyOffsetAndFraction) {
  for (const auto* text :
       {"2026-03-01T02:20:00Z", "2026-03-01 02:20:00z", "2026-03-01T03:20:00+01:00",
        "2026-02-28T21:50:00-04:30", "2026-03-01T02:20:00.0Z", "2026-03-01T02:20:00.0009Z"}) {
    EXPECT_EQ(parse_iso(text), kNight) << text;
  }
  EXPECT_EQ(parse_iso("2026-03-01T02:20:00.25Z"), kNight + 250ms);
  EXPECT_EQ(parse_iso("2026-03-01T02:20:00.123456789Z"), kNight + 123ms);
}

TEST(Iso, ThatIsNoTimeIsRefusedWithAnExample) {
  for (const auto* text : {"",
                           "now",
                           "2026-03-01",
                           "2026-03-01T02:20:00",
                           "2026-03-01T02:20Z",
                           "2026-3-1T02:20:00Z",
                           "2026-02-29T02:20:00Z",
                           "2026-13-01T02:20:00Z",
                           "2026-00-01T02:20:00Z",
                           "2026-01-32T02:20:00Z",
                           "2026-03-01T24:00:00Z",
                           "2026-03-01T02:60:00Z",
                           "2026-03-01T02:20:60Z",
                           "2026-03-01T02:20:00.Z",
                           "2026-03-01T02:20:00+1:00",
                           "2026-03-01T02:20:00+15:00",
                           "2026-03-01T02:20:00+01:60",
                           "2026-03-01T02:20:00+0100",
                           "2026-03-01T02:20:00Z ",
                           "1969-12-31T23:59:59Z",
                           "+026-03-01T02:20:00Z"}) {
    const auto instant = parse_iso(text);
    ASSERT_FALSE(instant.has_value()) << text;
    EXPECT_EQ(instant.error(), (Error{ErrorCode::invalid, "\"" + std::string(text) +
                                                              "\" is not a time (example: "
                                                              "\"2026-03-01T02:20:00Z\")"}));
  }
}

RC_GTEST_PROP(Iso, GivesBackTheInstantItWasMadeOf, ()) {
  const Instant instant{Duration(*rc::gen::inRange<std::int64_t>(0, 253'402'300'800'000))};
  RC_ASSERT(parse_iso(to_iso(instant)) == instant);
}

TEST(MailDate, IsAsRfc5322WantsIt) {
  EXPECT_EQ(to_mail_date(kNight), "Sun, 01 Mar 2026 02:20:00 +0000");
  EXPECT_EQ(to_mail_date(Instant{}), "Thu, 01 Jan 1970 00:00:00 +0000");
  EXPECT_EQ(to_mail_date(*parse_iso("2028-02-29T23:59:59.999Z")),
            "Tue, 29 Feb 2028 23:59:59 +0000");
}

}  // namespace
}  // namespace vaultbell
