#include "aggregator/notify/conversation.hpp"

#include <gtest/gtest.h>

namespace vaultbell::notify {
namespace {

using core::AttemptResult;

// "> MAIL FROM:<a@b>" is sent, "< 250 ok" received.
Conversation after(const std::vector<std::string>& lines, const std::string& password = "s3cret") {
  Conversation conversation(password);
  for (const auto& line : lines) {
    const auto text = line.substr(2) + "\r\n";
    if (line.front() == '>') conversation.sent(text);
    if (line.front() == '<') conversation.received(text);
  }
  return conversation;
}

std::vector<std::string> up_to_the_recipient() {
  return {"< 220 mail.test",   "> EHLO me", "< 250-mail.test", "< 250 STARTTLS",
          "> MAIL FROM:<a@b>", "< 250 ok",  "> RCPT TO:<c@d>"};
}

std::vector<std::string> up_to_the_content() {
  auto lines = up_to_the_recipient();
  lines.insert(lines.end(), {"< 250 ok", "> DATA", "< 354 go"});
  return lines;
}

Outcome outcome_of(std::vector<std::string> lines, const std::string& last,
                   std::string_view error = "failed") {
  lines.push_back(last);
  lines.insert(lines.end(), {"> QUIT", "< 221 bye"});
  return after(lines).outcome(error);
}

TEST(Conversations, TheContentAcceptedIsDelivered) {
  EXPECT_EQ(outcome_of(up_to_the_content(), "< 250 2.0.0 queued as 7", ""),
            (Outcome{AttemptResult::delivered, "250 2.0.0 queued as 7"}));
}

TEST(Conversations, ContentWithoutAnAnswerMayHaveArrived) {
  EXPECT_EQ(after(up_to_the_content()).outcome(""),
            (Outcome{AttemptResult::unknown,
                     "the server's answer was not understood (after the content was begun: it may "
                     "have arrived)"}));
  EXPECT_EQ(outcome_of(up_to_the_content(), "< 250 queued", "timed out").result,
            AttemptResult::unknown);
}

TEST(Conversations, TheRecipientOrTheContentRefusedIsPermanent) {
  EXPECT_EQ(outcome_of(up_to_the_recipient(), "< 550 5.1.1 No such user"),
            (Outcome{AttemptResult::permanent_failure, "550 5.1.1 No such user"}));
  EXPECT_EQ(outcome_of(up_to_the_content(), "< 554 5.7.1 Rejected"),
            (Outcome{AttemptResult::permanent_failure, "554 5.7.1 Rejected"}));
}

TEST(Conversations, A4xxIsTemporaryWhateverItIsAbout) {
  for (const auto answer : {"< 421 4.3.2 closing", "< 451 4.7.1 grey", "< 452 4.2.2 full"}) {
    EXPECT_EQ(outcome_of(up_to_the_recipient(), answer).result, AttemptResult::temporary_failure);
    EXPECT_EQ(outcome_of(up_to_the_content(), answer).result, AttemptResult::temporary_failure);
  }
}

// Another address may work meanwhile (R7.4).
TEST(Conversations, A4xxMayBeAboutTheRecipientAloneUnlessTheServerGoesAway) {
  EXPECT_TRUE(outcome_of(up_to_the_recipient(), "< 451 4.7.1 grey").is_about_recipient);
  EXPECT_TRUE(outcome_of(up_to_the_content(), "< 452 4.2.2 full").is_about_recipient);
  EXPECT_FALSE(outcome_of(up_to_the_recipient(), "< 421 4.3.2 closing").is_about_recipient);
  EXPECT_FALSE(outcome_of(up_to_the_recipient(), "< 530 5.7.0 Login").is_about_recipient);
  EXPECT_FALSE(after({"< 220 hi", "> EHLO me", "< 250 ok", "> MAIL FROM:<a@b>", "< 451 later"})
                   .outcome("refused")
                   .is_about_recipient);
  EXPECT_FALSE(Conversation("").outcome("Connection refused").is_about_recipient);
}

TEST(Conversations, A5xxAboutTheServerItselfIsTemporary) {
  const std::vector<std::vector<std::string>> talks = {
      {"< 554 no service"},
      {"< 220 hi", "> EHLO me", "< 550 not you"},
      {"< 220 hi", "> EHLO me", "< 250 ok", "> STARTTLS", "< 554 no"},
      {"< 220 hi", "> EHLO me", "< 250 ok", "> AUTH PLAIN", "< 334", "> AGE=", "< 535 wrong"},
      {"< 220 hi", "> EHLO me", "< 250 ok", "> MAIL FROM:<a@b>", "< 550 not you"},
      {"> MAIL FROM:<a@b>", "< 250 ok", "> RCPT TO:<c@d>", "< 250 ok", "> DATA", "< 554 no"}};
  for (const auto& talk : talks) {
    const auto outcome = after(talk).outcome("refused");
    EXPECT_EQ(outcome.result, AttemptResult::temporary_failure) << talk.back();
    EXPECT_EQ("< " + outcome.answer, talk.back());
  }
}

// Some servers ask for the login only when they hear the recipient.
TEST(Conversations, AMissingLoginIsTemporaryEvenAtTheRecipient) {
  EXPECT_EQ(outcome_of(up_to_the_recipient(), "< 530 5.7.0 Authentication required"),
            (Outcome{AttemptResult::temporary_failure, "530 5.7.0 Authentication required"}));
}

TEST(Conversations, WithoutAnAnswerItSaysWhereItStopped) {
  EXPECT_EQ(Conversation("").outcome("Connection refused").answer,
            "Connection refused (while connecting)");
  EXPECT_EQ(after({"< 220 hi", "> EHLO me"}).outcome("timed out").answer,
            "timed out (after EHLO or STARTTLS)");
  EXPECT_EQ(after({"< 220 hi", "> EHLO me", "< 250 ok"}).outcome("STARTTLS not supported").answer,
            "STARTTLS not supported (after EHLO or STARTTLS)");
  EXPECT_EQ(after({"> AUTH PLAIN AGE="}).outcome("timed out").answer,
            "timed out (while logging in)");
  EXPECT_EQ(after({"> MAIL FROM:<a@b>"}).outcome("timed out").answer,
            "timed out (after MAIL FROM)");
  EXPECT_EQ(after(up_to_the_recipient()).outcome("timed out").answer, "timed out (after RCPT TO)");
  EXPECT_EQ(after({"> DATA"}).outcome("timed out").answer, "timed out (after DATA)");
  EXPECT_EQ(after(up_to_the_content()).outcome("timed out").answer,
            "timed out (after the content was begun: it may have arrived)");
}

TEST(Conversations, TheLinesOfAnAnswerAreJoined) {
  EXPECT_EQ(outcome_of(up_to_the_recipient(), "< 550-5.1.1 No such user").result,
            AttemptResult::temporary_failure)
      << "half an answer is none";
  auto lines = up_to_the_recipient();
  lines.emplace_back("< 550-5.1.1 No such user");
  EXPECT_EQ(outcome_of(lines, "< 550 5.1.1 here").answer, "550 5.1.1 No such user 5.1.1 here");
}

TEST(Conversations, AnAnswerIsBoundedAndHarmless) {
  const auto outcome =
      outcome_of(up_to_the_recipient(), "< 550 \x1b[31m\xff" + std::string(2000, 'x'));
  EXPECT_EQ(outcome.answer.size(), kAnswerBytesMax);
  EXPECT_EQ(outcome.answer.substr(0, 14), "550 \uFFFD[31m\uFFFD");
  EXPECT_EQ(after(up_to_the_recipient()).outcome(std::string(2000, 'x')).answer.size(),
            kAnswerBytesMax);
}

TEST(Conversations, AnAnswerThatRepeatsTheLoginIsLeftOut) {
  const std::string left_out = "535 (its text repeats the login and is left out)";
  EXPECT_EQ(after({"> AUTH PLAIN AHVzZXIAczNjcmV0", "< 535 bad: AHVzZXIAczNjcmV0"})
                .outcome("denied")
                .answer,
            left_out);
  EXPECT_EQ(after({"> AUTH LOGIN", "< 334 VXNlcg==", "> dXNlcg==", "< 334 UGFzcw==", "> czNjcmV0",
                   "< 535 bad: czNjcmV0"})
                .outcome("denied")
                .answer,
            left_out);
  EXPECT_EQ(after({"> AUTH PLAIN xxxx", "< 535 bad: s3cret"}).outcome("denied").answer, left_out);
}

// "DATA" is what base64 makes of three bytes.
TEST(Conversations, WhatIsSentToLogInIsNeverTakenForACommand) {
  EXPECT_EQ(after({"> AUTH LOGIN", "< 334", "> DATA", "< 334", "> QUIT", "< 535 wrong"})
                .outcome("denied"),
            (Outcome{AttemptResult::temporary_failure, "535 wrong"}));
}

}  // namespace
}  // namespace vaultbell::notify
