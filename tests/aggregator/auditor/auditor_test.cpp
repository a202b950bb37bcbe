// The auditor's thread: a round at once, then one after the other, with the newest settings.
#include "aggregator/auditor/auditor.hpp"

#include <gtest/gtest.h>

#include "aggregator/storage/store.hpp"
#include "tests/support/builders.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::auditor {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""ms;

constexpr std::size_t kAuditorMapBytes = 16UL << 20;
constexpr Duration kDeadline = std::chrono::seconds(30);  // of what a test waits for

class Auditors : public testing::Test {
 protected:
  // An alert that is held for an hour, two hours ago.
  void add_forgotten_alert() {
    const core::Alert alert{.id = {1},
                            .vault = {1},
                            .first_at = clock.wall() - 2h,
                            .last_at = clock.wall() - 2h,
                            .hold_from = clock.wall() - 2h};
    ASSERT_TRUE(store->commit({core::Put{alert}}).has_value());
  }
  Footing footing() {
    return {.store = store->environment(),
            .clock = clock,
            .listening_since = [this] { return clock.wall() - 24h; },
            .report = [this](const Verdict& verdict) { (void)verdicts.try_push(verdict); }};
  }
  // The next verdict of this kind; a test fails that waits in vain.
  Verdict next(Agreement wanted) {
    const auto end = clock.steady() + kDeadline;
    while (clock.steady() < end) {
      for (auto& verdict : verdicts.pop_some(1, 100ms)) {
        if (verdict.agreement == wanted) return verdict;
      }
    }
    ADD_FAILURE() << "no such verdict came";
    return {};
  }

  SystemClock clock;
  support::TemporaryFolder folder;
  std::unique_ptr<storage::Store> store = *storage::Store::open(folder.path(), kAuditorMapBytes);
  BoundedQueue<Verdict> verdicts{10'000};
};

TEST_F(Auditors, SayAtOnceWhetherTheyAgree) {
  const Auditor auditor(footing(), {}, 1h);
  EXPECT_EQ(next(Agreement::agrees), (Verdict{Agreement::agrees, ""}));
}

TEST_F(Auditors, FindAnAlertThatWasForgotten) {
  const Auditor auditor(footing(), {}, 5ms);
  next(Agreement::agrees);
  add_forgotten_alert();
  const auto verdict = next(Agreement::disagrees);
  EXPECT_TRUE(verdict.problem.starts_with(
      "the independent auditor does not agree: alert 1: it was due at "))
      << verdict.problem;
}

TEST_F(Auditors, TakeTheNewestSettings) {
  add_forgotten_alert();
  Auditor auditor(footing(), {}, 5ms);
  next(Agreement::disagrees);
  for (const Duration hold : std::initializer_list<Duration>{1min, 2min, 24h}) {
    auditor.replace({.notify_after = hold});
  }
  next(Agreement::agrees);
}

TEST_F(Auditors, DoNotKeepWhoeverStopsThemWaiting) {
  const auto begin = clock.steady();
  {
    const Auditor auditor(footing(), {}, 24h);
    next(Agreement::agrees);
  }
  EXPECT_LT(clock.steady() - begin, kDeadline);
}

}  // namespace
}  // namespace vaultbell::auditor
