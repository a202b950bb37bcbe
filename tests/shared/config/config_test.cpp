// Configuration files: every mistake at once, each with its place and what would be right (R9.5).
#include <cstdlib>

#include <gtest/gtest.h>

#include "shared/base/files.hpp"
#include "shared/config/secret.hpp"
#include "shared/config/toml_file.hpp"
#include "shared/domain/run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::config {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using Lines = std::vector<std::string>;

// A configuration with one key of every kind.
struct Example {
  std::string name = "nobody";
  std::vector<std::string> owners = {"nobody"};
  Duration every = 1h;
  bool is_on = false;
  std::int64_t count = 7;
  std::uint64_t size_bytes = 1;
  std::filesystem::path folder = "/var";
  Operation operation = Operation::backup;

  bool operator==(const Example&) const = default;
};

struct WhatWasRead {
  Example example;
  Lines mistakes;
};

WhatWasRead read_all(TomlFile file) {
  WhatWasRead outcome;
  auto& example = outcome.example;
  file.section("").read("folder", example.folder);
  auto job = file.section("job");
  job.read("name", example.name, [](std::string_view text) -> Status {
    if (text.size() > 5) return fail("longer than 5");
    return {};
  });
  job.read("owners", example.owners, [](std::string_view text) -> Status {
    if (text.find('@') == std::string_view::npos)
      return fail("\"" + std::string(text) + "\" has no @");
    return {};
  });
  job.read("every", example.every, 1min, 2h);
  job.read("is_on", example.is_on);
  job.read("count", example.count, 1, 10);
  job.read_size("size", example.size_bytes, 1, 1024UL * 1024);
  job.read_choice("operation", example.operation);
  outcome.mistakes = file.mistakes();
  return outcome;
}

WhatWasRead read_text(std::string_view text) {
  return read_all(TomlFile::parse("a.toml", text));
}

Lines mistakes_in(std::string_view text) {
  return read_text(text).mistakes;
}

TEST(Configuration, IsReadKeyByKey) {
  const auto [example, mistakes] = read_text(R"(
folder = "/srv"
[job]
name = "db"
owners = ["a@example.org", "b@example.org"]
every = "90m"
is_on = true
count = 10
size = "256KiB"
operation = "verify"
)");
  EXPECT_EQ(mistakes, Lines{});
  const Example expected{.name = "db",
                         .owners = {"a@example.org", "b@example.org"},
                         .every = 90min,
                         .is_on = true,
                         .count = 10,
                         .size_bytes = 256 * 1024,
                         .folder = "/srv",
                         .operation = Operation::verify};
  EXPECT_EQ(example, expected);
}

TEST(Configuration, KeepsTheDefaultsOfWhatIsAbsent) {
  EXPECT_EQ(read_text("").example, Example{});
  EXPECT_EQ(read_text("[job]\n").mistakes, Lines{});
}

// R9.5
TEST(Configuration, ShowsAllMistakesInTheOrderOfTheFile) {
  const Lines expected{
      "a.toml:1:1: unknown key \"foldr\"; did you mean \"folder\"?",
      "a.toml:3:9: every in [job]: \"90x\" is not a duration (examples: \"45m\", \"26h\")",
      "a.toml:4:1: unknown key \"oners\" in [job]; did you mean \"owners\"?",
      "a.toml:5:8: name in [job]: longer than 5",
      "a.toml:6:2: unknown section \"jobb\"; did you mean \"job\"?",
  };
  const auto found = mistakes_in(
      "foldr = \"/srv\"\n"
      "[job]\n"
      "every = \"90x\"\n"
      "oners = []\n"
      "name = \"far too long\"\n"
      "[jobb]\n");
  EXPECT_EQ(found, expected);
  EXPECT_EQ(count_of(found), "5 errors, nothing was changed");
  EXPECT_EQ(count_of({"one"}), "1 error, nothing was changed");
}

TEST(Configuration, ChangesNothingWhereAValueIsWrong) {
  const auto [example, mistakes] = read_text(
      "[job]\nname = \"far too long\"\nowners = [\"a@b\", \"c\"]\nevery = \"1s\"\ncount = 0\n"
      "size = \"2MiB\"\noperation = \"bakup\"\n");
  EXPECT_EQ(example, Example{});
  EXPECT_EQ(mistakes.size(), 6U);
}

TEST(Configuration, SaysWhatKindOfValueIsWanted) {
  EXPECT_EQ(
      mistakes_in("folder = 7\n[job]\nname = 7\nowners = \"a@b\"\nevery = 90\nis_on = \"yes\"\n"
                  "count = \"7\"\nsize = 7\noperation = 7\n"),
      (Lines{
          "a.toml:1:10: folder: not a text (write it in quotes)",
          "a.toml:3:8: name in [job]: not a text (write it in quotes)",
          "a.toml:4:10: owners in [job]: not a list (example: [\"a\", \"b\"])",
          "a.toml:5:9: every in [job]: not a text (write it in quotes)",
          "a.toml:6:9: is_on in [job]: neither true nor false",
          "a.toml:7:9: count in [job]: not a whole number",
          "a.toml:8:8: size in [job]: not a text (write it in quotes)",
          "a.toml:9:13: operation in [job]: not a text (write it in quotes)",
      }));
}

TEST(Configuration, SaysWhichRangeIsAllowed) {
  EXPECT_EQ(mistakes_in("folder = \"\"\n[job]\nevery = \"59s\"\ncount = 11\nsize = \"2MiB\"\n"),
            (Lines{
                "a.toml:1:10: folder: an empty path",
                "a.toml:3:9: every in [job]: \"59s\" is outside 1m to 2h",
                "a.toml:4:9: count in [job]: 11 is outside 1 to 10",
                "a.toml:5:8: size in [job]: \"2MiB\" is outside 1 B to 1.0 MiB",
            }));
}

TEST(Configuration, PointsAtTheEntryOfAListThatIsWrong) {
  EXPECT_EQ(mistakes_in("[job]\nowners = [\"a@b\",\n  \"c\"]\n"),
            Lines{"a.toml:3:3: owners in [job]: \"c\" has no @"});
  EXPECT_EQ(mistakes_in("[job]\nowners = [\"a@b\", 7]\n"),
            Lines{"a.toml:2:10: owners in [job]: a list of texts is wanted (each in quotes)"});
}

TEST(Configuration, ListsTheChoicesOrTheNearest) {
  EXPECT_EQ(mistakes_in("[job]\noperation = \"bakup\"\n"),
            Lines{"a.toml:2:13: operation in [job]: unknown value \"bakup\"; did you mean "
                  "\"backup\"?"});
}

TEST(Configuration, ThatIsNotTomlIsOneMistakeWithItsPlace) {
  const auto found = mistakes_in("[job]\nname = \n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].starts_with("a.toml:2:8: ")) << found[0];
}

TEST(Configuration, WithAKeyInPlaceOfASectionSaysSo) {
  EXPECT_EQ(mistakes_in("job = 7\n"), Lines{"a.toml:1:7: job: not a section ([job])"});
}

TEST(Configuration, ThatCannotBeReadIsAMistake) {
  const support::TemporaryFolder folder;
  const auto path = folder.path() / "missing.toml";
  EXPECT_EQ(
      read_all(TomlFile::open(path)).mistakes,
      Lines{path.string() + ": cannot read " + path.string() + ": No such file or directory"});
}

TEST(Configuration, CanBeComplainedAboutByItsReader) {
  auto file = TomlFile::parse("a.toml", "[job]\nname = \"db\"\n");
  auto job = file.section("job");
  std::string name;
  job.read("name", name);
  job.complain("name", "taken");
  job.complain("owner", "missing");
  job.complain("", "incomplete");
  EXPECT_EQ(file.mistakes(),
            (Lines{"a.toml:1:1: owner in [job]: missing", "a.toml:1:1: [job]: incomplete",
                   "a.toml:2:8: name in [job]: taken"}));
}

// ---- lists of tables, and tables in tables

// A made-up file with both: things that have a name and, for some hours, a price.
struct Thing {
  std::uint32_t line = 0;
  std::string name;
  std::int64_t price = 0;
  std::vector<std::string> hours;

  bool operator==(const Thing&) const = default;
};

struct Things {
  std::vector<Thing> things;
  Lines mistakes;
};

Things read_things(std::string_view text) {
  auto file = TomlFile::parse("a.toml", text);
  Things all;
  for (auto& section : file.section("").tables("thing")) {
    Thing thing{.line = section.place().line};
    section.read("name", thing.name);
    if (auto price = section.table("price")) {
      price->read("amount", thing.price, 1, 10);
      if (auto hours = price->table("hours")) thing.hours = hours->keys();
    }
    if (!section.has("name")) section.complain("", "it needs a name");
    all.things.push_back(std::move(thing));
  }
  all.mistakes = file.mistakes();
  return all;
}

TEST(ListsOfTables, AreReadInTheirOrderWithTheirLines) {
  const auto [things, mistakes] = read_things(R"([[thing]]
name = "b"
price = { amount = 7 }

[[thing]]
name = "a"
[thing.price]
amount = 2
hours = { "10" = "x", "09" = "y" }
)");
  EXPECT_EQ(mistakes, Lines{});
  EXPECT_EQ(things, (std::vector<Thing>{{1, "b", 7, {}}, {5, "a", 2, {"09", "10"}}}));
}

TEST(ListsOfTables, ThatAreAbsentAreEmpty) {
  EXPECT_EQ(read_things("").things, std::vector<Thing>{});
  EXPECT_EQ(read_things("").mistakes, Lines{});
}

TEST(ListsOfTables, HaveEveryMistakeOfEveryTableNamed) {
  EXPECT_EQ(
      read_things("[[thing]]\nnam = \"a\"\n[[thing]]\nname = 7\nprice = { amout = 7 }\n"
                  "[[thing]]\nname = \"c\"\n[thing.price]\namount = 11\n[[ting]]\n")
          .mistakes,
      (Lines{
          "a.toml:1:1: [[thing]]: it needs a name",
          "a.toml:2:1: unknown key \"nam\" in [[thing]]; did you mean \"name\"?",
          "a.toml:4:8: name in [[thing]]: not a text (write it in quotes)",
          "a.toml:5:11: unknown key \"amout\" in price of [[thing]]; did you mean \"amount\"?",
          "a.toml:9:10: amount in price of [[thing]]: 11 is outside 1 to 10",
          "a.toml:10:3: unknown section \"ting\"; did you mean \"thing\"?",
      }));
}

TEST(ListsOfTables, AreGoodWhateverIsWrongInOthers) {
  auto file = TomlFile::parse("a.toml",
                              "[[thing]]\nname = 7\n[[thing]]\nprice = { amount = \"x\" }\n"
                              "[[thing]]\nname = \"c\"\n");
  auto things = file.section("").tables("thing");
  std::string name;
  std::int64_t amount = 0;
  for (auto& thing : things) {
    thing.read("name", name);
    if (auto price = thing.table("price")) price->read("amount", amount, 1, 10);
  }
  EXPECT_FALSE(things[0].is_good());
  EXPECT_FALSE(things[0].is_good("name"));
  EXPECT_TRUE(things[0].is_good("price"));
  EXPECT_FALSE(things[1].is_good());  // a table of it is wrong
  EXPECT_TRUE(things[1].is_good("name"));
  EXPECT_TRUE(things[2].is_good());
  EXPECT_FALSE(file.section("").is_good());
}

TEST(ListsOfTables, AreNothingElse) {
  EXPECT_EQ(read_things("[thing]\nname = \"a\"\n").mistakes,
            Lines{"a.toml:1:1: thing: not a list of tables (write [[thing]] above each)"});
  EXPECT_EQ(read_things("[[thing]]\nname = \"a\"\nprice = 7\n").mistakes,
            Lines{"a.toml:3:9: price in [[thing]]: not a table (example: price = { })"});
}

// ---- secrets

class Secrets : public testing::Test {
 protected:
  support::TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "aggregator.toml";

  void TearDown() override { unsetenv("CREDENTIALS_DIRECTORY"); }
  void write(const std::filesystem::path& path, const std::string& content, mode_t mode) {
    ASSERT_TRUE(write_file(path, content, mode).has_value());
  }
};

TEST_F(Secrets, LieBesideTheConfigurationWithoutTheirLineEnd) {
  write(folder.path() / "password", "secret\r\n", 0600);
  EXPECT_EQ(read_secret("password", file), "secret");
  EXPECT_EQ(read_secret(folder.path() / "password", "/elsewhere/a.toml"), "secret");
}

TEST_F(Secrets, ThatOthersMayReadOrThatAreEmptyAreRefused) {
  const auto path = folder.path() / "password";
  write(path, "secret\n", 0644);
  EXPECT_EQ(read_secret("password", file).error().message,
            path.string() + " can be read by others (mode 0644); make it private: chmod 600 " +
                path.string());
  write(path, "\n", 0600);
  EXPECT_EQ(read_secret("password", file).error(),
            (Error{ErrorCode::invalid, path.string() + " is empty"}));
}

TEST_F(Secrets, OfSystemdComeFirst) {
  const auto credentials = folder.path() / "credentials";
  ASSERT_TRUE(prepare_folder(credentials).has_value());
  write(credentials / "password", "of systemd", 0440);
  write(folder.path() / "password", "of the folder", 0600);
  write(folder.path() / "other", "of the folder", 0600);
  setenv("CREDENTIALS_DIRECTORY", credentials.c_str(), 1);

  EXPECT_EQ(read_secret("password", file), "of systemd");
  EXPECT_EQ(read_secret("other", file), "of the folder");
}

}  // namespace
}  // namespace vaultbell::config
