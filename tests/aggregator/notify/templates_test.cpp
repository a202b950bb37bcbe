#include "aggregator/notify/templates.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.hpp"

namespace vaultbell::notify {
namespace {

using Lines = std::vector<std::string>;

class TemplateFolder : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name, std::ios::binary) << text;
  }

  // Without the folder before each.
  [[nodiscard]] Lines mistakes() const {
    auto mistakes = load_templates(folder.path()).value().mistakes;
    const auto before = folder.path().string() + "/";
    for (auto& line : mistakes) {
      if (line.starts_with(before)) line.erase(0, before.size());
    }
    return mistakes;
  }

  support::TemporaryFolder folder;
};

TEST(BuiltInTemplates, EachIsGood) {
  EXPECT_EQ(check_templates(Templates()), Lines{});
}

TEST(BuiltInTemplates, ABrokenOneWouldBeNamed) {
  EXPECT_EQ(check_templates({.html = "\n{{nonsense}}"}),
            Lines{"alert.html.mustache:2: unknown name \"nonsense\""});
}

TEST_F(TemplateFolder, WithNothingInItLeavesTheBuiltInOnes) {
  const auto loaded = load_templates(folder.path());
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->mistakes, Lines{});
  EXPECT_EQ(loaded->templates, Templates());
}

TEST_F(TemplateFolder, ReplacesTheOnesThatItHolds) {
  write("alert.text.mustache", "text: {{headline}}");
  write("alert.html.mustache", "html: {{headline}}");
  write("letter.text.mustache", "text: {{subject}}");
  write("letter.html.mustache", "html: {{subject}}");
  write("sms.mustache", "sms: {{in_short}}");
  const auto loaded = load_templates(folder.path());
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->mistakes, Lines{});
  EXPECT_EQ(loaded->templates,
            (Templates{"text: {{headline}}", "html: {{headline}}", "text: {{subject}}",
                       "html: {{subject}}", "sms: {{in_short}}"}));
}

TEST_F(TemplateFolder, MayHaveTheLineEndsOfOtherSystems) {
  write("sms.mustache", "a\r\n{{client}}\r\n");
  EXPECT_EQ(load_templates(folder.path()).value().templates.sms, "a\n{{client}}\n");
}

TEST_F(TemplateFolder, ThatIsNotThereIsAnError) {
  const auto loaded = load_templates(folder / "none");
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().message,
            "cannot read " + (folder / "none").string() + ": No such file or directory");
}

TEST_F(TemplateFolder, NamesEveryMistakeOfEveryTemplate) {
  write("alert.text.mustache", "{{#job}}\n{{jobb}}\n");
  write("sms.mustache", "{{client}}\n{{/client}}");
  EXPECT_EQ(mistakes(),
            (Lines{"alert.text.mustache:1: \"{{#job}}\" is not closed: \"{{/job}}\" is missing",
                   "alert.text.mustache:2: unknown name \"jobb\"; did you mean \"job\"?",
                   "sms.mustache:2: \"{{/client}}\" closes a section that is not open"}));
}

TEST_F(TemplateFolder, TakesOnlyText) {
  write("alert.text.mustache", "good\n\xff\nbad \xc3\n");
  write("sms.mustache", std::string("\t{{client}}\n\0", 13) + "\x1b[31m\r");
  EXPECT_EQ(mistakes(),
            (Lines{"alert.text.mustache:2: not UTF-8", "alert.text.mustache:3: not UTF-8",
                   "sms.mustache:2: a control character"}));
}

TEST_F(TemplateFolder, TakesNoTemplateThatIsEmpty) {
  write("alert.html.mustache", "");
  write("sms.mustache", " \n");
  EXPECT_EQ(mistakes(),
            (Lines{"alert.html.mustache:1: it is empty", "sms.mustache:1: it is empty"}));
}

TEST_F(TemplateFolder, TakesNoTemplateThatIsTooLarge) {
  write("sms.mustache", std::string(kTemplateBytesMax, 'x'));
  EXPECT_EQ(mistakes(), Lines{});
  write("sms.mustache", std::string(kTemplateBytesMax + 1, 'x'));
  EXPECT_EQ(mistakes(), Lines{"sms.mustache: cannot read " + (folder / "sms.mustache").string() +
                              ": larger than 65536 bytes"});
}

TEST_F(TemplateFolder, TakesOnlyFiles) {
  std::filesystem::create_directory(folder / "sms.mustache");
  EXPECT_EQ(mistakes(), Lines{"sms.mustache: not a file"});
}

TEST_F(TemplateFolder, HoldsNothingThatWouldNotBeUsed) {
  write("allert.text.mustache", "");
  write("notes", "");
  write(".hidden", "what editors leave behind");
  EXPECT_EQ(mistakes(), (Lines{"allert.text.mustache: not the name of a template; did you mean "
                               "\"alert.text.mustache\"?",
                               "notes: not the name of a template (one of: alert.text.mustache "
                               "alert.html.mustache letter.text.mustache letter.html.mustache "
                               "sms.mustache)"}));
}

TEST_F(TemplateFolder, ThatIsTheWrongOneIsNotNamedFileByFile) {
  for (int i = 10; i < 35; ++i) write(std::to_string(i), "");
  EXPECT_EQ(mistakes().size(), 21U);
  EXPECT_EQ(mistakes().back(), folder.path().string() + ": 5 more files are no templates");
}

}  // namespace
}  // namespace vaultbell::notify
