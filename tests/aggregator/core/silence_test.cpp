// Who was heard when, and who has been silent for too long: R2.5 and R2.6.
#include "aggregator/core/silence.hpp"

#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

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

// A sweep looks at nobody until somebody can be silent at all. What it finds is what looking at
// everybody finds.
struct Everybody {
  enum class Is : std::uint8_t { ignored, watched, found };
  struct One {
    Steady last_heard;
    Duration limit{};
    Is is = Is::ignored;
  };
  std::map<ClientId, One> all;
  Steady settled_at = Steady::min();

  void watch(ClientId client, Duration limit, bool is_fresh, Steady now) {
    auto& one = all[client];
    one.limit = limit;
    if (!is_fresh && one.is == Is::found) return;
    if (is_fresh || one.is == Is::ignored) one.last_heard = now;
    one.is = Is::watched;
  }
  void become(ClientId client, Is from, Is to) {
    const auto known = all.find(client);
    if (known != all.end() && (known->second.is == from || from == to)) known->second.is = to;
  }
  void heard(ClientId client, Steady now) {
    const auto known = all.find(client);
    if (known != all.end() && known->second.is != Is::ignored) known->second.last_heard = now;
  }
  void resume(Steady now) {
    settled_at = now + kReturnWithin;
    for (auto& [id, one] : all) {
      if (one.is == Is::watched) one.last_heard = now;
    }
  }
  Found sweep(Steady now, std::size_t count_max) {
    Found found;
    for (auto& [id, one] : all) {
      const bool is_silent = one.is == Is::watched && now - one.last_heard > one.limit;
      if (now <= settled_at || !is_silent || found.size() >= count_max) continue;
      one.is = Is::found;
      found.push_back(id);
    }
    return found;
  }
};

// R2.5
RC_GTEST_PROP(Sweeps, FindWhomLookingAtEverybodyFinds, ()) {
  const auto below = [](int count) { return *rc::gen::inRange(0, count); };
  Silence silence;
  Everybody everybody;
  Steady now(1000s);
  for (std::uint64_t id = 1; id <= 6; ++id) {
    silence.watch({id}, 30s, true, now);
    everybody.watch({id}, 30s, true, now);
  }
  for (int happenings = below(80); happenings > 0; --happenings) {
    const ClientId client{static_cast<std::uint64_t>(1 + below(6))};
    now += std::chrono::milliseconds(below(20'000));
    switch (below(8)) {
      case 0: {
        const Duration limit = std::chrono::seconds(10 * (1 + below(5)));
        const bool is_fresh = below(2) == 0;
        silence.watch(client, limit, is_fresh, now);
        everybody.watch(client, limit, is_fresh, now);
        break;
      }
      case 1:
        silence.ignore(client);
        everybody.become(client, Everybody::Is::ignored, Everybody::Is::ignored);
        break;
      case 2:
        silence.presume_silent(client);
        everybody.become(client, Everybody::Is::found, Everybody::Is::found);
        break;
      case 3:
        silence.unreport(client);
        everybody.become(client, Everybody::Is::found, Everybody::Is::watched);
        break;
      case 4:
        silence.resume(now);
        everybody.resume(now);
        break;
      case 5:
        silence.heard(client, now);
        everybody.heard(client, now);
        break;
      default: {
        const auto count_max = static_cast<std::size_t>(1 + below(4));
        RC_ASSERT(silence.sweep(now, count_max) == everybody.sweep(now, count_max));
      }
    }
  }
}

}  // namespace
}  // namespace vaultbell::core
