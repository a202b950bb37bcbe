// What real tools printed means what expected.txt says (R3.2, R3.3, R3.5), and every row of the
// shipped adapters is proved by one of them or names its source.
#include "tests/agent/adapters/captures.hpp"

#include <filesystem>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/classify/words.hpp"

namespace vaultbell::agent::adapters::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Expected* expected_of(const std::vector<Expected>& table, const std::string& capture) {
  for (const auto& one : table) {
    if (one.capture == capture) return &one;
  }
  return nullptr;
}

// A line for each row whose proof is missing or proves another row.
std::vector<std::string> unproved_rows(const classify::Adapter& adapter,
                                       const std::vector<Expected>& table) {
  std::vector<std::string> complaints;
  for (const auto& row : adapter.rows) {
    if (row.proof.starts_with("source: ")) continue;
    const auto* expected = expected_of(table, row.proof);
    if (expected == nullptr) {
      complaints.push_back(adapter.tool + ": " + row.name + ": no such proof: " + row.proof);
      continue;
    }
    const auto operation = *parse_enum<Operation>("operation", expected->operation);
    const auto verdict = judge(read_capture(row.proof), expected->end, operation);
    if (verdict.row == row.name) continue;
    complaints.push_back(adapter.tool + ": " + row.name + ": " + row.proof + " proves \"" +
                         verdict.row + "\"");
  }
  return complaints;
}

TEST(ShippedAdapters, HaveNoMistakes) {
  for (const auto& tool : shipped_tools()) {
    EXPECT_THAT(read_adapter(fs::path(VAULTBELL_ADAPTERS) / (tool + ".toml")).mistakes, IsEmpty());
  }
}

// R3.2 R3.3 R3.5
TEST(Captures, EachMeansWhatTheTableSays) {
  for (const auto& line : complaints_about(parse_table(table_text()))) ADD_FAILURE() << line;
}

TEST(Captures, AWrongLineOfTheTableIsRefused) {
  auto table = parse_table(table_text());
  table.resize(1);
  table.front().outcome = "warning";
  EXPECT_EQ(complaints_about(table).size(), 1U);
  table.front().end = "9";
  EXPECT_THAT(complaints_about(table), Contains(HasSubstr("another end than in its header")));
}

TEST(Captures, EachIsInTheTableOnce) {
  std::multiset<std::string> expected;
  for (const auto& one : parse_table(table_text())) expected.insert(one.capture);
  const auto there = names_of_captures();
  EXPECT_EQ(expected, std::multiset<std::string>(there.begin(), there.end()));
}

TEST(Captures, TheirCommandLinesSayTheOperation) {
  for (const auto& one : parse_table(table_text())) {
    const auto capture = read_capture(one.capture);
    const auto arguments = arguments_of(capture);
    if (arguments.empty()) continue;
    const auto found = classify::operation_of(adapter_of(capture.tool), arguments);
    EXPECT_EQ(to_text(found.value_or(Operation::backup)), one.operation) << one.capture;
  }
}

TEST(Rows, EachIsProvedByACaptureOrNamesItsSource) {
  const auto table = parse_table(table_text());
  for (const auto& tool : shipped_tools()) {
    EXPECT_THAT(unproved_rows(adapter_of(tool), table), IsEmpty());
  }
}

TEST(Rows, AMissingOrWrongProofIsRefused) {
  const auto table = parse_table(table_text());
  auto adapter = adapter_of("restic");
  adapter.rows = {adapter.rows.front(), adapter.rows.front()};
  adapter.rows[0].proof = "";
  adapter.rows[1].proof = "restic-0.14.0/02-success";
  EXPECT_THAT(unproved_rows(adapter, table),
              ElementsAre("restic: interrupted by the user: no such proof: ",
                          "restic: interrupted by the user: restic-0.14.0/02-success proves "
                          "\"done\""));
}

}  // namespace
}  // namespace vaultbell::agent::adapters::testing
