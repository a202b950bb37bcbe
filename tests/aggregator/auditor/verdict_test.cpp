// What successive rounds amount to.
#include "aggregator/auditor/verdict.hpp"

#include <gtest/gtest.h>

namespace vaultbell::auditor {
namespace {

const Gap kSeven{"alert 7", "it was due"};
const Gap kEight{"alert 8", "it was due, too"};

Result<Findings> round(std::vector<Gap> gaps) {
  const auto count = gaps.size();
  return Findings{.gaps = std::move(gaps), .gap_count = count};
}

TEST(Verdicts, AgreeWhereNothingIsMissing) {
  Judge judge;
  EXPECT_EQ(judge.judge(round({})), (Verdict{Agreement::agrees, ""}));
}

TEST(Verdicts, SayNothingOfAGapThatIsNew) {
  Judge judge;
  EXPECT_EQ(judge.judge(round({kSeven})), Verdict{});
  EXPECT_EQ(judge.judge(round({kEight})), Verdict{});
  EXPECT_EQ(judge.judge(round({})), (Verdict{Agreement::agrees, ""}));
  EXPECT_EQ(judge.judge(round({kSeven})), Verdict{});
}

TEST(Verdicts, NameAGapThatTwoRoundsHaveFound) {
  Judge judge;
  judge.judge(round({kSeven}));
  EXPECT_EQ(judge.judge(round({kSeven, kEight})),
            (Verdict{Agreement::disagrees,
                     "the independent auditor does not agree: alert 7: it was due"}));
  EXPECT_EQ(
      judge.judge(round({kSeven, kEight})).problem,
      "the independent auditor does not agree: alert 7: it was due; alert 8: it was due, too");
}

TEST(Verdicts, NameTheFirstOfManyAndCountTheOthers) {
  Judge judge;
  std::vector<Gap> gaps;
  for (std::uint64_t i = 1; i <= kGapsMax; ++i) gaps.push_back({"alert " + std::to_string(i), "?"});
  Findings many{.gaps = gaps, .gap_count = kGapsMax + 50};
  judge.judge(many);
  EXPECT_EQ(judge.judge(many).problem,
            "the independent auditor does not agree: alert 1: ?; alert 2: ?; alert 3: ?; and 147 "
            "more");
}

TEST(Verdicts, ForgetNothingInARoundThatIsNotConclusive) {
  Judge judge;
  judge.judge(round({kSeven}));
  EXPECT_EQ(judge.judge(Findings{.is_conclusive = false}), Verdict{});
  EXPECT_EQ(judge.judge(round({kSeven})).agreement, Agreement::disagrees);
}

TEST(Verdicts, DisagreeWithAStoreThatCannotBeRead) {
  Judge judge;
  const Result<Findings> unread = fail("damaged row");
  EXPECT_EQ(judge.judge(unread), Verdict{});
  EXPECT_EQ(judge.judge(unread),
            (Verdict{Agreement::disagrees,
                     "the independent auditor does not agree: store: it cannot be read: damaged "
                     "row"}));
}

}  // namespace
}  // namespace vaultbell::auditor
