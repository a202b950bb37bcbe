// Text that fits, times as people say them, words with their shapes.

#include "aggregator/ctl/terminal.hpp"

#include <cstdlib>
#include <ctime>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "aggregator/ctl/json.hpp"

namespace vaultbell::ctl {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

const Instant kNow = *parse_iso("2026-03-01T02:20:00Z");

TEST(Columns, CountWhatATerminalNeeds) {
  EXPECT_EQ(columns_of(""), 0U);
  EXPECT_EQ(columns_of("abc"), 3U);
  EXPECT_EQ(columns_of("äöü"), 3U);
  EXPECT_EQ(columns_of("備份"), 4U);     // wide characters take two
  EXPECT_EQ(columns_of("e\u0301"), 1U);  // a combining accent takes none
  EXPECT_EQ(columns_of("✖ disconnected"), 14U);
  EXPECT_EQ(columns_of("\xff\xfe"), 2U);  // malformed bytes count as one each
}

TEST(Fitting, CutsBetweenCharacters) {
  EXPECT_EQ(fitted("abcdef", 6), "abcdef");
  EXPECT_EQ(fitted("abcdef", 5), "abcd…");
  EXPECT_EQ(fitted("äöüäöü", 4), "äöü…");
  EXPECT_EQ(fitted("備份備份", 6), "備份…");
}

TEST(Relative, SaysTheFirstUnitOnly) {
  EXPECT_EQ(relative(kNow, kNow), "now");
  EXPECT_EQ(relative(kNow - 500ms, kNow), "now");
  EXPECT_EQ(relative(kNow - 43s, kNow), "43 s ago");
  EXPECT_EQ(relative(kNow - 3min - 20s, kNow), "3 min ago");
  EXPECT_EQ(relative(kNow - 49h, kNow), "2 d ago");
  EXPECT_EQ(relative(kNow + 43min, kNow), "in 43 min");
}

TEST(Absolute, IsIsoInUtcOrWithAnOffset) {
  EXPECT_EQ(absolute(kNow + 250ms, true), "2026-03-01T02:20:00Z");
  setenv("TZ", "UTC-1", 1);  // an hour east, whatever zones are installed
  tzset();
  EXPECT_EQ(absolute(kNow, false), "2026-03-01T03:20:00+01:00");
  unsetenv("TZ");
  tzset();
}

TEST(Marks, AreAShapeAndAWordAndOnlyThenAColour) {
  Manner manner;
  EXPECT_EQ(marked("disconnected", manner), "✖ disconnected");
  EXPECT_EQ(marked("online", manner), "● online");
  EXPECT_EQ(marked("invited", manner), "○ invited");
  EXPECT_EQ(marked("offline", manner), "‖ offline");
  EXPECT_EQ(marked("critical", manner), "▲ critical");
  EXPECT_EQ(marked("warning", manner), "■ warning");
  EXPECT_EQ(marked("informational", manner), "● informational");
  EXPECT_EQ(marked("something", manner), "something");
  manner.has_colour = true;
  EXPECT_EQ(marked("critical", manner), "\x1b[31m▲ critical\x1b[0m");
}

TEST(Json, EscapesWhatATerminalWouldObey) {
  const auto json = Json::parse(R"(["\u001b[2J","\u0085","\u202e","\u007f","ä"])");
  EXPECT_EQ(printable(json, Layout::one_line), R"(["\u001b[2J","\u0085","\u202e","\u007f","ä"])");
  EXPECT_EQ(Json::parse(printable(json, Layout::indented)), json);
}

TEST(Json, FindsValuesByTheirPath) {
  const auto json = Json::parse(R"({"a":{"b":7,"c":"x"},"d":null})");
  EXPECT_EQ(at(json, "a.b"), 7);
  EXPECT_EQ(text_at(json, "a.c"), "x");
  EXPECT_EQ(text_at(json, "a.b"), "");
  EXPECT_EQ(number_at(json, "a.b"), 7U);
  EXPECT_TRUE(at(json, "a.x").is_null());
  EXPECT_TRUE(at(json, "d.x").is_null());
  EXPECT_TRUE(at(json, "a.b.c").is_null());
}

}  // namespace
}  // namespace vaultbell::ctl
