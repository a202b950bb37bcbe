// aggregator.toml: what it may say, and how every mistake in it is named.
#include "aggregator/configuration.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "shared/domain/zone.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::aggregator {
namespace {

using Lines = std::vector<std::string>;

constexpr Duration kDay = std::chrono::hours(24);

Loaded parse(std::string_view text) {
  return parse_configuration("a.toml", text);
}

class Configuration : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_TRUE(load_zones()); }
};

TEST_F(Configuration, AnEmptyFileIsGoodAndGivesTheDefaults) {
  const auto loaded = parse("");
  EXPECT_EQ(loaded.mistakes, Lines{});
  const auto& settings = loaded.configuration.settings;
  EXPECT_EQ(settings.timing.heartbeat_every, std::chrono::seconds(30));
  EXPECT_EQ(settings.timing.disconnect_after, std::chrono::seconds(90));
  EXPECT_EQ(settings.timing.offline_grace, std::chrono::hours(1));
  EXPECT_EQ(settings.notify_after, std::chrono::hours(1));
  EXPECT_EQ(settings.retry, core::RetrySettings{});
  EXPECT_EQ(loaded.configuration.state_dir, "/var/lib/vaultbell");
  EXPECT_EQ(loaded.configuration.conf_dir, "conf.d");
}

constexpr auto kEveryKey = R"(
state_dir = "/srv/vaultbell"
conf_dir = "/srv/objects"
[control]
socket = "/srv/vaultbell/control.sock"
[account]
name = "Example Ltd"
owners = ["ops@example.org", "boss@example.org"]
[agents]
listen = "tcp://127.0.0.1:9481"
public_endpoint = "tcp://vault.example.org:9481"
heartbeat_every = "10s"
disconnect_after = "45s"
offline_grace = "2h"
[enrolment]
listen = ""
public_endpoint = "tcp://vault.example.org:9482"
approve = true
[alerts]
notify_after = "10m"
off_silences_destructive = true
anomalies = false
outage_share_percent = 70
outage_window = "3m"
digest_minute = 10
daily_digest_at = "07:30"
daily_digest_zone = "Europe/Berlin"
[notify_after]
test = "0"
backup_failed = "5m"
[limits]
email = []
mobile = ["2/1m", "20/24h"]
webhook = ["30/1h"]
[retention]
runs = "30d"
alerts = "40d"
notifications = "50d"
audit = "60d"
[smtp]
url = "smtps://mail.example.org:465"
from = "Vaultbell <vaultbell@example.org>"
tls = "opportunistic"
user = ""
timeout = "20s"
[web]
listen = "[::1]:9000"
url = "https://vaultbell.example.org"
[webhook]
allow = ["10.0.0.0/8", "::1"]
ca_file = "/etc/ssl/openssl.cnf"
timeout = "5s"
[templates]
folder = ""
[delivery]
retry_first = "5s"
retry_longest = "10m"
give_up_after = "48h"
workers = 3
[log]
level = "debug"
)";

TEST_F(Configuration, EveryKeyIsRead) {
  const auto loaded = parse(kEveryKey);
  EXPECT_EQ(loaded.mistakes, Lines{});
  const auto& c = loaded.configuration;
  EXPECT_EQ(c.state_dir, "/srv/vaultbell");
  EXPECT_EQ(c.conf_dir, "/srv/objects");
  EXPECT_EQ(c.control_socket, "/srv/vaultbell/control.sock");
  EXPECT_EQ(c.settings.account_name, "Example Ltd");
  EXPECT_EQ(c.settings.owners, (Lines{"ops@example.org", "boss@example.org"}));
  EXPECT_EQ(c.agents_listen, "tcp://127.0.0.1:9481");
  EXPECT_EQ(c.agents_public_endpoint, "tcp://vault.example.org:9481");
  EXPECT_EQ(c.enrolment_listen, "");
  EXPECT_EQ(c.enrolment_public_endpoint, "tcp://vault.example.org:9482");
  EXPECT_TRUE(c.settings.does_approve);
  EXPECT_EQ(c.settings.timing.offline_grace, std::chrono::hours(2));
  EXPECT_EQ(c.delivery.mail.url, "smtps://mail.example.org:465");
  EXPECT_EQ(c.delivery.mail.tls, notify::TlsMode::opportunistic);
  EXPECT_EQ(c.delivery.mail.timeout, std::chrono::seconds(20));
  EXPECT_EQ(c.delivery.workers, 3U);
  EXPECT_EQ(c.delivery.webhook.allow,
            (std::vector<notify::IpRange>{notify::parse_ip_range("10.0.0.0/8").value(),
                                          notify::parse_ip_range("::1").value()}));
  EXPECT_EQ(to_text(*c.web.listen), "[::1]:9000");
  EXPECT_EQ(c.web.url, "https://vaultbell.example.org");
  EXPECT_EQ(c.delivery.webhook.ca_file, "/etc/ssl/openssl.cnf");
  EXPECT_EQ(c.delivery.webhook.timeout, std::chrono::seconds(5));
  EXPECT_EQ(c.settings.retry.give_up_after, std::chrono::hours(48));
  EXPECT_EQ(c.log_level, log::Level::debug);
}

TEST_F(Configuration, EveryKeyOfAlertingIsRead) {
  const auto settings = parse(kEveryKey).configuration.settings;
  EXPECT_EQ(settings.notify_after, std::chrono::minutes(10));
  EXPECT_TRUE(settings.off_silences_destructive);
  EXPECT_FALSE(settings.has_bands);
  EXPECT_EQ(settings.outage_share_percent, 70);
  EXPECT_EQ(settings.outage_window, std::chrono::minutes(3));
  EXPECT_EQ(settings.digest_minute, 10);
  EXPECT_EQ(settings.daily_digest_at, std::chrono::minutes(450));
  EXPECT_EQ(settings.daily_digest_zone, "Europe/Berlin");
  EXPECT_EQ(settings.notify_after_by_kind,
            (std::vector<core::KindHold>{{core::AlertKind::backup_failed, std::chrono::minutes(5)},
                                         {core::AlertKind::test, Duration::zero()}}));
  EXPECT_EQ(settings.email.limits, std::vector<core::SendLimit>{});
  EXPECT_EQ(settings.mobile.limits,
            (std::vector<core::SendLimit>{{2, std::chrono::minutes(1)}, {20, kDay}}));
  EXPECT_EQ(settings.webhook.limits, (std::vector<core::SendLimit>{{30, std::chrono::hours(1)}}));
  EXPECT_EQ(settings.retention,
            (core::RetentionSettings{30 * kDay, 40 * kDay, 50 * kDay, 60 * kDay}));
}

// R9.5
TEST_F(Configuration, AllMistakesAreNamedAtOnceWithTheirPlace) {
  const auto loaded = parse(R"(stat_dir = "/srv"
[agents]
heartbeat_every = "90x"
disconect_after = "5m"
listen = "8481"
[alerts]
notify_after = 60
[smpt]
url = "smtp://mail"
)");
  EXPECT_EQ(
      loaded.mistakes,
      (Lines{
          R"(a.toml:1:1: unknown key "stat_dir"; did you mean "state_dir"?)",
          R"(a.toml:3:19: heartbeat_every in [agents]: "90x" is not a duration (examples: "45m", "26h"))",
          R"(a.toml:4:1: unknown key "disconect_after" in [agents]; did you mean "disconnect_after"?)",
          R"(a.toml:5:10: listen in [agents]: "8481" is not an endpoint (example: "tcp://*:8481"))",
          R"(a.toml:7:16: notify_after in [alerts]: not a text (write it in quotes))",
          R"(a.toml:8:2: unknown section "smpt"; did you mean "smtp"?)",
      }));
}

TEST_F(Configuration, WrongValuesOfAlertingAreNamedWithTheirPlace) {
  EXPECT_EQ(
      parse(R"([alerts]
daily_digest_at = "8:00"
daily_digest_zone = "Europe/Berln"
outage_share_percent = 0
[notify_after]
backup_faild = "5m"
test = "31d"
[limits]
email = ["60"]
mobile = ["0/1h"]
[retention]
runs = "1h"
)")
          .mistakes,
      (Lines{
          R"(a.toml:2:19: daily_digest_at in [alerts]: "8:00" is not a time of day (examples: "07:00", "22:30"))",
          R"(a.toml:3:21: daily_digest_zone in [alerts]: unknown time zone "Europe/Berln"; did you mean "Europe/Berlin"?)",
          R"(a.toml:4:24: outage_share_percent in [alerts]: 0 is outside 1 to 100)",
          R"(a.toml:6:1: unknown key "backup_faild" in [notify_after]; did you mean "backup_failed"?)",
          R"(a.toml:7:8: test in [notify_after]: "31d" is outside 0s to 30d)",
          R"(a.toml:9:10: email in [limits]: "60" is not a limit: there is no "/" (example: "60/1h"))",
          R"(a.toml:10:11: mobile in [limits]: "0/1h" is not a limit: the number of messages is not within 1 to 1000 (example: "60/1h"))",
          R"(a.toml:12:8: runs in [retention]: "1h" is outside 1d to 36500d)",
      }));
  EXPECT_EQ(
      parse("[limits]\nemail = [\"1/30s\"]\nmobile = [\"1/x\"]\n").mistakes,
      (Lines{
          R"(a.toml:2:10: email in [limits]: "1/30s" is not a limit: the time is outside 1m to 1d (example: "60/1h"))",
          R"(a.toml:3:11: mobile in [limits]: "1/x" is not a limit: "x" is not a duration (examples: "45m", "26h") (example: "60/1h"))"}));
}

// R7.8
TEST_F(Configuration, WhereWebhooksAndLinksLeadIsChecked) {
  EXPECT_EQ(
      parse("[web]\nurl = \"https://example.org\"\n").configuration.delivery.webhook.public_url,
      "https://example.org");
  for (const auto* url : {"example.org", "https://example.org/", "https://me:pw@example.org",
                          "ftp://example.org", "https://example.org/a|b"}) {
    EXPECT_EQ(parse(std::string("[web]\nurl = \"") + url + "\"\n").mistakes,
              (Lines{std::string("a.toml:2:7: url in [web]: \"") + url +
                     "\" is not the address of a host as a browser shows it, without a path "
                     "(example: \"https://vaultbell.example.org\")"}));
  }
  EXPECT_EQ(
      parse("[webhook]\nallow = [\"10.0.0.1/8\"]\n").mistakes,
      (Lines{
          R"(a.toml:2:10: allow in [webhook]: "10.0.0.1/8" is not a network: its address is not the first of it (example: "10.0.0.0/8"))"}));
}

TEST_F(Configuration, TimesThatWouldMakeFalseAlertsAreRefused) {
  const auto loaded = parse("[agents]\nheartbeat_every = \"60s\"\n");
  EXPECT_EQ(loaded.mistakes,
            (Lines{"a.toml:1:1: disconnect_after in [agents]: disconnect_after is shorter than two "
                   "heartbeats (2m): one late heartbeat would be a false alert"}));
}

TEST_F(Configuration, WhatHostsAreToldMustBeAnAddress) {
  const auto loaded = parse(R"([agents]
public_endpoint = "tcp://*:8481"
[enrolment]
public_endpoint = "tcp://vaultbell.example.org:*"
)");
  EXPECT_EQ(
      loaded.mistakes,
      (Lines{R"(a.toml:2:19: public_endpoint in [agents]: "tcp://*:8481" is no address that )"
             "hosts can connect to",
             R"(a.toml:4:19: public_endpoint in [enrolment]: "tcp://vaultbell.example.org:*" )"
             "names no port"}));
}

TEST_F(Configuration, AMissingHalfIsNamed) {
  EXPECT_EQ(parse("[smtp]\nurl = \"smtp://mail:25\"\n").mistakes,
            (Lines{"a.toml:1:1: from in [smtp]: is needed beside url (example: \"Vaultbell "
                   "<vaultbell@example.org>\")"}));
  EXPECT_EQ(parse("[smtp]\nuser = \"me\"\n").mistakes,
            (Lines{"a.toml:1:1: password_file in [smtp]: is needed beside user"}));
}

TEST_F(Configuration, AnOwnerMustBeAnAddress) {
  const auto loaded =
      parse("[account]\nowners = [\"ops@example.org\", \"ops@example.org\\nBcc: x\"]\n");
  ASSERT_EQ(loaded.mistakes.size(), 1U);
  EXPECT_TRUE(loaded.mistakes[0].starts_with("a.toml:2:30: owners in [account]: "))
      << loaded.mistakes[0];
}

TEST_F(Configuration, AFileThatIsNotThereIsAMistakeAndNotADefault) {
  const auto loaded = load_configuration("/no-such-folder/aggregator.toml");
  EXPECT_EQ(loaded.mistakes, (Lines{"/no-such-folder/aggregator.toml: cannot read "
                                    "/no-such-folder/aggregator.toml: No such file or directory"}));
}

TEST_F(Configuration, APasswordIsReadFromItsFileBesideTheConfiguration) {
  const support::TemporaryFolder folder;
  const auto path = folder.path() / "aggregator.toml";
  std::ofstream(path) << "[smtp]\nurl = \"smtp://mail.example.org:587\"\nfrom = \"v@example.org\"\n"
                         "user = \"v\"\npassword_file = \"secret\"\n";
  const auto secret = folder.path() / "secret";
  std::ofstream(secret) << "s3cret\n";
  std::filesystem::permissions(secret, std::filesystem::perms::owner_read);
  const auto loaded = load_configuration(path);
  EXPECT_EQ(loaded.mistakes, Lines{});
  EXPECT_EQ(loaded.configuration.delivery.mail.password, "s3cret");
}

TEST_F(Configuration, APasswordThatOthersCanReadIsRefused) {
  const support::TemporaryFolder folder;
  const auto path = folder.path() / "aggregator.toml";
  std::ofstream(path) << "[smtp]\npassword_file = \"secret\"\n";
  const auto secret = folder.path() / "secret";
  std::ofstream(secret) << "s3cret\n";
  std::filesystem::permissions(secret, std::filesystem::perms(0644));
  EXPECT_EQ(
      load_configuration(path).mistakes,
      (Lines{path.string() + ":2:17: password_file in [smtp]: " + secret.string() +
             " can be read by others (mode 0644); make it private: chmod 600 " + secret.string()}));
}

TEST_F(Configuration, EveryKeyOfTheGatewayIsRead) {
  const auto loaded = parse(R"([sms]
url = "http://sms.example.org/{{id}}"
method = "PUT"
headers = ["X-To: {{to}}", "Accept: text/plain"]
body = "{{text}}"
encode = "none"
expect_status = ["200", "202-204"]
user = ""
allow_plain_http = true
timeout = "10s"
)");
  EXPECT_EQ(loaded.mistakes, Lines{});
  EXPECT_EQ(loaded.configuration.delivery.sms,
            (notify::SmsSettings{.url = "http://sms.example.org/{{id}}",
                                 .method = notify::HttpMethod::put,
                                 .headers = {"X-To: {{to}}", "Accept: text/plain"},
                                 .body = "{{text}}",
                                 .encode = notify::BodyEncoding::none,
                                 .expect_status = {{200, 200}, {202, 204}},
                                 .allow_plain_http = true,
                                 .timeout = std::chrono::seconds(10)}));
}

TEST_F(Configuration, WithoutASectionNoSmsCanBeSent) {
  EXPECT_EQ(parse("").configuration.delivery.sms, notify::SmsSettings());
  EXPECT_EQ(parse("[sms]\n").mistakes, Lines{});
}

TEST_F(Configuration, EachWrongValueOfTheGatewayIsNamedWithItsPlace) {
  const auto loaded = parse(R"([sms]
url = "sms.example.org"
method = "post"
headers = ["Accept: x", "Accept"]
body = '''
{"to": "{{to}}",
 "text": "{{txt}}"}'''
encode = "xml"
expect_status = ["200", "2xx"]
allow_plain_http = "yes"
timeout = "1h"
)");
  const Lines expected = {
      R"(url in [sms]: "sms.example.org" is not the URL of a gateway: it begins with neither "https://" nor "http://" (example: "https://sms.example.org/send"))",
      R"(method in [sms]: unknown value "post"; did you mean "POST"?)",
      R"(headers in [sms]: "Accept" is not a header: there is no ":" (example: "Authorization: Bearer {{secret}}"))",
      R"(body in [sms]: line 2: unknown name "txt"; did you mean "text"?)",
      R"(encode in [sms]: unknown value "xml" (one of: json form none))",
      R"(expect_status in [sms]: "2xx" is no status of an answer and no range of them, within 200 to 599 (examples: "202", "200-299"))",
      R"(allow_plain_http in [sms]: neither true nor false)",
      R"(timeout in [sms]: "1h" is outside 1s to 5m)"};
  const Lines places = {"2:7", "3:10", "4:25", "5:8", "8:10", "9:25", "10:20", "11:11"};
  ASSERT_EQ(loaded.mistakes.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(loaded.mistakes[i], "a.toml:" + places[i] + ": " + expected[i]);
  }
}

TEST_F(Configuration, WhatTheGatewayIsToldMustBeWhole) {
  EXPECT_EQ(
      parse("[sms]\nurl = \"https://sms.example.org/?to={{to}}\"\n").mistakes,
      Lines{"a.toml:1:1: [sms]: {{text}} stands neither in url, nor in headers, nor in body"});
  EXPECT_EQ(parse("[sms]\nbody = \"{{text}}{{to}}\"\n").mistakes,
            Lines{"a.toml:1:1: url in [sms]: is needed beside the other keys (example: "
                  "\"https://sms.example.org/send\")"});
}

TEST_F(Configuration, SecretAndPasswordOfTheGatewayAreReadFromTheirFiles) {
  const support::TemporaryFolder folder;
  const auto path = folder / "aggregator.toml";
  std::ofstream(path) << "[sms]\nurl = \"https://sms.example.org/{{secret}}\"\n"
                         "body = \"{{to}}{{text}}\"\nsecret_file = \"secret\"\nuser = \"me\"\n"
                         "password_file = \"password\"\n";
  for (const auto* name : {"secret", "password"}) {
    std::ofstream(folder / name) << "the " << name << "\n";
    std::filesystem::permissions(folder / name, std::filesystem::perms(0600));
  }
  const auto loaded = load_configuration(path);
  EXPECT_EQ(loaded.mistakes, Lines{});
  EXPECT_EQ(loaded.configuration.delivery.sms.secret, "the secret");
  EXPECT_EQ(loaded.configuration.delivery.sms.password, "the password");
}

// It could end a header and begin another.
TEST_F(Configuration, ASecretOfTwoLinesIsRefusedAndNotShown) {
  const support::TemporaryFolder folder;
  std::ofstream(folder / "secret") << "one\ntwo\n";
  std::filesystem::permissions(folder / "secret", std::filesystem::perms(0600));
  const auto loaded = parse_configuration(folder / "a.toml", "[sms]\nsecret_file = \"secret\"\n");
  EXPECT_EQ(
      loaded.mistakes,
      Lines{(folder / "a.toml").string() +
            ":2:15: secret_file in [sms]: the secret must be one line of UTF-8 without control "
            "characters"});
}

TEST_F(Configuration, ASecretThatIsNotThereIsNamed) {
  EXPECT_EQ(
      parse("[sms]\nsecret_file = \"/no-such-folder\"\npassword_file = \"/nothing\"\n").mistakes,
      (Lines{"a.toml:2:15: secret_file in [sms]: cannot read /no-such-folder: No such file or "
             "directory",
             "a.toml:3:17: password_file in [sms]: cannot read /nothing: No such file or "
             "directory"}));
}

TEST_F(Configuration, TheWatchdogIsRead) {
  const auto loaded = parse(R"([watchdog]
urls = ["https://hc-ping.com/1", "https://hc-ping.com/2"]
every = "30s"
timeout = "5s"
)");
  EXPECT_EQ(loaded.mistakes, Lines{});
  EXPECT_EQ(loaded.configuration.pings,
            (watchdog::PingSettings{{"https://hc-ping.com/1", "https://hc-ping.com/2"},
                                    std::chrono::seconds(30),
                                    std::chrono::seconds(5)}));
  EXPECT_EQ(parse("").configuration.pings, watchdog::PingSettings());
}

TEST_F(Configuration, WrongUrlsOfTheWatchdogAreNamedAndNotRepeated) {
  EXPECT_EQ(parse("[watchdog]\nurls = [\"https://hc-ping.com/1\", \"hc-ping.com/2\"]\n"
                  "every = \"0s\"\ntimeout = \"2m\"\n")
                .mistakes,
            (Lines{"a.toml:2:34: urls in [watchdog]: not a URL to ping: it begins with neither "
                   "\"https://\" nor \"http://\" (example: \"https://hc-ping.com/UUID\")",
                   "a.toml:3:9: every in [watchdog]: \"0s\" is outside 1s to 1h",
                   "a.toml:4:11: timeout in [watchdog]: \"2m\" is outside 1s to 1m"}));
}

TEST_F(Configuration, OnlySoManyUrlsArePinged) {
  std::string urls;
  for (int i = 0; i < 9; ++i) urls += "\"https://hc-ping.com/\",";
  EXPECT_EQ(parse("[watchdog]\nurls = [" + urls + "]\n").mistakes,
            Lines{"a.toml:2:8: urls in [watchdog]: 9 urls, at most 8 are allowed"});
}

TEST_F(Configuration, TemplatesAreReadFromTheirFolderBesideTheConfiguration) {
  const support::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "templates");
  std::ofstream(folder / "templates" / "sms.mustache") << "{{client}}";
  const auto loaded =
      parse_configuration(folder / "aggregator.toml", "[templates]\nfolder = \"templates\"\n");
  EXPECT_EQ(loaded.mistakes, Lines{});
  EXPECT_EQ(loaded.configuration.delivery.templates.sms, "{{client}}");
  EXPECT_EQ(loaded.configuration.delivery.templates.html, notify::Templates().html);
}

TEST_F(Configuration, AFolderOfTemplatesThatIsNotThereIsAMistake) {
  EXPECT_EQ(
      parse("[templates]\nfolder = \"/no-such-folder\"\n").mistakes,
      Lines{"a.toml:2:10: folder in [templates]: cannot read /no-such-folder: No such file or "
            "directory"});
}

// R7.9
TEST_F(Configuration, ABrokenTemplateIsAMistakeAmongTheOthers) {
  const support::TemporaryFolder folder;
  std::ofstream(folder / "alert.text.mustache") << "{{headline}}\n{{clinet}}\n";
  const auto loaded =
      parse("[templates]\nfolder = \"" + folder.path().string() + "\"\n[log]\nlevel = \"loud\"\n");
  EXPECT_EQ(loaded.mistakes,
            (Lines{R"(a.toml:4:9: level in [log]: unknown value "loud" (one of: debug info )"
                   "warning error)",
                   (folder / "alert.text.mustache").string() +
                       R"(:2: unknown name "clinet"; did you mean "client"?)"}));
}

TEST_F(Configuration, WithoutACertificateTheWebIsForThisHostAlone) {
  EXPECT_EQ(to_text(*parse("").configuration.web.listen), "127.0.0.1:8480");
  EXPECT_FALSE(parse("[web]\nlisten = \"\"\n").configuration.web.listen);
  EXPECT_EQ(
      parse("[web]\nlisten = \"0.0.0.0:8480\"\n").mistakes,
      (Lines{"a.toml:2:10: listen in [web]: \"0.0.0.0:8480\" is not an address of this host "
             "alone (127.0.0.1 or [::1]): others need certificate and key, or a proxy on this "
             "host that has them"}));
  EXPECT_EQ(parse("[web]\ncertificate = \"web.pem\"\n").mistakes.size(), 1U);
  EXPECT_EQ(parse("[web]\ncertificate = \"no.pem\"\nkey = \"no.key\"\n").mistakes.size(), 1U);
}

}  // namespace
}  // namespace vaultbell::aggregator
