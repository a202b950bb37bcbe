// Names and reports: what may come in from outside.
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "shared/base/text.hpp"
#include "shared/domain/name.hpp"
#include "shared/domain/run_report.hpp"
#include "tests/support/builders.hpp"

namespace vaultbell {
namespace {

using support::a_report;
using support::uuid;

std::string refusal(const Status& status) {
  if (status) return "accepted";
  EXPECT_EQ(status.error().code, ErrorCode::invalid);
  return status.error().message;
}

TEST(Names, AreAnyOrdinaryTextOfOneTo120Bytes) {
  for (const auto& name : {std::string("a"), std::string("restic-home"), std::string("Büro 7 / 3"),
                           std::string(kNameBytesMax, 'x'), std::string("\xF0\x9F\x94\x94")}) {
    EXPECT_EQ(refusal(check_name("job name", name)), "accepted") << name;
  }
}

TEST(Names, AreRefusedWithTheReason) {
  const auto refused = [](std::string_view name) { return refusal(check_name("job name", name)); };
  EXPECT_EQ(refused(""), "job name is empty");
  EXPECT_EQ(refused(std::string(121, 'x')),
            "job name \"" + std::string(120, 'x') + "\": longer than 120 bytes");
  EXPECT_EQ(refused("a\xFFz"), "job name \"a\xEF\xBF\xBDz\": not UTF-8");
  EXPECT_EQ(refused("a\nz"), "job name \"a\nz\": has a control character or a direction mark");
  EXPECT_EQ(refused("a\xE2\x80\xAEz"),
            "job name \"a\xE2\x80\xAEz\": has a control character or a direction mark");
  EXPECT_EQ(refused(" a"), "job name \" a\": begins or ends with white space");
  EXPECT_EQ(refused("a "), "job name \"a \": begins or ends with white space");
}

RunReport ordinary() {
  return a_report("db").run(1).failed("disk full");
}

std::string refusal_with(const std::function<void(RunReport&)>& change) {
  auto report = ordinary();
  change(report);
  return refusal(check_report(report));
}

TEST(Reports, OfAnOrdinaryRunAreAccepted) {
  EXPECT_EQ(refusal(check_report(ordinary())), "accepted");
}

TEST(Reports, AreRefusedWithTheFieldThatIsWrong) {
  EXPECT_EQ(refusal_with([](auto& report) { report.run = {}; }), "the run has no identity");
  EXPECT_EQ(refusal_with([](auto& report) { report.job = ""; }), "job name is empty");
  EXPECT_EQ(refusal_with([](auto& report) { report.tool = std::string(201, 'x'); }),
            "tool: 201 bytes, at most 200 are allowed");
  EXPECT_EQ(refusal_with([](auto& report) { report.snapshot = std::string(201, 'x'); }),
            "snapshot id: 201 bytes, at most 200 are allowed");
  EXPECT_EQ(refusal_with([](auto& report) { report.message = std::string(1025, 'x'); }),
            "message: 1025 bytes, at most 1024 are allowed");
  EXPECT_EQ(refusal_with([](auto& report) { report.output = std::string(8193, 'x'); }),
            "output: 8193 bytes, at most 8192 are allowed");
  EXPECT_EQ(refusal_with([](auto& report) { report.output = "\xFF"; }), "output: not UTF-8");
}

TEST(Reports, HaveAnOffsetOfAtMost14Hours) {
  const auto with_offset = [](std::int32_t minutes) {
    return refusal_with([=](auto& report) { report.utc_offset_minutes = minutes; });
  };
  EXPECT_EQ(with_offset(840), "accepted");
  EXPECT_EQ(with_offset(-840), "accepted");
  EXPECT_EQ(with_offset(841), "UTC offset of 841 minutes: more than 14 hours");
  EXPECT_EQ(with_offset(-841), "UTC offset of -841 minutes: more than 14 hours");
  EXPECT_EQ(with_offset(std::numeric_limits<std::int32_t>::min()),
            "UTC offset of -2147483648 minutes: more than 14 hours");
}

TEST(Reports, ThatAreMadeToFitKeepTheEndOfTheOutputAndTheBeginningOfTheRest) {
  auto report = ordinary();
  report.message = "first" + std::string(2000, '.');
  report.output = std::string(9000, '.') + "last\xFF";
  report.tool = "restic" + std::string(300, ' ');
  report.snapshot = std::string(300, 'a');

  fit_to_limits(report);

  EXPECT_EQ(report.message.size(), kMessageBytesMax);
  EXPECT_TRUE(report.message.starts_with("first"));
  EXPECT_EQ(report.output.size(), kOutputBytesMax);
  EXPECT_TRUE(report.output.ends_with("last\xEF\xBF\xBD"));
  EXPECT_EQ(report.tool.size(), kSmallTextBytesMax);
  EXPECT_EQ(report.snapshot.size(), kSmallTextBytesMax);
}

RC_GTEST_PROP(Reports, ThatAreMadeToFitAreAccepted, (const std::string& text)) {
  auto report = ordinary();
  const auto times = *rc::gen::inRange<std::size_t>(1, 500);
  for (std::size_t i = 0; i < times; ++i) report.output += text;
  report.message = report.tool = report.snapshot = report.output;
  fit_to_limits(report);
  RC_ASSERT(check_report(report).has_value());
}

}  // namespace
}  // namespace vaultbell
