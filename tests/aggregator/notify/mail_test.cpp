#include "aggregator/notify/mail.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/aggregator/notify/deliveries.hpp"
#include "tests/support/golden_file.hpp"

namespace vaultbell::notify {
namespace {

using core::AlertKind;
using core::InactiveReason;
using core::NotificationEvent;
using support::at;
using support::delivery_of;
using support::facts_of;

MailSettings settings() {
  return {.url = "smtp://mail.example.org", .from = "Vaultbell <vaultbell@example.org>"};
}

// The value of a header as it stands in the mail; "(none)" if there is none.
std::string header(const Mail& mail, const std::string& name) {
  const auto found = std::ranges::find_if(
      mail.headers, [&](const std::string& line) { return line.starts_with(name + ": "); });
  return found == mail.headers.end() ? "(none)" : found->substr(name.size() + 2);
}

core::Run run_with(const std::string& output) {
  core::Run run{.id = {99}, .client = {2}, .job = {3}};
  run.report.exit_code = 1;
  run.report.output = output;
  return run;
}

std::string message_of(AlertKind kind) {
  if (kind == AlertKind::client_disconnected) return "no heartbeat since 2026-03-01T02:18:30Z";
  if (kind == AlertKind::spool_full) return "the agent's spool is full: it refuses new reports";
  if (support::about(kind) != support::About::job) return "what is known of it";
  return kind == AlertKind::backup_failed ? "disk full" : "what the tool said";
}

wording::AlertFacts told_facts_of(AlertKind kind) {
  auto facts = facts_of(kind);
  facts.alert.message = message_of(kind);
  if (!facts.alert.job.is_set()) return facts;
  facts.run = run_with("repository opened\nwriting\rwriting 50 %\nno space left on device\n");
  facts.last_good_at = at("2026-02-28T02:15:00Z");
  return facts;
}

InactiveReason usual_end_of(AlertKind kind) {
  if (kind == AlertKind::client_disconnected) return InactiveReason::recovered_by_connection;
  if (kind == AlertKind::spool_full) return InactiveReason::recovered_by_space;
  if (kind == AlertKind::delivery_failing) return InactiveReason::recovered_by_delivery;
  if (support::about(kind) != support::About::job) return InactiveReason::condition_over;
  return InactiveReason::recovered_by_run;
}

Delivery told(AlertKind kind, NotificationEvent event) {
  auto delivery = delivery_of(told_facts_of(kind), event);
  if (event == NotificationEvent::recovered) {
    delivery.facts.alert.inactivation = {.reason = usual_end_of(kind), .at = delivery.now};
  }
  return delivery;
}

Mail failed_backup() {
  return compose(told(AlertKind::backup_failed, NotificationEvent::raised), settings(), {});
}

std::vector<AlertKind> every_kind() {
  std::vector<AlertKind> kinds;
  for (const auto& [kind, text] : kEnumText<AlertKind>) kinds.push_back(kind);
  return kinds;
}

class EachMail : public testing::TestWithParam<std::tuple<AlertKind, NotificationEvent>> {};

TEST_P(EachMail, LooksAsItAlwaysDid) {
  const auto [kind, event] = GetParam();
  const auto mail = compose(told(kind, event), settings(), {});
  auto text = "Subject: " + header(mail, "Subject") + "\n\n" + mail.text;
  std::erase(text, '\r');
  support::expect_golden(
      "mail/" + std::string(to_text(kind)) + "-" + std::string(to_text(event)) + ".txt", text);
}

INSTANTIATE_TEST_SUITE_P(Mails, EachMail,
                         testing::Combine(testing::ValuesIn(every_kind()),
                                          testing::Values(NotificationEvent::raised,
                                                          NotificationEvent::recovered)),
                         [](const auto& row) {
                           return std::string(to_text(std::get<0>(row.param))) + "_" +
                                  std::string(to_text(std::get<1>(row.param)));
                         });

TEST(Mails, TheHtmlPartLooksAsItAlwaysDid) {
  for (const auto event : {NotificationEvent::raised, NotificationEvent::recovered}) {
    auto html = compose(told(AlertKind::backup_failed, event), settings(), {}).html;
    std::erase(html, '\r');
    support::expect_golden("mail/backup_failed-" + std::string(to_text(event)) + ".html", html);
  }
}

TEST(Mails, BothPartsAreWrittenWithTheTemplatesGiven) {
  const auto mail = compose(told(AlertKind::backup_failed, NotificationEvent::raised), settings(),
                            {.text = "{{client}} & {{job}}", .html = "<b>{{client}}</b> &amp;"});
  EXPECT_EQ(mail.text, "db-1 & nightly");
  EXPECT_EQ(mail.html, "<b>db-1</b> &amp;");
}

// R7.7
TEST(Mails, TheHeadersOfAnAlertAreComplete) {
  const auto mail = failed_backup();
  const std::vector<std::string> expected = {
      "Date: Sun, 01 Mar 2026 03:20:00 +0000",
      "From: \"Vaultbell\" <vaultbell@example.org>",
      "To: ops@example.org",
      "Subject: [CRITICAL] db-1: backup \"nightly\" failed (vault prod)",
      "Message-ID: <vaultbell.0f8fad5b-d9cb-469f-a165-70867728950e.42@example.org>",
      "Auto-Submitted: auto-generated",
      "X-Auto-Response-Suppress: All",
      "X-Vaultbell-Alert: 17",
      "X-Vaultbell-Kind: backup_failed",
      "X-Vaultbell-Severity: critical",
      "X-Vaultbell-Event: raised",
      "MIME-Version: 1.0"};
  auto headers = mail.headers;
  for (auto& line : headers) {
    while (line.find("\r\n") != std::string::npos) line.erase(line.find("\r\n"), 2);
  }
  EXPECT_EQ(headers, expected);
  EXPECT_EQ(mail.from, "vaultbell@example.org");
  EXPECT_EQ(mail.to, "ops@example.org");
}

// R7.7
TEST(Mails, ARecoveryAnswersItsAlert) {
  const auto mail =
      compose(told(AlertKind::backup_failed, NotificationEvent::recovered), settings(), {});
  const auto raise = header(failed_backup(), "Message-ID");
  EXPECT_EQ(header(mail, "In-Reply-To"), raise);
  EXPECT_EQ(header(mail, "References"), raise);
  EXPECT_NE(header(mail, "Message-ID"), raise);
}

// R7.3
TEST(Mails, ARepeatHasTheSameMessageIdAndSaysThatItMayBeOne) {
  auto delivery = told(AlertKind::backup_failed, NotificationEvent::raised);
  const auto first = compose(delivery, settings(), {});
  delivery.attempt = 2;
  delivery.is_doubtful = true;
  delivery.now += std::chrono::minutes(5);
  const auto repeat = compose(delivery, settings(), {});
  EXPECT_EQ(header(first, "X-Possible-Duplicate"), "(none)");
  EXPECT_EQ(header(repeat, "X-Possible-Duplicate"), "yes");
  EXPECT_EQ(header(repeat, "Message-ID"), header(first, "Message-ID"));
  // Whether the aggregator ended meanwhile or only the answer was lost.
  EXPECT_NE(
      repeat.text.find("An earlier attempt to send this may have arrived; it carries the same "
                       "Message-ID.\r\n"),
      std::string::npos);
  EXPECT_EQ(repeat.text.find("restarted"), std::string::npos);
}

TEST(Mails, AFurtherOccurrenceIsCounted) {
  auto delivery = told(AlertKind::backup_failed, NotificationEvent::raised);
  delivery.facts.alert.occurrences = 3;
  delivery.facts.alert.last_at = at("2026-03-01T03:00:00Z");
  const auto mail = compose(delivery, settings(), {});
  EXPECT_NE(mail.text.find("Occurrences:   3, the last 2026-03-01 03:00:00 UTC\r\n"),
            std::string::npos);
}

TEST(Mails, NeverIsSaidWhereNoBackupEverSucceeded) {
  auto delivery = told(AlertKind::backup_failed, NotificationEvent::raised);
  delivery.facts.last_good_at.reset();
  EXPECT_NE(compose(delivery, settings(), {}).text.find("Last success:  never\r\n"),
            std::string::npos);
}

TEST(Mails, ASignalIsNamedBeforeAnExitCode) {
  auto delivery = told(AlertKind::backup_failed, NotificationEvent::raised);
  delivery.facts.run->report.signal = 9;
  EXPECT_NE(compose(delivery, settings(), {}).text.find("Ended with:    killed by signal 9\r\n"),
            std::string::npos);
}

// The core says it where the tool said nothing.
TEST(Mails, NothingIsSaidTwice) {
  auto delivery = told(AlertKind::backup_failed, NotificationEvent::raised);
  delivery.facts.alert.message = "exit code 1";
  const auto text = compose(delivery, settings(), {}).text;
  EXPECT_NE(text.find("Message:       exit code 1\r\n"), std::string::npos);
  EXPECT_EQ(text.find("Ended with:"), std::string::npos);
}

TEST(Mails, OnlyTheLastTwentyLinesOfTheOutputAreShown) {
  std::string output;
  for (int i = 1; i <= 30; ++i) output += "line " + std::to_string(i) + "\n";
  auto delivery = told(AlertKind::backup_failed, NotificationEvent::raised);
  delivery.facts.run = run_with(output + "\n\n");
  const auto text = compose(delivery, settings(), {}).text;
  EXPECT_EQ(text.find("line 10\r\n"), std::string::npos);
  EXPECT_NE(text.find("output:\r\n| line 11\r\n"), std::string::npos);
  EXPECT_NE(text.find("| line 30\r\n\r\nWhat to look at first:\r\n"), std::string::npos);
}

TEST(Mails, ASubjectMayHaveAnyName) {
  auto delivery = told(AlertKind::backup_failed, NotificationEvent::raised);
  delivery.facts.client = "büro-1";
  const auto mail = compose(delivery, settings(), {});
  EXPECT_TRUE(header(mail, "Subject").starts_with("=?UTF-8?B?W0NSSVRJQ0FMXSBiw7xyby0xOiBi"));
  EXPECT_NE(mail.text.find("Client:        büro-1\r\n"), std::string::npos);
}

// What an agent sends can say anything; it cannot become anything.
// R7.7
TEST(Mails, HostileTextsStayTexts) {
  const std::string hostile =
      "x\r\nBcc: victim@example.net\r\n\r\n<script>alert(1)</script>{{why}}\u202e\x1b[2J\xff";
  auto delivery = told(AlertKind::backup_failed, NotificationEvent::raised);
  delivery.facts.client = delivery.facts.job = delivery.facts.vault = hostile;
  delivery.facts.alert.message = hostile;
  delivery.facts.run = run_with(hostile + "\r\n.\r\nQUIT\r\n");
  delivery.account = hostile;
  const auto mail = compose(delivery, settings(), {});
  EXPECT_EQ(mail.to, "ops@example.org");
  EXPECT_EQ(mail.headers.size(), failed_backup().headers.size());
  for (const auto& line : mail.headers) {
    for (auto end = line.find('\n'); end != std::string::npos; end = line.find('\n', end + 1)) {
      EXPECT_EQ(line.substr(end - 1, 3), "\r\n ") << line;
    }
  }
  EXPECT_EQ(mail.html.find("<script"), std::string::npos);
  EXPECT_NE(mail.html.find("&lt;script&gt;"), std::string::npos);
  EXPECT_NE(mail.text.find("{{why}}"), std::string::npos);
  EXPECT_EQ(mail.text.find("\nBcc"), std::string::npos);
  EXPECT_EQ(mail.text.find("\n<script"), std::string::npos) << "every line of theirs is marked";
  for (const auto& part : {mail.text, mail.html}) {
    EXPECT_EQ(part.find("\u202e"), std::string::npos);
    EXPECT_EQ(part.find('\x1b'), std::string::npos);
  }
}

TEST(Mails, TheSameFactsGiveTheSameMail) {
  const auto one = failed_backup();
  const auto two = failed_backup();
  EXPECT_EQ(one.headers, two.headers);
  EXPECT_EQ(one.text, two.text);
  EXPECT_EQ(one.html, two.html);
}

TEST(MailSource, HasTheHeadersAndBothPartsBehindABoundaryThatStandsInNeither) {
  const Mail mail{.headers = {"Subject: a", "MIME-Version: 1.0"},
                  .text = "part of it\r\n",
                  .html = "<p>part=</p>\r\n"};
  EXPECT_EQ(source_of(mail),
            "Subject: a\r\nMIME-Version: 1.0\r\n"
            "Content-Type: multipart/alternative; boundary=\"part==\"\r\n\r\n"
            "--part==\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: 8bit\r\n\r\npart of it\r\n\r\n"
            "--part==\r\nContent-Type: text/html; charset=utf-8\r\n"
            "Content-Transfer-Encoding: 8bit\r\n\r\n<p>part=</p>\r\n\r\n--part==--\r\n");
}

}  // namespace
}  // namespace vaultbell::notify
