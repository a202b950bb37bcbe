// What is seen in the output: streams, JSON, documents, figures (R3.5), and the limits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/classify/fields.hpp"
#include "tests/agent/classify/adapters.hpp"

namespace vaultbell::agent::classify::testing {
namespace {

constexpr End kExitZero{.exit_code = 0};

Fact fact(Figure figure, const std::string& output) {
  return {.figure = figure, .line = line(output)};
}

Fact json_fact(Figure figure, FieldConditions json, const std::string& value) {
  return {.figure = figure, .json = std::move(json), .value = value};
}

TEST(Sightings, APatternMayBeForOneStreamOnly) {
  auto adapter = adapter_with({row("out", Outcome::warning), row("err", Outcome::failed)});
  adapter.rows[0].wanted.lines = {line("word", Stream::out)};
  adapter.rows[1].wanted.lines = {line("word", Stream::err)};
  Classifier classifier(adapter, Operation::backup);
  classifier.feed(Stream::err, "a word\n");
  classifier.finish();
  EXPECT_EQ(classifier.judge(kExitZero, std::nullopt).row, "err");
}

TEST(Sightings, WhereBothStreamsAreInOneFileEachPatternMayMatch) {
  auto adapter = adapter_with({row("err", Outcome::failed)});
  adapter.rows[0].wanted.lines = {line("word", Stream::err)};
  Classifier classifier(adapter, Operation::backup);
  classifier.feed(std::nullopt, "a word");
  classifier.finish();
  EXPECT_EQ(classifier.judge(kExitZero, std::nullopt).row, "err");
}

TEST(Sightings, WhatStandsBeforeTheLastKilobytesIsSeen) {
  const auto adapter = adapter_with({row_for("skipped", Outcome::warning, "does not exist")});
  std::string output = "nosuchdir does not exist\n";
  for (int i = 0; i < 10'000; ++i) output += "a line that says nothing\n";
  EXPECT_EQ(judge(adapter, output, kExitZero).row, "skipped");
}

TEST(Sightings, BytesThatAreNoTextMatchAndAreShownAsText) {
  auto adapter = adapter_with({row_for("unreadable", Outcome::warning, "^(.*): cannot be read")});
  adapter.rows[0].message = "{}";
  EXPECT_EQ(judge(adapter,
                  "b\xff"
                  "d\x1b: cannot be read\n",
                  kExitZero)
                .message,
            "b\xEF\xBF\xBD"
            "d\xEF\xBF\xBD");
}

TEST(Sightings, AllFieldsOfOneJsonLineMustFit) {
  auto adapter = adapter_with({row("locked", Outcome::failed)});
  adapter.rows[0].wanted.json = {{"type", pattern("log")}, {"msgid", pattern("Lock(.*)")}};
  adapter.rows[0].message = "{}";
  const std::string apart = "{\"type\":\"log\"}\n{\"msgid\":\"LockTimeout\"}\n";
  EXPECT_EQ(judge(adapter, apart, kExitZero).row, "exit code 0 without a row");
  const std::string together = "{\"type\":\"log\",\"msgid\":\"LockTimeout\"}\n";
  EXPECT_EQ(judge(adapter, together, kExitZero).message, "Timeout");
  const std::string part = "{\"type\":\"log\",\"msgid\":\"NoLockTimeout\"}\n";
  EXPECT_EQ(judge(adapter, part, kExitZero).row, "exit code 0 without a row");
}

TEST(Sightings, ADocumentIsAllOfStandardOutput) {
  auto adapter = adapter_with({row("empty", Outcome::failed)});
  adapter.rows[0].wanted.document = {{"stats.nfiles", pattern("0")}};
  const std::string document = "{\n  \"stats\": {\n    \"nfiles\": 0\n  }\n}\n";
  EXPECT_EQ(judge(adapter, document, kExitZero).row, "empty");
  EXPECT_EQ(judge(adapter, "first words\n" + document, kExitZero).row, "exit code 0 without a row");
  Classifier classifier(adapter, Operation::backup);
  classifier.feed(Stream::err, document);
  classifier.finish();
  EXPECT_EQ(classifier.judge(kExitZero, std::nullopt).row, "exit code 0 without a row");
}

TEST(Sightings, ADocumentThatIsTooLargeIsNotLookedInto) {
  auto adapter = adapter_with({row("any", Outcome::failed)});
  adapter.rows[0].wanted.document = {{"nfiles", pattern("0")}};
  const auto of_size = [](std::size_t bytes) {
    return "{\"nfiles\":0,\"x\":\"" + std::string(bytes, 'x') + "\"}";
  };
  EXPECT_EQ(judge(adapter, of_size(kDocumentBytesMax / 2), kExitZero).row, "any");
  EXPECT_EQ(judge(adapter, of_size(kDocumentBytesMax), kExitZero).row, "exit code 0 without a row");
}

// R3.5
TEST(Figures, AreWhatWasPrintedLast) {
  const auto adapter = adapter_with(
      {}, {fact(Figure::files, "^files: (\\d+)"), fact(Figure::bytes_total, "^size: (.*)"),
           fact(Figure::snapshot, "^saved (\\w+)")});
  const auto verdict =
      judge(adapter, "files: 1\nfiles: 7\nsize: 1.5 KiB\nsaved abc\n", {.exit_code = 1});
  EXPECT_EQ(verdict.statistics.files, 7U);
  EXPECT_EQ(verdict.statistics.bytes_total, 1536U);
  EXPECT_EQ(verdict.snapshot, "abc");
  EXPECT_FALSE(verdict.statistics.bytes_added);
}

TEST(Figures, TheFirstFactThatFoundSomethingCounts) {
  const auto adapter =
      adapter_with({}, {json_fact(Figure::files, {{"type", pattern("summary")}}, "total"),
                        fact(Figure::files, "^about (\\d+) files")});
  const std::string json = "{\"type\":\"summary\",\"total\":12}\n";
  EXPECT_EQ(judge(adapter, "about 10 files\n", kExitZero).statistics.files, 10U);
  EXPECT_EQ(judge(adapter, "about 10 files\n" + json, kExitZero).statistics.files, 12U);
}

TEST(Figures, ANumberThatCannotBeTrueIsLeftOut) {
  const auto adapter =
      adapter_with({}, {json_fact(Figure::bytes_added, {{"type", pattern("summary")}}, "added")});
  for (const auto* value : {"-9223372036.854776", "-1", "1e300", "\"many\"", "null", "[]"}) {
    const auto output = std::string("{\"type\":\"summary\",\"added\":") + value + "}\n";
    const auto added = judge(adapter, output, kExitZero).statistics.bytes_added;
    EXPECT_EQ(added.value_or(0), 0U) << value;
  }
}

TEST(Figures, OfOtherOperationsAreNotRead) {
  auto adapter = adapter_with({}, {fact(Figure::files, "^files: (\\d+)")});
  adapter.facts[0].operations = {Operation::backup};
  EXPECT_FALSE(judge(adapter, "files: 1\n", kExitZero, Operation::verify).statistics.files);
}

TEST(Figures, ErrorsAreSaidInTheMessage) {
  auto adapter = adapter_with({row("a warning", Outcome::warning, {{3, 3}})},
                              {fact(Figure::errors, "^error: ")});
  adapter.facts[0].is_count = true;
  EXPECT_EQ(judge(adapter, "error: a\n", {.exit_code = 3}).message, "a warning (1 error)");
  EXPECT_EQ(judge(adapter, "error: a\nerror: b\n", {.exit_code = 3}).message,
            "a warning (2 errors)");
  EXPECT_EQ(judge(adapter, "", {.exit_code = 3}).message, "a warning");
  EXPECT_EQ(judge(adapter, "error: a\n", kExitZero).message, "");
}

}  // namespace
}  // namespace vaultbell::agent::classify::testing
