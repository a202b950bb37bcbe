// Tables: for people, who have a narrow terminal, and for programs, which want everything.

#include "aggregator/ctl/table.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace vaultbell::ctl {
namespace {

const Instant kTableNow = *parse_iso("2026-03-01T02:20:00Z");

const std::vector<Column> kColumns = {
    {"id", "id", Kind::number},   {"state", "state", Kind::word},
    {"name", "host.name"},        {"since", "since", Kind::time},
    {"size", "size", Kind::size}, {"every", "every", Kind::duration, true}};

std::vector<Json> items() {
  return {
      Json::parse(
          R"({"id":7,"state":"online","host":{"name":"db-1"},"since":"2026-03-01T02:00:00Z","size":2048,"every":"90s"})"),
      Json::parse(
          R"({"id":12,"state":"disconnected","host":{"name":"web-1"},"since":null,"size":null,"every":"1h"})"),
  };
}

Manner manner_of(Format format) {
  return {.format = format, .is_utc = true, .now = kTableNow};
}

std::string printed(const Manner& manner, const std::string& columns = {}) {
  const auto wanted = chosen(kColumns, columns, manner);
  EXPECT_TRUE(wanted);
  return table_of(items(), *wanted, manner);
}

TEST(Table, IsAlignedAndRelative) {
  EXPECT_EQ(printed(manner_of(Format::table)),
            "ID  STATE           NAME   SINCE          SIZE\n"
            " 7  ● online        db-1   20 min ago  2.0 KiB\n"
            "12  ✖ disconnected  web-1  -                 -\n");
}

TEST(Table, InWideIsAbsoluteAndHasAllColumns) {
  EXPECT_EQ(printed(manner_of(Format::wide)),
            "ID  STATE           NAME   SINCE                    SIZE  EVERY\n"
            " 7  ● online        db-1   2026-03-01T02:00:00Z  2.0 KiB  90s\n"
            "12  ✖ disconnected  web-1  -                           -  1h\n");
}

TEST(Table, ForProgramsIsSeparatedByTabsWithWordsAndNumbersAsTheyAre) {
  EXPECT_EQ(printed(manner_of(Format::tsv)),
            "ID\tSTATE\tNAME\tSINCE\tSIZE\n"
            "7\tonline\tdb-1\t2026-03-01T02:00:00Z\t2048\n"
            "12\tdisconnected\tweb-1\t\t\n");
}

TEST(Table, HasNoHeaderWhereNoneIsWanted) {
  auto manner = manner_of(Format::tsv);
  manner.has_header = false;
  EXPECT_EQ(printed(manner, "name"), "db-1\nweb-1\n");
}

TEST(Table, ShowsTheColumnsThatAreWantedInTheirOrder) {
  EXPECT_EQ(printed(manner_of(Format::tsv), "every, name"), "EVERY\tNAME\n90s\tdb-1\n1h\tweb-1\n");
}

TEST(Table, RefusesAColumnThatThereIsNot) {
  const auto wrong = chosen(kColumns, "nmae", manner_of(Format::table));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().exit, ExitCode::usage);
  EXPECT_EQ(wrong.error().hint, "did you mean \"name\"?");
  EXPECT_EQ(chosen(kColumns, "xyzzy", manner_of(Format::table)).error().hint,
            "the columns are id, state, name, since, size, every");
}

TEST(Table, FitsTheTerminalByCuttingTheWidestText) {
  const std::vector<Column> columns = {
      {"state", "state", Kind::word}, {"name", "name"}, {"message", "message"}};
  const std::vector<Json> rows = {{{"state", "disconnected"},
                                   {"name", "database-server-1"},
                                   {"message", "no space left on device, and a lot more"}}};
  auto manner = manner_of(Format::table);
  manner.width = 50;
  EXPECT_EQ(table_of(rows, columns, manner),
            "STATE           NAME              MESSAGE\n"
            "✖ disconnected  database-server…  no space left o…\n");
  manner.width = 10;  // narrower than anything can be
  EXPECT_EQ(table_of(rows, columns, manner),
            "STATE           NAME      MESSAGE\n"
            "✖ disconnected  databas…  no spac…\n");
  manner.width.reset();
  EXPECT_NE(table_of(rows, columns, manner).find("and a lot more"), std::string::npos);
}

TEST(Table, DropsTheLeastImportantColumnsBeforeItCutsAnyText) {
  const std::vector<Column> columns = {{"name", "name"},
                                       {"told", "told", Kind::text, false, {}, 1},
                                       {"times", "times", Kind::number, false, {}, 2}};
  const std::vector<Json> rows = {{{"name", "backup failed"}, {"told", "waiting"}, {"times", 7}}};
  const auto fitted_into = [&](std::size_t width) {
    auto manner = manner_of(Format::table);
    manner.width = width;
    return table_of(rows, columns, manner);
  };
  EXPECT_EQ(fitted_into(29), "NAME           TOLD     TIMES\nbackup failed  waiting      7\n");
  EXPECT_EQ(fitted_into(28), "NAME           TOLD\nbackup failed  waiting\n");
  EXPECT_EQ(fitted_into(21), "NAME\nbackup failed\n");
  EXPECT_EQ(fitted_into(10), "NAME\nbackup fa…\n");
}

TEST(Table, NeverCutsAKey) {
  const std::vector<Column> columns = {{"name", "name"}, {"key", "key", Kind::key}};
  const std::vector<Json> rows = {
      {{"name", "database-server-1"}, {"key", "SHA256:uQ8vWq0nVfYk2cQw"}}};
  auto manner = manner_of(Format::table);
  manner.width = 20;
  EXPECT_EQ(table_of(rows, columns, manner), "NAME      KEY\ndatabas…  SHA256:uQ8vWq0nVfYk2cQw\n");
}

TEST(Table, DropsNothingThatWasAskedForByName) {
  const std::vector<Column> columns = {{"name", "name"},
                                       {"times", "times", Kind::number, false, {}, 1}};
  auto manner = manner_of(Format::table);
  manner.width = 10;
  const auto wanted = chosen(columns, "name,times", manner);
  ASSERT_TRUE(wanted);
  const std::vector<Json> rows = {{{"name", "db-1"}, {"times", 7}}};
  EXPECT_EQ(table_of(rows, *wanted, manner), "NAME  TIMES\ndb-1      7\n");
}

TEST(Table, ColoursTakeNoRoom) {
  auto manner = manner_of(Format::table);
  manner.has_colour = true;
  const auto table = printed(manner, "state,name");
  EXPECT_NE(table.find("\x1b[32m● online\x1b[0m        db-1"), std::string::npos) << table;
}

TEST(Table, MarksAWordOnlyWhileItsItemIsNotOver) {
  const std::vector<Column> columns = {{"severity", "severity", Kind::word, false, "state"}};
  const std::vector<Json> rows = {{{"severity", "critical"}, {"state", "active"}},
                                  {{"severity", "critical"}, {"state", "inactive"}}};
  auto manner = manner_of(Format::table);
  manner.has_colour = true;
  EXPECT_EQ(table_of(rows, columns, manner), "SEVERITY\n\x1b[31m▲ critical\x1b[0m\ncritical\n");
}

TEST(Table, ShowsListsAndWhatIsKeptByNames) {
  const auto manner = manner_of(Format::table);
  EXPECT_EQ(shown(Json::parse(R"(["a","b"])"), Kind::text, manner), "a, b");
  EXPECT_EQ(shown(Json::parse(R"({"test":"0","self":"1h"})"), Kind::text, manner),
            "test=0, self=1h");
  for (const auto* nothing : {"null", "[]", "{}"}) {
    EXPECT_EQ(shown(Json::parse(nothing), Kind::text, manner), "-");
    EXPECT_EQ(shown(Json::parse(nothing), Kind::text, manner_of(Format::tsv)), "");
  }
}

TEST(Table, SaysTheStateOfAnAddressInShapeAndWord) {
  const auto manner = manner_of(Format::table);
  EXPECT_EQ(shown("verified", Kind::word, manner), "✓ verified");
  EXPECT_EQ(shown("code_sent", Kind::word, manner), "⧗ code sent");
  EXPECT_EQ(shown("unverified", Kind::word, manner), "✗ unverified");
  EXPECT_EQ(shown("code_sent", Kind::word, manner_of(Format::tsv)), "code_sent");
}

TEST(Table, LetsNoControlCharacterThrough) {
  const std::vector<Column> columns = {{"name", "name"}, {"word", "name", Kind::word}};
  const std::vector<Json> rows = {{{"name", "a\x1b[2J\tb\nc\u202e\u0085\x7f"}}};
  for (const auto format : {Format::table, Format::wide, Format::tsv}) {
    auto manner = manner_of(format);
    manner.has_header = false;
    for (const char c : table_of(rows, columns, manner)) {
      const auto byte = static_cast<unsigned char>(c);
      const bool is_ours = c == '\n' || (format == Format::tsv && c == '\t');
      EXPECT_TRUE(is_ours || (byte >= 0x20 && byte != 0x7f)) << int{byte};
    }
    const auto table = table_of(rows, columns, manner);
    EXPECT_EQ(std::ranges::count(table, '\n'), 1);
    EXPECT_EQ(table.find("\u202e"), std::string::npos);
    EXPECT_EQ(table.find("\u0085"), std::string::npos);
  }
}

std::vector<std::uint64_t> ids_sorted_by(const std::string& order) {
  auto rows = items();
  rows.push_back(Json::parse(R"({"id":9,"state":"invited","host":{"name":"nas"},"every":"30m"})"));
  EXPECT_TRUE(sort_by(rows, kColumns, order));
  std::vector<std::uint64_t> ids;
  for (const auto& row : rows) ids.push_back(number_at(row, "id"));
  return ids;
}

TEST(Sorting, IsByWhatAValueIs) {
  using Ids = std::vector<std::uint64_t>;
  EXPECT_EQ(ids_sorted_by("id"), (Ids{7, 9, 12}));
  EXPECT_EQ(ids_sorted_by("-id"), (Ids{12, 9, 7}));
  EXPECT_EQ(ids_sorted_by("name"), (Ids{7, 9, 12}));
  EXPECT_EQ(ids_sorted_by("every"), (Ids{7, 9, 12}));   // 90s, 30m, 1h
  EXPECT_EQ(ids_sorted_by("since"), (Ids{7, 12, 9}));   // nothing comes last,
  EXPECT_EQ(ids_sorted_by("-since"), (Ids{7, 12, 9}));  // also backwards
}

TEST(Sorting, RefusesAColumnThatThereIsNot) {
  auto rows = items();
  const auto wrong = sort_by(rows, kColumns, "-sate");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().hint, "did you mean \"state\"?");
}

}  // namespace
}  // namespace vaultbell::ctl
