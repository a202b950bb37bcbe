#include "aggregator/notify/header.hpp"

#include <gtest/gtest.h>

namespace vaultbell::notify {
namespace {

TEST(Headers, PlainTextStaysAsItIs) {
  EXPECT_EQ(encoded_text(R"([CRITICAL] db-1: backup "nightly" failed (vault prod))"),
            R"([CRITICAL] db-1: backup "nightly" failed (vault prod))");
}

TEST(Headers, OtherTextBecomesEncodedWords) {
  EXPECT_EQ(encoded_text("Zürich"), "=?UTF-8?B?WsO8cmljaA==?=");
  EXPECT_EQ(encoded_text("a€"), "=?UTF-8?B?YeKCrA==?=");
}

TEST(Headers, EncodedWordsAreCutBetweenCharacters) {
  // 23 characters of 2 bytes: 22 of them fit 45 bytes.
  std::string text;
  for (int i = 0; i < 23; ++i) text += "ü";
  const auto words = encoded_text(text);
  const auto space = words.find(' ');
  ASSERT_NE(space, std::string::npos);
  EXPECT_LE(space, 75U);
  EXPECT_EQ(words.substr(space + 1), "=?UTF-8?B?w7w=?=");
}

TEST(Headers, WhatPosesAsAnEncodedWordIsEncoded) {
  EXPECT_EQ(encoded_text("=?UTF-8?B?QQ==?="), "=?UTF-8?B?PT9VVEYtOD9CP1FRPT0/PQ==?=");
}

TEST(Headers, SpacesThatFoldingWouldChangeAreEncoded) {
  EXPECT_EQ(encoded_text("a  b"), "=?UTF-8?B?YSAgYg==?=");
  EXPECT_EQ(encoded_text(" a"), "=?UTF-8?B?IGE=?=");
}

TEST(Headers, ALineEndNeverGetsThrough) {
  const auto text = encoded_text("x\r\nBcc: b@example.org");
  EXPECT_EQ(text.find_first_of("\r\n"), std::string::npos);
  const auto line = header_line("Subject", "x\r\nBcc: b@example.org");
  EXPECT_EQ(line.find_first_of("\r\n"), std::string::npos);
}

TEST(Headers, AShortLineIsNotFolded) {
  EXPECT_EQ(header_line("X-Vaultbell-Alert", "17"), "X-Vaultbell-Alert: 17");
}

TEST(Headers, ALongLineIsFoldedBeforeASpace) {
  const std::string word(30, 'w');
  EXPECT_EQ(header_line("Subject", word + " " + word + " " + word),
            "Subject: " + word + " " + word + "\r\n " + word);
}

TEST(Headers, AWordThatIsTooLongStaysWhole) {
  const std::string word(120, 'w');
  EXPECT_EQ(header_line("Subject", "a " + word + " b"), "Subject: a\r\n " + word + "\r\n b");
}

TEST(Headers, AMailboxWithoutNameIsItsAddress) {
  EXPECT_EQ(encoded_mailbox({"", "a@example.org"}), "a@example.org");
  EXPECT_EQ(encoded_mailbox({"a@example.org", "a@example.org"}), "a@example.org");
}

TEST(Headers, ANameIsQuotedOrEncoded) {
  EXPECT_EQ(encoded_mailbox({"Ops, night", "a@example.org"}), "\"Ops, night\" <a@example.org>");
  EXPECT_EQ(encoded_mailbox({"a\"b\\", "a@example.org"}), "\"a\\\"b\\\\\" <a@example.org>");
  EXPECT_EQ(encoded_mailbox({"Zürich", "a@example.org"}),
            "=?UTF-8?B?WsO8cmljaA==?= <a@example.org>");
}

}  // namespace
}  // namespace vaultbell::notify
