#include "agent/watch/log_file.hpp"

#include <fstream>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_folder.hpp"

namespace vaultbell::agent::watch {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LogFile : public ::testing::Test {
 protected:
  void append(const std::string& text, const std::string& name = "tool.log") const {
    std::ofstream(folder_ / name, std::ios::app) << text;
  }
  void rename(const std::string& name) const { std::filesystem::rename(file, folder_ / name); }
  void begin() { mark = *end_of_log(file); }
  std::vector<std::string> read() {
    std::vector<std::string> lines;
    const auto part =
        read_log(file, mark, [&](std::string_view line) { lines.emplace_back(line); });
    EXPECT_TRUE(part.has_value());
    last = *part;
    mark = part->mark;
    return lines;
  }

  support::TemporaryFolder folder_;
  std::filesystem::path file = folder_ / "tool.log";
  Mark mark;
  LogPart last;
};

TEST_F(LogFile, IsReadFromWhereItEndedInWholeLines) {
  append("history\n");
  begin();
  append("one\ntw");
  EXPECT_THAT(read(), ElementsAre("one"));
  EXPECT_THAT(read(), IsEmpty());
  append("o\n");
  EXPECT_THAT(read(), ElementsAre("two"));
  EXPECT_TRUE(last.is_all);
}

TEST_F(LogFile, ThatComesLaterIsReadFromItsBeginning) {
  begin();
  EXPECT_THAT(read(), IsEmpty());
  EXPECT_EQ(last.trouble, "there is no " + file.string());
  append("one\n");
  EXPECT_THAT(read(), ElementsAre("one"));
  EXPECT_EQ(last.trouble, "");
}

TEST_F(LogFile, IsReadToItsEndAfterItWasRotated) {
  append("");
  begin();
  append("one\n");
  rename("tool.log.1");
  append("two\n", "tool.log.1");
  append("three\n");
  EXPECT_THAT(read(), ElementsAre("one", "two"));
  EXPECT_FALSE(last.is_all);
  EXPECT_THAT(read(), ElementsAre("three"));
  EXPECT_FALSE(last.is_lost);
}

TEST_F(LogFile, ThatIsRotatedAndNotYetMadeAnewLosesNothing) {
  append("");
  begin();
  append("one\n");
  rename("tool.log.1");
  EXPECT_THAT(read(), ElementsAre("one"));
  EXPECT_THAT(read(), IsEmpty());
  append("two\n");
  EXPECT_THAT(read(), ElementsAre("two"));
}

TEST_F(LogFile, ThatWasTakenAwayIsSaid) {
  append("one\n");
  begin();
  rename("elsewhere");
  append("two\n");
  EXPECT_THAT(read(), ElementsAre("two"));
  EXPECT_TRUE(last.is_lost);
}

TEST_F(LogFile, ThatWasCutIsReadFromItsBeginning) {
  append("a long line of history\n");
  begin();
  std::ofstream(file, std::ios::trunc) << "one\n";
  EXPECT_THAT(read(), ElementsAre("one"));
}

// As logrotate's copytruncate does: the file is the same, and may be as long again as it was.
TEST_F(LogFile, ThatWasCutAndWrittenAnewIsReadFromItsBeginning) {
  append("one\ntwo\n");
  begin();
  std::ofstream(file, std::ios::trunc) << "six\nten\n";
  EXPECT_THAT(read(), ElementsAre("six", "ten"));
  std::ofstream(file, std::ios::trunc) << "seven\neight\nnine\n";
  EXPECT_THAT(read(), ElementsAre("seven", "eight", "nine"));
}

TEST_F(LogFile, ThatWasRotatedTwiceIsReadFileAfterFile) {
  append("");
  begin();
  append("one\n");
  rename("tool.log.2");
  append("two\n", "tool.log.1");
  std::filesystem::last_write_time(
      folder_ / "tool.log.2",
      std::filesystem::last_write_time(folder_ / "tool.log.1") - std::chrono::hours(24));
  append("junk\n", "tool.log.3.gz");
  append("three\n");
  std::filesystem::last_write_time(
      file, std::filesystem::last_write_time(folder_ / "tool.log.1") + std::chrono::hours(24));
  EXPECT_THAT(read(), ElementsAre("one"));
  EXPECT_THAT(read(), ElementsAre("two"));
  EXPECT_THAT(read(), ElementsAre("three"));
  EXPECT_THAT(read(), IsEmpty());
  EXPECT_FALSE(last.is_lost);
}

// A tool may hold the old one open to the end of its run.
TEST_F(LogFile, IsNotLeftBeforeTheNextOneIsWrittenTo) {
  append("");
  begin();
  append("one\n");
  rename("tool.log.1");
  append("");  // made anew by logrotate
  EXPECT_THAT(read(), ElementsAre("one"));
  EXPECT_THAT(read(), IsEmpty());
  append("two\n", "tool.log.1");
  EXPECT_THAT(read(), ElementsAre("two"));
  append("three\n");
  EXPECT_THAT(read(), ElementsAre("three"));
}

TEST_F(LogFile, IsReadInParts) {
  append("");
  begin();
  const std::string line(1000, 'x');
  for (int i = 0; i < 3000; ++i) append(line + "\n");
  std::size_t lines = 0;
  int parts = 0;
  do {
    lines += read().size();
    ++parts;
  } while (!last.is_all);
  EXPECT_EQ(lines, 3000U);
  EXPECT_EQ(parts, 3);
}

TEST_F(LogFile, ThatCannotBeReadIsNamed) {
  std::filesystem::create_directory(file);
  const auto end = end_of_log(file);
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().message, file.string() + " is no file");
}

}  // namespace
}  // namespace vaultbell::agent::watch
