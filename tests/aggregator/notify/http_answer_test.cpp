#include "aggregator/notify/http_answer.hpp"

#include <gtest/gtest.h>

namespace vaultbell::notify {
namespace {

using core::AttemptResult;

Outcome outcome(const HttpExchange& exchange) {
  return outcome_of(exchange, {});
}

AttemptResult result_of(int status) {
  return outcome({.was_sent = true, .status = status}).result;
}

// The answer to a gateway's text.
std::string answer(const std::string& body, const SmsSettings& settings) {
  return outcome_of({.was_sent = true, .status = 400, .body = body}, settings).answer;
}

TEST(HttpAnswers, AnExpectedStatusIsDelivered) {
  EXPECT_EQ(outcome({.was_sent = true, .status = 202, .body = "{\"id\": 7}"}),
            (Outcome{AttemptResult::delivered, "202 {\"id\": 7}"}));
  EXPECT_EQ(outcome({.was_sent = true, .status = 204}), (Outcome{AttemptResult::delivered, "204"}));
}

TEST(HttpAnswers, OnlyWhatIsExpectedIsDelivered) {
  const SmsSettings settings{.expect_status = {{201, 202}, {302, 302}}};
  const auto result = [&](int status) {
    return outcome_of({.was_sent = true, .status = status, .redirects_to = "https://x/"}, settings)
        .result;
  };
  EXPECT_EQ(result(201), AttemptResult::delivered);
  EXPECT_EQ(result(202), AttemptResult::delivered);
  EXPECT_EQ(result(302), AttemptResult::delivered);
  EXPECT_EQ(result(200), AttemptResult::temporary_failure);
  EXPECT_EQ(result(203), AttemptResult::temporary_failure);
}

// R7.4
TEST(HttpAnswers, ARefusalIsPermanent) {
  for (const int status : {400, 402, 404, 405, 406, 409, 410, 413, 415, 418, 422, 451, 499}) {
    EXPECT_EQ(result_of(status), AttemptResult::permanent_failure) << status;
  }
}

TEST(HttpAnswers, WhatAsksForAnotherTryIsTemporary) {
  for (const int status : {408, 425, 429, 500, 502, 503, 504, 599}) {
    EXPECT_EQ(result_of(status), AttemptResult::temporary_failure) << status;
  }
}

// A wrong login is about us: no recipient is given up for it.
TEST(HttpAnswers, AWrongLoginIsTemporary) {
  EXPECT_EQ(result_of(401), AttemptResult::temporary_failure);
  EXPECT_EQ(result_of(403), AttemptResult::temporary_failure);
}

TEST(HttpAnswers, ARedirectIsTemporaryAndSaysSo) {
  EXPECT_EQ(outcome({.was_sent = true,
                     .status = 301,
                     .body = "moved",
                     .redirects_to = "https://other.example.org/\r\n"}),
            (Outcome{AttemptResult::temporary_failure,
                     "301 (a redirect to https://other.example.org/, which is not followed)"}));
}

TEST(HttpAnswers, WithoutAnAnswerItSaysWhetherItMayHaveArrived) {
  EXPECT_EQ(outcome({.error = "Connection refused"}),
            (Outcome{AttemptResult::temporary_failure,
                     "Connection refused (before the request was sent)"}));
  EXPECT_EQ(outcome({.error = "Empty reply from server", .was_sent = true}),
            (Outcome{AttemptResult::unknown,
                     "Empty reply from server (after the request was sent: it may have arrived)"}));
}

TEST(HttpAnswers, AStatusCountsEvenIfTheRestIsLost) {
  EXPECT_EQ(outcome({.error = "transfer closed", .was_sent = true, .status = 200, .body = "hal"}),
            (Outcome{AttemptResult::delivered, "200 hal"}));
}

TEST(HttpAnswers, AnAnswerIsOneBoundedHarmlessLine) {
  EXPECT_EQ(answer("\n a\r\nb\t\x1b[31m\xff ", {}), "400 a  b \uFFFD[31m\uFFFD");
  EXPECT_EQ(answer(std::string(5000, 'x'), {}), "400 " + std::string(500, 'x'));
  EXPECT_EQ(outcome({.error = std::string(5000, 'x')}).answer,
            std::string(500, 'x') + " (before the request was sent)");
}

TEST(HttpAnswers, SecretAndPasswordAreBlottedOutHoweverTheyAreEncoded) {
  const SmsSettings settings{.secret = "a/b \"c\"", .user = "me", .password = "pa55word"};
  EXPECT_EQ(answer("wrong key: a/b \"c\"!", settings), "400 wrong key: ***!");
  EXPECT_EQ(answer(R"({"key":"a/b \"c\""})", settings), R"(400 {"key":"***"})");
  EXPECT_EQ(answer(R"({"key":"a\/b \"c\""})", settings), R"(400 {"key":"***"})");
  EXPECT_EQ(answer("?key=a%2Fb%20%22c%22&x", settings), "400 ?key=***&x");
  EXPECT_EQ(answer("?key=a%2fb%20%22c%22&x", settings), "400 ?key=***&x");
  EXPECT_EQ(answer("?key=a%2Fb+%22c%22&x", settings), "400 ?key=***&x");
  EXPECT_EQ(answer("<p>a/b &quot;c&quot;</p>", settings), "400 <p>***</p>");
  EXPECT_EQ(answer("Basic bWU6cGE1NXdvcmQ= is wrong", settings), "400 Basic *** is wrong");
  EXPECT_EQ(answer("pa55word, pa55word", settings), "400 ***, ***");
}

TEST(HttpAnswers, ASecretIsBlottedOutOfErrorsAndRedirectsToo) {
  const SmsSettings settings{.secret = "s3cret"};
  EXPECT_EQ(outcome_of({.error = "no route to s3cret"}, settings).answer,
            "no route to *** (before the request was sent)");
  EXPECT_EQ(outcome_of({.status = 302, .redirects_to = "https://x/s3cret"}, settings).answer,
            "302 (a redirect to https://x/***, which is not followed)");
}

TEST(HttpAnswers, NoPartOfASecretIsLeftWhereAnAnswerIsTorn) {
  const SmsSettings settings{.secret = "s3cret", .user = "c", .password = "crab"};
  EXPECT_EQ(outcome_of({.error = "lost", .status = 400, .body = "key: s3cre"}, settings).answer,
            "400 key:");
  EXPECT_EQ(outcome_of({.error = "lost", .status = 400, .body = "key: s3c"}, settings).answer,
            "400 key:")
      << "though another secret begins with its last letter";
  EXPECT_EQ(outcome_of({.status = 400, .body = "all of it is"}, settings).answer,
            "400 all of it is");
}

TEST(HttpAnswers, ASecretInTheCutIsBlottedOutBeforeItIsCut) {
  const SmsSettings settings{.secret = "s3cret"};
  EXPECT_EQ(answer(std::string(497, 'x') + "s3cret", settings),
            "400 " + std::string(497, 'x') + "***");
}

}  // namespace
}  // namespace vaultbell::notify
