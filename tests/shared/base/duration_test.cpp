// Durations and sizes as people write and read them.
#include "shared/base/duration.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace vaultbell {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

TEST(Durations, AreReadWithTheirUnit) {
  EXPECT_EQ(parse_duration("250ms"), Duration(250ms));
  EXPECT_EQ(parse_duration("90s"), Duration(90s));
  EXPECT_EQ(parse_duration("45m"), Duration(45min));
  EXPECT_EQ(parse_duration("26h"), Duration(26h));
  EXPECT_EQ(parse_duration("400d"), Duration(400 * 24h));
  EXPECT_EQ(parse_duration("0"), Duration(0));
  EXPECT_EQ(parse_duration("0s"), Duration(0));
  EXPECT_EQ(parse_duration("36525d"), Duration(36'525 * 24h));
}

TEST(Durations, ThatAreNoneAreRefusedWithExamples) {
  for (const auto* text : {"", "90", "s", "90x", "-90s", "+90s", " 90s", "90 s", "1.5h", "90sec",
                           "1h30m", "36526d", "18446744073709551616s", "9223372036854775807d"}) {
    const auto duration = parse_duration(text);
    ASSERT_FALSE(duration.has_value()) << text;
    EXPECT_EQ(duration.error(),
              (Error{ErrorCode::invalid, "\"" + std::string(text) +
                                             "\" is not a duration (examples: \"45m\", \"26h\")"}));
  }
}

TEST(Durations, AreWrittenInTheLargestUnitThatIsExact) {
  EXPECT_EQ(to_text(Duration(0)), "0s");
  EXPECT_EQ(to_text(90s), "90s");
  EXPECT_EQ(to_text(120s), "2m");
  EXPECT_EQ(to_text(26h), "26h");
  EXPECT_EQ(to_text(48h), "2d");
  EXPECT_EQ(to_text(1s + 1ms), "1001ms");
  EXPECT_EQ(to_text(Duration(-90s)), "-90s");
}

RC_GTEST_PROP(Durations, AreGivenBackAsTheyWereWritten, ()) {
  const Duration duration(*rc::gen::inRange<Duration::rep>(0, 36'525LL * 86'400'000));
  RC_ASSERT(parse_duration(to_text(duration)) == duration);
}

TEST(Durations, InSentencesHaveTwoUnitsAtMostAndAreRoundedDown) {
  EXPECT_EQ(to_words(0s), "0 s");
  EXPECT_EQ(to_words(999ms), "0 s");
  EXPECT_EQ(to_words(43s), "43 s");
  EXPECT_EQ(to_words(60s), "1 min");
  EXPECT_EQ(to_words(61s), "1 min 1 s");
  EXPECT_EQ(to_words(65min + 59s), "1 h 5 min");
  EXPECT_EQ(to_words(2h), "2 h");
  EXPECT_EQ(to_words(51h + 59min), "2 d 3 h");
  EXPECT_EQ(to_words(48h + 59min), "2 d");
  EXPECT_EQ(to_words(Duration(-5s)), "0 s");
}

TEST(Sizes, AreReadInDecimalAndBinaryUnits) {
  EXPECT_EQ(parse_size("512"), 512U);
  EXPECT_EQ(parse_size("512B"), 512U);
  EXPECT_EQ(parse_size("2kB"), 2'000U);
  EXPECT_EQ(parse_size("2KB"), 2'000U);
  EXPECT_EQ(parse_size("10GB"), 10'000'000'000U);
  EXPECT_EQ(parse_size("256MiB"), 256U * 1024 * 1024);
  EXPECT_EQ(parse_size("9223372036854775807"), 9'223'372'036'854'775'807U);
}

TEST(Sizes, ThatAreNoneAreRefusedWithExamples) {
  for (const auto* text :
       {"", "MiB", "1.5GB", "-1", "10gb", "10 GB", "9223372036854775808", "8388608TiB"}) {
    const auto size = parse_size(text);
    ASSERT_FALSE(size.has_value()) << text;
    EXPECT_EQ(size.error(),
              (Error{ErrorCode::invalid, "\"" + std::string(text) +
                                             "\" is not a size (examples: \"256MiB\", \"10GB\")"}));
  }
}

TEST(Sizes, InSentencesHaveOneDecimal) {
  EXPECT_EQ(size_in_words(0), "0 B");
  EXPECT_EQ(size_in_words(1023), "1023 B");
  EXPECT_EQ(size_in_words(1024), "1.0 KiB");
  EXPECT_EQ(size_in_words(19'541'000'000), "18.2 GiB");
  EXPECT_EQ(size_in_words(1024ULL * 1024 - 1), "1.0 MiB");
  EXPECT_EQ(size_in_words(UINT64_MAX), "16.0 EiB");
}

}  // namespace
}  // namespace vaultbell
