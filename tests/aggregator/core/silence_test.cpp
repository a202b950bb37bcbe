// Who was heard when, and who has been silent for too long: R2.5 and R2.6.
#include "aggregator/core/silence.hpp"

#include <gtest/gtest.h>

#include "aggregator/core/settings.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using Heard = Silence::Heard;
using Found = std::vector<ClientId>;

constexpr std::size_t kAll = 100;
constexpr ClientId kWeb1{1};
constexpr ClientId kWeb2{2};

class SilenceTest : public testing::Test {
 protected:
  Steady start = Steady(1000s);
  Silence silence;

  SilenceTest() { silence.watch(kWeb1, 90s, true, start); }
};

TEST_F(SilenceTest, BeginsWhenTheLimitIsExceededNotWhenItIsReached) {
  EXPECT_EQ(silence.sweep(start + 90s, kAll), Found{});
  EXPECT_EQ(silence.sweep(start + 90s + 1ms, kAll), Found{kWeb1});
}

TEST_F(SilenceTest, IsReportedOnce) {
  EXPECT_EQ(silence.sweep(start + 91s, kAll), Found{kWeb1});
  EXPECT_EQ(silence.sweep(start + 1000s, kAll), Found{});
}

TEST_F(SilenceTest, CountsFromWhenTheClientWasLastHeard) {
  EXPECT_EQ(silence.heard(kWeb1, start + 60s), Heard::as_expected);
  EXPECT_EQ(silence.last_heard(kWeb1), start + 60s);
  EXPECT_EQ(silence.sweep(start + 150s, kAll), Found{});
  EXPECT_EQ(silence.sweep(start + 151s, kAll), Found{kWeb1});
}

TEST_F(SilenceTest, OfAClientThatIsHeardAgainIsToldUntilItIsWatchedAgain) {
  EXPECT_EQ(silence.sweep(start + 91s, kAll), Found{kWeb1});
  EXPECT_EQ(silence.heard(kWeb1, start + 100s), Heard::after_silence);
  EXPECT_EQ(silence.heard(kWeb1, start + 130s), Heard::after_silence);
  silence.watch(kWeb1, 90s, true, start + 131s);
  EXPECT_EQ(silence.heard(kWeb1, start + 160s), Heard::as_expected);
}

TEST_F(SilenceTest, IsFoundInTheOrderOfTheIdsAndAFewAtATime) {
  silence.watch({5}, 10s, true, start);
  silence.watch(kWeb2, 10s, true, start);
  EXPECT_EQ(silence.sweep(start + 91s, 2), (Found{kWeb1, kWeb2}));
  EXPECT_EQ(silence.sweep(start + 91s, 2), Found{ClientId{5}});
}

TEST_F(SilenceTest, ThatCouldNotBePassedOnIsFoundAgain) {
  EXPECT_EQ(silence.sweep(start + 91s, kAll), Found{kWeb1});
  silence.unreport(kWeb1);
  EXPECT_EQ(silence.sweep(start + 92s, kAll), Found{kWeb1});
}

TEST_F(SilenceTest, OfWhichTheClientCameBackInTheMeantimeIsNotFoundAgain) {
  EXPECT_EQ(silence.sweep(start + 91s, kAll), Found{kWeb1});
  silence.watch(kWeb1, 90s, true, start + 92s);
  silence.unreport(kWeb1);
  EXPECT_EQ(silence.sweep(start + 100s, kAll), Found{});
}

TEST_F(SilenceTest, DoesNotCountAcrossAGapInListening) {
  silence.watch(kWeb2, 20s, true, start);
  silence.resume(start + 3600s);
  EXPECT_EQ(silence.sweep(start + 3620s, kAll), Found{});
  EXPECT_EQ(silence.sweep(start + 3621s, kAll), Found{kWeb2});
  EXPECT_EQ(silence.sweep(start + 3691s, kAll), Found{kWeb1});
}

// An agent needs a while to connect again, however short its limit is.
TEST_F(SilenceTest, IsNotJudgedBeforeAnAgentCanHaveComeBack) {
  silence.watch(kWeb2, 1s, true, start);
  silence.resume(start + 60s);
  EXPECT_EQ(silence.sweep(start + 60s + kReturnWithin, kAll), Found{});
  EXPECT_EQ(silence.sweep(start + 61s + kReturnWithin, kAll), Found{kWeb2});
}

TEST_F(SilenceTest, KeepsWhenAClientWasHeardWhereTheLimitAloneChanges) {
  silence.watch(kWeb1, 30s, false, start + 20s);
  EXPECT_EQ(silence.sweep(start + 30s, kAll), Found{});
  EXPECT_EQ(silence.sweep(start + 31s, kAll), Found{kWeb1});
}

TEST_F(SilenceTest, CountsAClientThatWasNotWatchedAsHeardNow) {
  silence.watch(kWeb2, 30s, false, start + 20s);
  EXPECT_EQ(silence.sweep(start + 50s, kAll), Found{});
  EXPECT_EQ(silence.sweep(start + 51s, kAll), Found{kWeb2});
}

// A new limit may be on its way while the silence it would have excused is already reported: the
// core must still hear of the return.
TEST_F(SilenceTest, ThatWasReportedIsNotForgottenWhenTheLimitChanges) {
  EXPECT_EQ(silence.sweep(start + 91s, kAll), Found{kWeb1});
  silence.watch(kWeb1, 300s, false, start + 92s);
  EXPECT_EQ(silence.heard(kWeb1, start + 100s), Heard::after_silence);
}

TEST_F(SilenceTest, OfAClientThatIsKnownToBeSilentIsNotFoundAndItsReturnIsTold) {
  silence.presume_silent(kWeb1);
  EXPECT_EQ(silence.sweep(start + 1000s, kAll), Found{});
  EXPECT_EQ(silence.heard(kWeb1, start + 1001s), Heard::after_silence);
}

TEST_F(SilenceTest, OfStrangersIsNobodysConcern) {
  EXPECT_EQ(silence.heard({77}, start), Heard::unwatched);
  EXPECT_EQ(silence.last_heard({77}), std::nullopt);
  silence.presume_silent({77});
  silence.unreport({77});
  EXPECT_EQ(silence.sweep(start + 80s, kAll), Found{});
}

}  // namespace
}  // namespace vaultbell::core
