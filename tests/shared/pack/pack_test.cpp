// MessagePack under limits: bytes from outside are read without harm, whatever they are.
#include <optional>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "shared/domain/run.hpp"
#include "shared/pack/fields.hpp"

namespace vaultbell::pack {
namespace {

// One field of every kind that our messages and rows have.
struct Inner {
  std::string text;
  std::optional<std::uint64_t> number;
  bool operator==(const Inner&) const = default;
};
struct Everything {
  bool boolean = false;
  std::string text;
  std::uint64_t u64 = 0;
  std::uint32_t u32 = 0;
  std::int32_t i32 = 0;
  std::int64_t i64 = 0;
  Instant instant;
  Duration duration{};
  Uuid uuid;
  std::array<std::uint8_t, 4> bytes{};
  JobId id;
  Outcome outcome = Outcome::running;
  std::vector<Inner> list;
  Inner inner;
  std::optional<Inner> maybe;
  bool operator==(const Everything&) const = default;
};

template <class Visitor>
void visit_fields(Visitor& visit, Inner& row) {
  visit(1, row.text);
  visit(2, row.number);
}
template <class Visitor>
void visit_fields(Visitor& visit, Everything& row) {
  visit(1, row.boolean);
  visit(2, row.text);
  visit(3, row.u64);
  visit(4, row.u32);
  visit(5, row.i32);
  visit(6, row.i64);
  visit(7, row.instant);
  visit(8, row.duration);
  visit(9, row.uuid);
  visit(10, row.bytes);
  visit(11, row.id);
  visit(12, row.outcome);
  visit(13, row.list);
  visit(14, row.inner);
  visit(15, row.maybe);
}

std::string bytes(std::initializer_list<int> values) {
  std::string result;
  for (const auto value : values) result += static_cast<char>(value);
  return result;
}

std::string error_of(const std::string& message) {
  const auto row = decode<Everything>(message);
  if (row) return "accepted";
  EXPECT_EQ(row.error().code, ErrorCode::invalid);
  return row.error().message;
}

// ---- round trips

template <class Number>
Number any_number() {
  // Both ends of the range as often as something between.
  return *rc::gen::weightedOneOf<Number>(
      {{1, rc::gen::arbitrary<Number>()},
       {1, rc::gen::element(std::numeric_limits<Number>::min(), std::numeric_limits<Number>::max(),
                            Number{0})}});
}

std::string any_text() {
  return *rc::gen::container<std::string>(rc::gen::inRange<char>(' ', '~'));
}

Inner any_inner() {
  Inner inner{.text = any_text(), .number = {}};
  if (*rc::gen::arbitrary<bool>()) inner.number = any_number<std::uint64_t>();
  return inner;
}

Everything anything() {
  constexpr std::int64_t kYears = 315'360'000'000'000;  // 10,000
  Everything row{.boolean = *rc::gen::arbitrary<bool>(),
                 .text = any_text(),
                 .u64 = any_number<std::uint64_t>(),
                 .u32 = any_number<std::uint32_t>(),
                 .i32 = any_number<std::int32_t>(),
                 .i64 = any_number<std::int64_t>(),
                 .instant = Instant(Duration(*rc::gen::inRange(-kYears, kYears + 1))),
                 .duration = Duration(*rc::gen::inRange(-kYears, kYears + 1)),
                 .uuid = {*rc::gen::arbitrary<std::array<std::uint8_t, 16>>()},
                 .bytes = *rc::gen::arbitrary<std::array<std::uint8_t, 4>>(),
                 .id = {any_number<std::uint64_t>()},
                 .outcome = *rc::gen::elementOf(std::vector{Outcome::failed, Outcome::warning}),
                 .list = {},
                 .inner = any_inner(),
                 .maybe = {}};
  const auto entries = *rc::gen::inRange(0, 5);
  for (int i = 0; i < entries; ++i) row.list.push_back(any_inner());
  if (*rc::gen::arbitrary<bool>()) row.maybe = any_inner();
  return row;
}

RC_GTEST_PROP(Packed, RowsAreGivenBackAsTheyWere, ()) {
  const auto row = anything();
  const auto again = decode<Everything>(encode(row));
  RC_ASSERT(again.has_value());
  RC_ASSERT(*again == row);
}

RC_GTEST_PROP(Packed, RowsThatAreCutOffAreRefused, ()) {
  const auto whole = encode(anything());
  const auto size = *rc::gen::inRange<std::size_t>(0, whole.size());
  RC_ASSERT(!decode<Everything>(whole.substr(0, size)).has_value());
}

RC_GTEST_PROP(Packed, AnyBytesAreReadWithoutHarm, (const std::string& noise)) {
  (void)decode<Everything>(noise);
  auto row = encode(anything());
  const auto at = *rc::gen::inRange<std::size_t>(0, row.size());
  row[at] = *rc::gen::arbitrary<char>();
  (void)decode<Everything>(row);
}

// ---- what may change between versions

TEST(Packed, AMissingFieldKeepsItsDefault) {
  Writer writer;
  writer.map(0);
  EXPECT_EQ(decode<Everything>(writer.bytes()), Everything{});
}

TEST(Packed, AnUnknownFieldIsSkippedWhateverItHolds) {
  Writer writer;
  writer.map(3);
  writer.unsigned_integer(99);
  writer.array(2);
  writer.text("new");
  writer.map(0);
  writer.text("a key of another kind");
  writer.boolean(true);
  writer.unsigned_integer(2);
  writer.text("known");
  Everything expected;
  expected.text = "known";
  EXPECT_EQ(decode<Everything>(writer.bytes()), expected);
}

TEST(Packed, OfAFieldThatOccursTwiceTheFirstCounts) {
  EXPECT_EQ(decode<Everything>(bytes({0x82, 0x03, 0x05, 0x03, 0x06}))->u64, 5U);
}

TEST(Packed, AnOptionalWithoutAValueIsNotWritten) {
  EXPECT_EQ(encode(Inner{.text = "a", .number = {}}), bytes({0x81, 0x01, 0xa1, 'a'}));
  EXPECT_EQ(encode(Inner{.text = "a", .number = 0}), bytes({0x82, 0x01, 0xa1, 'a', 0x02, 0x00}));
}

// ---- wrong types

TEST(Packed, AWrongTypeIsRefusedWithItsField) {
  const auto with = [](int key, std::initializer_list<int> value) {
    return error_of(bytes({0x81, key}) + bytes(value));
  };
  for (const auto wrong : {0xc0, 0x05, 0xa0, 0x90, 0x80}) {
    EXPECT_EQ(with(1, {wrong}), "field 1: not a boolean");
  }
  for (const auto wrong : {0xc0, 0x05, 0xc3, 0x90, 0x80}) {
    EXPECT_EQ(with(2, {wrong}), "field 2: not a UTF-8 text");
  }
  EXPECT_EQ(with(2, {0xa1, 0xff}), "field 2: not a UTF-8 text");
  EXPECT_EQ(with(2, {0xc4, 0x01, 'a'}), "field 2: not a UTF-8 text");  // binary
  for (const auto key : {3, 4, 5, 6, 11}) {
    const auto expected = "field " + std::to_string(key) + ": not a number in range";
    EXPECT_EQ(with(key, {0xc0}), expected);
    EXPECT_EQ(with(key, {0xa0}), expected);
    EXPECT_EQ(with(key, {0xca, 0, 0, 0, 0}), expected);  // a float
  }
  EXPECT_EQ(with(7, {0xa0}), "field 7: not a time");
  EXPECT_EQ(with(8, {0xc2}), "field 8: not a time");
  EXPECT_EQ(with(9, {0xc4, 0x02, 1, 2}), "field 9: not 16 bytes");
  EXPECT_EQ(with(10, {0xa4, 1, 2, 3, 4}), "field 10: not 4 bytes");
  EXPECT_EQ(with(12, {0x09}), "field 12: not a known value");
  EXPECT_EQ(with(12, {0xa0}), "field 12: not a known value");
  EXPECT_EQ(with(13, {0x80}), "field 13: not an array");
  EXPECT_EQ(with(13, {0x91, 0x05}), "field 13: not a map");
  EXPECT_EQ(with(14, {0x91, 0x05}), "field 14: not a map");
  EXPECT_EQ(with(15, {0xc0}), "field 15: not a map");
  EXPECT_EQ(with(15, {0x81, 0x02, 0xa0}), "field 15: field 2: not a number in range");
}

TEST(Packed, ANumberThatDoesNotFitIsRefused) {
  EXPECT_EQ(error_of(bytes({0x81, 0x04, 0xcf, 0, 0, 0, 1, 0, 0, 0, 0})),
            "field 4: not a number in range");
  EXPECT_EQ(error_of(bytes({0x81, 0x03, 0xff})), "field 3: not a number in range");
  EXPECT_EQ(error_of(bytes({0x81, 0x05, 0xce, 0x80, 0, 0, 0})), "field 5: not a number in range");
  EXPECT_EQ(error_of(bytes({0x81, 0x06, 0xcf, 0x80, 0, 0, 0, 0, 0, 0, 0})),
            "field 6: not a number in range");
  EXPECT_EQ(error_of(bytes({0x81, 0x07, 0xcf, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})),
            "field 7: not a time");
}

// ---- limits

TEST(Packed, WhatIsNotOneWholeMapIsRefused) {
  EXPECT_EQ(error_of(""), "not well-formed MessagePack");
  EXPECT_EQ(error_of(bytes({0x90})), "not a map");
  EXPECT_EQ(error_of(bytes({0xc1})), "not well-formed MessagePack");  // a byte without meaning
  EXPECT_EQ(error_of(bytes({0x80, 0x80})), "1 bytes too many after the message");
}

TEST(Packed, TooManyBytesAreRefusedUnread) {
  EXPECT_EQ(error_of(std::string(64 * 1024 + 1, '\x80')), "65537 bytes, at most 65536 are allowed");
}

TEST(Packed, AMillionNestedArraysAreRefused) {
  const Limits generous{.bytes_max = 2'000'000, .depth_max = 8, .entries_max = 1024};
  const auto deep = Document::parse(std::string(1'000'000, '\x91'), generous);
  EXPECT_EQ(deep.error(), (Error{ErrorCode::invalid, "nested deeper than 8"}));
}

TEST(Packed, DepthIsCountedFromTheOutermostValue) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '\x91') + '\xc0'; };
  const Limits limits{.bytes_max = 100, .depth_max = 3, .entries_max = 10};
  EXPECT_TRUE(Document::parse(nested(3), limits).has_value());
  EXPECT_FALSE(Document::parse(nested(4), limits).has_value());
}

TEST(Packed, FiveBytesThatPromiseEightGigabytesAreRefused) {
  const std::string expected = "more than 1024 entries in one map or array";
  EXPECT_EQ(error_of(bytes({0xdd, 0x0f, 0xff, 0xff, 0xff})), expected);  // an array
  EXPECT_EQ(error_of(bytes({0xdf, 0xff, 0xff, 0xff, 0xff})), expected);  // a map
  EXPECT_EQ(error_of(bytes({0xdd, 0x00, 0x00, 0x04, 0x01})), expected);  // 1025 entries
  EXPECT_EQ(error_of(bytes({0xdb, 0xff, 0xff, 0xff, 0xff})), "not well-formed MessagePack");
  EXPECT_EQ(error_of(bytes({0xc6, 0xff, 0xff, 0xff, 0xff})), "not well-formed MessagePack");
}

TEST(Packed, AnExtensionIsRefused) {
  EXPECT_EQ(error_of(bytes({0x81, 0x01, 0xd4, 0x01, 0x00})), "extension types are not used here");
}

TEST(PackedDeathTest, ReadingOutsideAnArrayIsABug) {
  const auto document = Document::parse(bytes({0x91, 0x01}), {});
  EXPECT_DEATH((void)document->root().at(1), "an array is read inside its bounds");
}

}  // namespace
}  // namespace vaultbell::pack
