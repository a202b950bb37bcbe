#include "aggregator/notify/template.hpp"

#include <gtest/gtest.h>

namespace vaultbell::notify {
namespace {

View a_view() {
  return {.texts = {{"client", "db-1"}, {"job", ""}, {"message", "<b>&\"'"}},
          .lists = {{"output", {"one", "", "<three>"}}, {"steps", {}}}};
}

std::string error_of(std::string_view text) {
  const auto status = check_template("x.mustache", text, a_view());
  return status ? "" : status.error().message;
}

TEST(Templates, KnownNamesSectionsAndCommentsAreTaken) {
  EXPECT_EQ(error_of("{{client}} {{! why }} {{#job}}{{job}}{{/job}}{{^ job }}none{{/ job }}"
                     "{{#output}}{{.}}{{/output}}"),
            "");
}

TEST(Templates, AnUnknownNameIsRefusedWithItsLineAndTheNearestOne) {
  EXPECT_EQ(error_of("a\n{{clinet}}"),
            "x.mustache:2: unknown name \"clinet\"; did you mean \"client\"?");
  EXPECT_EQ(error_of("{{#outputs}}{{/outputs}}"),
            "x.mustache:1: unknown name \"outputs\"; did you mean \"output\"?");
}

// Rendering with an example would not find it: its section is not shown there.
TEST(Templates, AnUnknownNameIsFoundWhereNothingIsShown) {
  EXPECT_EQ(error_of("{{#client}}\n{{^client}}\n{{nonsense}}{{/client}}{{/client}}"),
            "x.mustache:3: unknown name \"nonsense\"");
}

TEST(Templates, WhatWouldNotBeEscapedIsRefused) {
  EXPECT_EQ(error_of("{{{client}}}"),
            "x.mustache:1: \"{{{client}}\" is not allowed: only names, sections and comments are");
  EXPECT_NE(error_of("{{&client}}"), "");
  EXPECT_NE(error_of("{{>client}}"), "");
  EXPECT_NE(error_of("{{=<% %>=}}<%client%>"), "");
  EXPECT_NE(error_of("{{}}"), "");
}

TEST(Templates, AListIsNoText) {
  EXPECT_EQ(error_of("{{output}}"), "x.mustache:1: \"output\" is a list: write {{#output}}");
}

TEST(Templates, WrongSyntaxIsRefused) {
  EXPECT_EQ(error_of("{{client"), "x.mustache: Unclosed tag at 0");
  EXPECT_EQ(error_of("{{#client}}"), "x.mustache: Unclosed section \"client\" at 0");
  EXPECT_EQ(error_of("{{/client}}"), "x.mustache: Unopened section \"client\" at 0");
}

TEST(Templates, HtmlIsEscapedAndPlainTextIsNot) {
  EXPECT_EQ(render("{{message}}", a_view(), Markup::html), "&lt;b&gt;&amp;&quot;&apos;");
  EXPECT_EQ(render("{{message}}", a_view(), Markup::plain), "<b>&\"'");
}

TEST(Templates, TheItemsOfAListAreEscapedToo) {
  EXPECT_EQ(render("{{#output}}\n[{{.}}]\n{{/output}}\n", a_view(), Markup::html),
            "[one]\n[]\n[&lt;three&gt;]\n");
}

TEST(Templates, WhatIsEmptyHasNoSection) {
  EXPECT_EQ(render("{{#job}}job{{/job}}{{^job}}none{{/job}}{{#steps}}step{{/steps}}{{job}}",
                   a_view(), Markup::plain),
            "none");
}

TEST(Templates, TheLineOfALonelyTagIsLeftOut) {
  EXPECT_EQ(render("a\n{{#job}}\n{{job}}\n{{/job}}\n\n{{#client}}\n{{client}}\n{{/client}}\n"
                   "{{! why }}\n\nb\n",
                   a_view(), Markup::plain),
            "a\n\ndb-1\n\nb\n");
}

TEST(Templates, AValueIsNeverReadAsATemplate) {
  auto view = a_view();
  view.texts["client"] = "{{message}}";
  EXPECT_EQ(render("{{client}}", view, Markup::plain), "{{message}}");
}

}  // namespace
}  // namespace vaultbell::notify
