#include "aggregator/notify/smtp.hpp"

#include <algorithm>
#include <sstream>

#include <gtest/gtest.h>

#include "aggregator/notify/curl_library.hpp"
#include "tests/aggregator/notify/deliveries.hpp"
#include "tests/support/smtp_server.hpp"

namespace vaultbell::notify {
namespace {

using core::AttemptResult;
using std::chrono::milliseconds;
using std::chrono::seconds;
using support::delivery_to;
using support::SmtpServer;
using support::SmtpServerOptions;
using SteadyClock = std::chrono::steady_clock;

// The library is there before the first test and until the last one is over.
const CurlLibrary kLibrary;

const SmtpServerOptions kStartTls{.tls = "starttls", .user = "vaultbell", .password = "s3cret"};

MailSettings settings_for(const SmtpServer& server, TlsMode tls = TlsMode::off) {
  return {.url = server.url(),
          .from = "Vaultbell <vaultbell@example.org>",
          .tls = tls,
          .timeout = seconds(30)};
}

MailSettings secure_settings_for(const SmtpServer& server) {
  auto settings = settings_for(server, TlsMode::required);
  settings.user = "vaultbell";
  settings.password = "s3cret";
  settings.ca_file = server.ca_file();
  return settings;
}

bool never() {
  return false;
}

Outcome send(const MailSettings& settings, const Delivery& delivery) {
  SmtpChannel channel(settings, never);
  return channel.send(compose(delivery, settings, {}));
}

Outcome send_to(const std::string& address, const MailSettings& settings) {
  return send(settings, delivery_to(address));
}

std::string header(const nlohmann::json& mail, const std::string& name) {
  for (const auto& entry : mail.at("headers")) {
    if (entry.at(0) == name) return entry.at(1);
  }
  return "(none)";
}

void expect(AttemptResult result, const Outcome& outcome, const std::string& part_of_the_answer) {
  EXPECT_EQ(outcome.result, result);
  EXPECT_NE(outcome.answer.find(part_of_the_answer), std::string::npos) << outcome.answer;
}

void expect_temporary(const Outcome& outcome, const std::string& part_of_the_answer) {
  expect(AttemptResult::temporary_failure, outcome, part_of_the_answer);
}

void expect_unknown(const Outcome& outcome) {
  expect(AttemptResult::unknown, outcome, "(after the content was begun: it may have arrived)");
}

// ---- what arrives

TEST(Smtp, AMailArrivesAsAReaderWantsIt) {
  const SmtpServer server(kStartTls);
  const auto outcome = send_to("ok@example.org", secure_settings_for(server));
  EXPECT_EQ(outcome, (Outcome{AttemptResult::delivered, "250 2.0.0 Queued"}));
  const auto mails = server.mails();
  ASSERT_EQ(mails.size(), 1U);
  const auto& mail = mails.front();
  EXPECT_EQ(mail.at("from"), "vaultbell@example.org");
  EXPECT_EQ(mail.at("to"), nlohmann::json({"ok@example.org"}));
  EXPECT_EQ(mail.at("user"), "vaultbell");
  EXPECT_EQ(mail.at("defects"), nlohmann::json::array());
  EXPECT_EQ(mail.at("types"), nlohmann::json({"multipart/alternative", "text/plain", "text/html"}));
  EXPECT_EQ(header(mail, "Subject"), "[CRITICAL] db-1: disconnected (vault prod)");
  EXPECT_EQ(header(mail, "From"), "Vaultbell <vaultbell@example.org>");
  EXPECT_EQ(header(mail, "To"), "ok@example.org");
  EXPECT_EQ(header(mail, "Auto-Submitted"), "auto-generated");
  EXPECT_TRUE(mail.at("html_tags").is_array()) << "the HTML part is well-formed";
}

TEST(Smtp, BothPartsArriveAsTheyWereWritten) {
  const SmtpServer server;
  const auto settings = settings_for(server);
  auto delivery = delivery_to("ok@example.org");
  delivery.facts.client = "büro-1 " + std::string(100, 'x');
  delivery.facts.run = core::Run{};
  delivery.facts.run->report.output = ".\n..\n.dot\n\ttab = 100 %\ntrailing \nFrom here\n日本語";
  const auto mail = compose(delivery, settings, {});
  ASSERT_EQ(send(settings, delivery).result, AttemptResult::delivered);
  const auto arrived = server.mails().at(0);
  EXPECT_EQ(arrived.at("text"), mail.text);
  EXPECT_EQ(arrived.at("html"), mail.html);
  EXPECT_EQ(header(arrived, "Subject"),
            "[CRITICAL] büro-1 " + std::string(100, 'x') + ": disconnected (vault prod)");
  EXPECT_EQ(arrived.at("defects"), nlohmann::json::array());
}

TEST(Smtp, EveryLineIsShortPlainAscii) {
  const SmtpServer server;
  auto delivery = delivery_to("ok@example.org");
  delivery.facts.alert.message = std::string(500, 'x') + "日本語";
  ASSERT_EQ(send(settings_for(server), delivery).result, AttemptResult::delivered);
  std::istringstream raw(server.mails().at(0).at("raw").get<std::string>());
  for (std::string line; std::getline(raw, line);) {
    ASSERT_TRUE(line.ends_with('\r'));
    line.pop_back();
    EXPECT_TRUE(std::ranges::all_of(line, [](char c) { return c >= 0x20 && c < 0x7F; })) << line;
    // The one header that libcurl writes by itself does not fit.
    const bool is_ours = !line.starts_with("Content-Type: multipart");
    EXPECT_LE(line.size(), is_ours ? 78U : 90U) << line;
  }
}

TEST(Smtp, ARecoveryStandsInTheThreadOfItsAlert) {
  const SmtpServer server;
  const auto settings = settings_for(server);
  auto recovery = support::delivery_of(support::facts_of(core::AlertKind::client_disconnected),
                                       core::NotificationEvent::recovered);
  ASSERT_EQ(send_to("ok@example.org", settings).result, AttemptResult::delivered);
  ASSERT_EQ(send(settings, recovery).result, AttemptResult::delivered);
  const auto mails = server.mails();
  const auto raise = header(mails.at(0), "Message-ID");
  EXPECT_EQ(raise, "<vaultbell.0f8fad5b-d9cb-469f-a165-70867728950e.42@example.org>");
  EXPECT_EQ(header(mails.at(1), "In-Reply-To"), raise);
  EXPECT_EQ(header(mails.at(1), "References"), raise);
}

TEST(Smtp, HostileTextsAddNoHeaderNoRecipientAndNoMarkup) {
  const SmtpServer server;
  const auto settings = settings_for(server);
  auto friendly = support::delivery_of(support::facts_of(core::AlertKind::backup_failed),
                                       core::NotificationEvent::raised);
  friendly.facts.run = core::Run{};
  friendly.facts.alert.message = "message";
  friendly.facts.run->report.output = "output";
  auto hostile = friendly;
  const std::string evil = "=?UTF-8?Q?=0D=0ABcc:?= \"><b>\r\nBcc: a@b\r\n.\r\nRCPT TO:<a@b>\r\n";
  hostile.facts.client = hostile.facts.vault = hostile.facts.job = evil;
  hostile.facts.alert.message = evil;
  hostile.facts.run->report.output = "</pre><script src='http://x'/>";
  ASSERT_EQ(send(settings, friendly).result, AttemptResult::delivered);
  ASSERT_EQ(send(settings, hostile).result, AttemptResult::delivered);
  const auto mails = server.mails();
  ASSERT_EQ(mails.size(), 2U);
  const auto names_of = [](const nlohmann::json& mail) {
    std::vector<std::string> names;
    for (const auto& entry : mail.at("headers")) names.push_back(entry.at(0));
    return names;
  };
  EXPECT_EQ(names_of(mails[1]), names_of(mails[0]));
  EXPECT_EQ(mails[1].at("to"), mails[0].at("to"));
  EXPECT_EQ(mails[1].at("html_tags"), mails[0].at("html_tags"));
  EXPECT_EQ(mails[1].at("defects"), nlohmann::json::array());
}

// ---- what the server refuses (R7.4)

TEST(Smtp, AnUnknownRecipientIsGivenUp) {
  const SmtpServer server;
  EXPECT_EQ(send_to("nouser@example.org", settings_for(server)),
            (Outcome{AttemptResult::permanent_failure, "550 5.1.1 No such user"}));
}

TEST(Smtp, ARefusedContentIsGivenUp) {
  const SmtpServer server;
  EXPECT_EQ(send_to("spam@example.org", settings_for(server)),
            (Outcome{AttemptResult::permanent_failure, "554 5.7.1 Message rejected"}));
}

TEST(Smtp, AnAddressThatIsNoneIsGivenUpUnsent) {
  const SmtpServer server;
  const auto outcome = send_to("ok@example.org>\r\nRCPT TO:<b@example.org", settings_for(server));
  EXPECT_EQ(outcome.result, AttemptResult::permanent_failure);
  EXPECT_TRUE(server.mails().empty());
}

TEST(Smtp, AFullMailboxMayBeEmptiedAgain) {
  const SmtpServer server;
  EXPECT_EQ(send_to("full@example.org", settings_for(server)),
            (Outcome{AttemptResult::temporary_failure, "452 4.2.2 Mailbox full", true}));
}

TEST(Smtp, AGreylistedMailIsTakenLater) {
  const SmtpServer server({.more = {"--grey", "0.3"}});
  const auto settings = settings_for(server);
  EXPECT_EQ(
      send_to("grey@example.org", settings),
      (Outcome{AttemptResult::temporary_failure, "451 4.7.1 Greylisted, try again later", true}));
  const auto deadline = SteadyClock::now() + seconds(20);
  while (send_to("grey@example.org", settings).result != AttemptResult::delivered) {
    ASSERT_LT(SteadyClock::now(), deadline);
  }
  EXPECT_EQ(server.mails().size(), 1U);
}

TEST(Smtp, AServerThatShutsDownIsTriedAgain) {
  const SmtpServer server;
  expect_temporary(send_to("busy421@example.org", settings_for(server)), "421 4.3.2 Shutting down");
}

class RefusingServer : public testing::TestWithParam<std::pair<std::string, std::string>> {};

TEST_P(RefusingServer, IsTriedAgain) {
  const auto& [where, answer] = GetParam();
  SmtpServerOptions options{.more = {"--refuse", where}};
  if (where == "starttls") options.tls = "starttls";
  const SmtpServer server(options);
  auto settings = settings_for(server, where == "starttls" ? TlsMode::required : TlsMode::off);
  EXPECT_EQ(send_to("ok@example.org", settings),
            (Outcome{AttemptResult::temporary_failure, answer}));
}

INSTANTIATE_TEST_SUITE_P(Smtp, RefusingServer,
                         testing::Values(std::pair{"greeting", "554 5.3.2 No service here"},
                                         std::pair{"ehlo", "550 5.7.1 Not from you"},
                                         std::pair{"starttls", "554 5.7.3 No TLS today"},
                                         std::pair{"mail", "550 5.7.1 Sender refused"},
                                         std::pair{"data", "554 5.5.1 No content today"}),
                         [](const auto& row) { return row.param.first; });

// ---- what the network does

TEST(Smtp, AServerThatIsNotThereIsTriedAgain) {
  MailSettings settings;
  {
    const SmtpServer server;
    settings = settings_for(server);
  }
  expect_temporary(send_to("ok@example.org", settings), "(while connecting)");
}

TEST(Smtp, AServerThatHangsIsLeftWhenTheTimeIsOver) {
  const SmtpServer server;
  auto settings = settings_for(server);
  settings.timeout = milliseconds(300);
  expect_temporary(send_to("slow@example.org", settings), "(after RCPT TO)");
}

TEST(Smtp, AConnectionLostInTheContentIsTriedAgain) {
  const SmtpServer server;
  expect_unknown(send_to("middata@example.org", settings_for(server)));
  EXPECT_TRUE(server.mails().empty());
}

// The server has the mail, and nobody can know: the repeat says who it is.
TEST(Smtp, AnAnswerThatIsLostIsTriedAgainWithTheSameMessageId) {
  const SmtpServer server;
  const auto settings = settings_for(server);
  expect_unknown(send_to("lostok@example.org", settings));
  expect_unknown(send_to("lostok@example.org", settings));
  const auto mails = server.mails();
  ASSERT_EQ(mails.size(), 2U);
  EXPECT_EQ(header(mails[0], "Message-ID"), header(mails[1], "Message-ID"));
}

// libcurl 7.88 keeps a connection on which the final answer is still to come, and would take that
// answer for the next mail's.
TEST(Smtp, AConnectionWithAnAnswerOutstandingIsNotUsedAgain) {
  const SmtpServer server;
  auto settings = settings_for(server);
  settings.timeout = seconds(2);  // enough for the mail that is answered, on a busy machine
  SmtpChannel channel(settings, never);
  expect_unknown(channel.send(compose(delivery_to("slowend@example.org"), settings, {})));
  EXPECT_EQ(channel.send(compose(delivery_to("ok@example.org"), settings, {})).result,
            AttemptResult::delivered);
  EXPECT_EQ(channel.send(compose(delivery_to("nouser@example.org"), settings, {})).result,
            AttemptResult::permanent_failure);
}

TEST(Smtp, AnAttemptCanBeAbortedWhereverItHangs) {
  const SmtpServer server;
  const auto settings = settings_for(server);
  for (const auto& [address, result] :
       {std::pair{"slow@example.org", AttemptResult::temporary_failure},
        std::pair{"slowend@example.org", AttemptResult::unknown}}) {
    const auto begin = SteadyClock::now();
    SmtpChannel channel(settings, [&] { return SteadyClock::now() > begin + milliseconds(200); });
    expect(result, channel.send(compose(delivery_to(address), settings, {})),
           "aborted: the delivery workers are stopping");
    EXPECT_LT(SteadyClock::now() - begin, seconds(15)) << address;
  }
}

// ---- TLS and the login

TEST(Smtp, SmtpsIsTlsFromTheFirstByte) {
  const SmtpServer server({.tls = "smtps", .user = "vaultbell", .password = "s3cret"});
  const auto outcome = send_to("ok@example.org", secure_settings_for(server));
  EXPECT_EQ(outcome.result, AttemptResult::delivered) << outcome.answer;
  EXPECT_EQ(server.mails().at(0).at("user"), "vaultbell");
}

TEST(Smtp, AnUnknownAuthorityIsNotTrusted) {
  for (const auto tls : {"starttls", "smtps"}) {
    const SmtpServer server({.tls = tls, .user = "vaultbell", .password = "s3cret"});
    const SmtpServer other(kStartTls);
    auto settings = secure_settings_for(server);
    settings.ca_file = other.ca_file();
    expect_temporary(send_to("ok@example.org", settings), "SSL certificate problem");
    settings.ca_file.clear();
    expect_temporary(send_to("ok@example.org", settings), "SSL certificate problem");
    EXPECT_TRUE(server.mails().empty());
  }
}

TEST(Smtp, AWrongPasswordIsAboutTheServerAndNotTold) {
  const SmtpServer server(kStartTls);
  auto settings = secure_settings_for(server);
  settings.password = "wr0ng";
  const auto outcome = send_to("ok@example.org", settings);
  EXPECT_EQ(outcome, (Outcome{AttemptResult::temporary_failure,
                              "535 5.7.8 Authentication credentials invalid"}));
}

TEST(Smtp, AServerThatWantsTlsSaysSo) {
  const SmtpServer server({.tls = "starttls"});
  expect_temporary(send_to("ok@example.org", settings_for(server, TlsMode::off)),
                   "530 Must issue a STARTTLS command first");
}

TEST(Smtp, AServerThatWantsALoginSaysSo) {
  const SmtpServer server({.user = "vaultbell", .password = "s3cret"});
  expect_temporary(send_to("ok@example.org", settings_for(server)),
                   "530 5.7.0 Authentication required");
}

TEST(Smtp, RequiredTlsThatIsNotOfferedStopsTheMail) {
  const SmtpServer server;
  expect_temporary(send_to("ok@example.org", settings_for(server, TlsMode::required)),
                   "STARTTLS not supported");
}

TEST(Smtp, OpportunisticTlsGoesWithWhatIsOffered) {
  const SmtpServer plain;
  EXPECT_EQ(send_to("ok@example.org", settings_for(plain, TlsMode::opportunistic)).result,
            AttemptResult::delivered);
  const SmtpServer secure({.tls = "starttls"});
  auto settings = settings_for(secure, TlsMode::opportunistic);
  settings.ca_file = secure.ca_file();
  EXPECT_EQ(send_to("ok@example.org", settings).result, AttemptResult::delivered);
}

TEST(Smtp, APasswordIsNotSentWithoutTlsUnlessTlsIsOff) {
  const SmtpServer server({.user = "vaultbell", .password = "s3cret"});
  auto settings = settings_for(server, TlsMode::opportunistic);
  settings.user = "vaultbell";
  settings.password = "s3cret";
  expect_temporary(send_to("ok@example.org", settings), "STARTTLS not supported");
  settings.tls = TlsMode::off;
  EXPECT_EQ(send_to("ok@example.org", settings).result, AttemptResult::delivered);
}

TEST(Smtp, AConnectionIsUsedForOneMailAfterAnother) {
  const SmtpServer server(kStartTls);
  const auto settings = secure_settings_for(server);
  SmtpChannel channel(settings, never);
  for (std::uint64_t number = 1; number <= 5; ++number) {
    const auto mail = compose(delivery_to("ok@example.org", number), settings, {});
    EXPECT_EQ(channel.send(mail).result, AttemptResult::delivered);
  }
  std::vector<int> connections;
  for (const auto& mail : server.mails()) connections.push_back(mail.at("connection"));
  EXPECT_EQ(connections, (std::vector<int>{1, 1, 1, 1, 1}));
}

}  // namespace
}  // namespace vaultbell::notify
