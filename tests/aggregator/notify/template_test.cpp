#include "aggregator/notify/template.hpp"

#include <gtest/gtest.h>

namespace vaultbell::notify {
namespace {

View a_view() {
  return {.texts = {{"client", "db-1"}, {"job", ""}, {"message", "<b>&\"'"}},
          .lists = {{"output", {"one", "", "<three>"}}, {"steps", {}}}};
}

using Lines = std::vector<std::string>;

// "LINE: what is wrong"
Lines faults_in(std::string_view text) {
  Lines lines;
  for (const auto& fault : faults_of(text, a_view())) {
    lines.push_back(std::to_string(fault.line) + ": " + fault.what);
  }
  return lines;
}

TEST(Templates, KnownNamesSectionsAndCommentsAreTaken) {
  EXPECT_EQ(faults_in("{{client}} {{! why }} {{#job}}{{job}}{{/job}}{{^ job }}none{{/ job }}"
                      "{{#output}}{{.}}{{/output}}"),
            Lines{});
}

TEST(Templates, AnUnknownNameIsRefusedWithItsLineAndTheNearestOne) {
  EXPECT_EQ(faults_in("a\n{{clinet}}"),
            Lines{"2: unknown name \"clinet\"; did you mean \"client\"?"});
  EXPECT_EQ(faults_in("{{#outputs}}{{/outputs}}"),
            (Lines{"1: unknown name \"outputs\"; did you mean \"output\"?",
                   "1: unknown name \"outputs\"; did you mean \"output\"?"}));
}

// Rendering with an example would not find it: its section is not shown there.
TEST(Templates, AnUnknownNameIsFoundWhereNothingIsShown) {
  EXPECT_EQ(faults_in("{{#client}}\n{{^client}}\n{{nonsense}}{{/client}}{{/client}}"),
            Lines{"3: unknown name \"nonsense\""});
}

TEST(Templates, EveryFaultIsNamedInTheOrderOfItsLine) {
  EXPECT_EQ(faults_in("{{#job}}\n{{a}}\n{{! one\ntwo }}\n{{output}}"),
            (Lines{"1: \"{{#job}}\" is not closed: \"{{/job}}\" is missing",
                   "2: unknown name \"a\"", "5: \"output\" is a list: write {{#output}}"}));
}

TEST(Templates, OfManyFaultsTheFirstTwentyAreNamed) {
  std::string text;
  for (int i = 0; i < 30; ++i) text += "{{nonsense}}\n";
  EXPECT_EQ(faults_in(text).size(), 20U);
  EXPECT_EQ(faults_in(text).back(), "20: unknown name \"nonsense\"");
}

TEST(Templates, WhatWouldNotBeEscapedIsRefused) {
  EXPECT_EQ(faults_in("{{{client}}}"),
            Lines{"1: \"{{{client}}\" is not allowed: only names, sections and comments are"});
  EXPECT_EQ(faults_in("{{&client}}"),
            Lines{"1: \"{{&client}}\" is not allowed: only names, sections and comments are"});
  EXPECT_EQ(faults_in("{{>client}}"),
            Lines{"1: \"{{>client}}\" is not allowed: only names, sections and comments are"});
  EXPECT_EQ(faults_in("{{=<% %>=}}<%client%>"),
            Lines{"1: \"{{=<% %>=}}\" is not allowed: only names, sections and comments are"});
  EXPECT_EQ(faults_in("{{}}"), Lines{"1: a tag is empty"});
}

TEST(Templates, AListIsNoText) {
  EXPECT_EQ(faults_in("{{output}}"), Lines{"1: \"output\" is a list: write {{#output}}"});
}

TEST(Templates, AnItemStandsInItsList) {
  const Lines alone{"1: \"{{.}}\" is the item of a list, and stands inside its section"};
  EXPECT_EQ(faults_in("{{.}}"), alone);
  EXPECT_EQ(faults_in("{{^output}}{{.}}{{/output}}"), alone);
  EXPECT_EQ(faults_in("{{#output}}{{#.}}{{/.}}{{/output}}"), (Lines{alone[0], alone[0]}));
}

TEST(Templates, WhatIsNotClosedIsRefused) {
  EXPECT_EQ(faults_in("\n{{client"), Lines{"2: a tag is not closed: \"}}\" is missing"});
  EXPECT_EQ(faults_in("{{#client}}"),
            Lines{"1: \"{{#client}}\" is not closed: \"{{/client}}\" is missing"});
  EXPECT_EQ(faults_in("{{/client}}"),
            Lines{"1: \"{{/client}}\" closes a section that is not open"});
}

TEST(Templates, ASectionEndsInsideTheOneItIsIn) {
  EXPECT_EQ(faults_in("{{#client}}\n{{^job}}\n{{/client}}\n{{/job}}"),
            (Lines{"2: \"{{^job}}\" is not closed: \"{{/job}}\" is missing",
                   "4: \"{{/job}}\" closes a section that is not open"}));
}

TEST(Templates, ATagStandsOnOneLineUnlessItIsAComment) {
  EXPECT_EQ(faults_in("{{client\n}}"), Lines{"1: \"{{client}}\" stands on two lines"});
  EXPECT_EQ(faults_in("{{! a\nb }}"), Lines{});
}

// What they show would be as long as one likes.
TEST(Templates, SectionsNestOnlySoFar) {
  EXPECT_EQ(faults_in("{{#output}}{{#steps}}{{/steps}}{{/output}}"),
            Lines{"1: \"{{#steps}}\" is a list inside a list"});
  std::string opened;
  std::string closed;
  for (int i = 0; i < 16; ++i) {
    opened += "{{#client}}";
    closed += "{{/client}}";
  }
  EXPECT_EQ(faults_in(opened + closed), Lines{});
  EXPECT_EQ(faults_in(opened + "{{#client}}{{/client}}" + closed),
            Lines{"1: more than 16 sections inside each other"});
}

TEST(Templates, WhatATemplateNamesCanBeAsked) {
  EXPECT_TRUE(names("a {{ client }}", "client"));
  EXPECT_TRUE(names("{{#client}}{{/client}}", "client"));
  EXPECT_FALSE(names("client {{! client }}{{!client}}", "client"));
}

TEST(Templates, HtmlIsEscapedAndPlainTextIsNot) {
  EXPECT_EQ(render("{{message}}", a_view(), Escaping::html), "&lt;b&gt;&amp;&quot;&apos;");
  EXPECT_EQ(render("{{message}}", a_view(), Escaping::none), "<b>&\"'");
}

TEST(Templates, InJsonAValueStaysInItsQuotes) {
  auto view = a_view();
  view.texts["client"] = "a\"b\\c\nd\x01/ü";
  EXPECT_EQ(render(R"({"client":"{{client}}"})", view, Escaping::json),
            "{\"client\":\"a\\\"b\\\\c\\u000ad\\u0001/ü\"}");
}

TEST(Templates, InAUrlOnlyLettersDigitsAndFourSignsStayAsTheyAre) {
  EXPECT_EQ(escaped("aZ09-._~ +&=?/%#\"ü", Escaping::percent),
            "aZ09-._~%20%2B%26%3D%3F%2F%25%23%22%C3%BC");
}

TEST(Templates, TheItemsOfAListAreEscapedToo) {
  EXPECT_EQ(render("{{#output}}\n[{{.}}]\n{{/output}}\n", a_view(), Escaping::html),
            "[one]\n[]\n[&lt;three&gt;]\n");
}

TEST(Templates, WhatIsEmptyHasNoSection) {
  EXPECT_EQ(render("{{#job}}job{{/job}}{{^job}}none{{/job}}{{#steps}}step{{/steps}}{{job}}",
                   a_view(), Escaping::none),
            "none");
}

TEST(Templates, TheLineOfALonelyTagIsLeftOut) {
  EXPECT_EQ(render("a\n{{#job}}\n{{job}}\n{{/job}}\n\n{{#client}}\n{{client}}\n{{/client}}\n"
                   "{{! why }}\n\nb\n",
                   a_view(), Escaping::none),
            "a\n\ndb-1\n\nb\n");
}

TEST(Templates, AValueIsNeverReadAsATemplate) {
  auto view = a_view();
  view.texts["client"] = "{{message}}";
  EXPECT_EQ(render("{{client}}", view, Escaping::none), "{{message}}");
}

}  // namespace
}  // namespace vaultbell::notify
