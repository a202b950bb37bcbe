// Messages to and from bytes, for ever; and what becomes of bytes that are none.
#include <functional>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "shared/pack/writer.hpp"
#include "shared/protocol/codec.hpp"
#include "tests/support/builders.hpp"
#include "tests/support/golden.hpp"

namespace vaultbell::protocol {
namespace {

using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using support::at;
using support::uuid;

// ---- golden bytes of every message

struct Golden {
  std::string name;
  std::string words;
  Message message;
};
void PrintTo(const Golden& golden, std::ostream* out) {  // found by GoogleTest
  *out << golden.name;
}

Hello ordinary_hello() {
  return {.boot = uuid(1),
          .agent_version = "1.0.0",
          .hostname = "web1.example.org",
          .os = "Debian GNU/Linux 12",
          .client_time = at("03-01 02:20"),
          .spools = {{uuid(2), 5, 7}, {uuid(3), 1, 0}}};
}

Hello hello_with_jobs() {
  auto hello = ordinary_hello();
  hello.jobs = {{"nightly",
                 {.operation = Operation::backup,
                  .schedule = Schedule{std::nullopt, "0 2 * * *", "Europe/Berlin"},
                  .max_age = Duration(93'600'000)}},
                {"files", {}}};
  return hello;
}

RunReport whole_report() {
  RunReport report = support::a_report("db").run(4).failed("disk full");
  report.reason = OutcomeReason::error;
  report.trigger = Trigger::user;
  report.started_at = at("03-01 02:00");
  report.ended_at = at("03-01 02:20");
  report.utc_offset_minutes = -90;
  report.exit_code = 3;
  report.signal = 15;
  report.statistics = {
      .bytes_read = 4096, .bytes_added = 512, .bytes_total = 1'000'000, .files = 42};
  report.tool = "restic";
  report.snapshot = "8f3a1c90";
  report.output = "Fatal: no space left on device\n";
  return report;
}

EnrolRequest ordinary_request() {
  return {.token_hash = support::token_hash(9),
          .name = "web1",
          .boot = uuid(1),
          .agent_version = "1.0.0",
          .hostname = "web1.example.org",
          .os = "Debian GNU/Linux 12"};
}

std::vector<Golden> golden_messages() {
  const SpoolAck ack{uuid(2), 7};
  return {
      {"hello",
       "A hello of an agent with two spools: reports 5 to 7 of one, none of the other.",
       {1, ordinary_hello()}},
      {"hello_with_jobs",
       "The same, and its configuration declares two jobs.",
       {1, hello_with_jobs()}},
      {"heartbeat",
       "A heartbeat of an agent whose spool of 2048 bytes is full.",
       {2, Heartbeat{at("03-01 02:20"), 2048, true}}},
      {"run_started",
       "The start of a scheduled backup of \"db\", report 5 of its spool.",
       {5, Report{uuid(2), support::a_report("db").run(4).started()}}},
      {"run_ended",
       "The end of a backup of \"db\" that failed: every field is there.",
       {6, Report{uuid(2), whole_report()}}},
      {"goodbye",
       "A goodbye because the host is being shut down.",
       {3, Goodbye{GoodbyeReason::host_shutdown}}},
      {"key_offer",
       "A client is to have another key from now on.",
       {4, KeyOffer{support::public_key(7)}}},
      {"enrol_request", "A host asks to be let in as \"web1\".", {1, ordinary_request()}},
      {"welcome",
       "The answer to a hello: \"web1\" in vault \"prod\", booked up to report 7.",
       {1, Welcome{.client = "web1",
                   .vault = "prod",
                   .timing = {30s, 90s},
                   .server_time = at("03-01 02:20"),
                   .acks = {ack}}}},
      {"timing",
       "From now on a heartbeat every 10 s, disconnected after 5 min.",
       {0, Timing{10s, 5min}}},
      {"heartbeat_ack", "The answer to a heartbeat.", {2, HeartbeatAck{at("03-01 02:20")}}},
      {"ack", "Everything up to report 7 of this spool is durable.", {0, Ack{ack}}},
      {"refusal",
       "A report came too early: send again from behind report 7.",
       {9, Refusal{RefusalCode::out_of_order, "expected report 8", ack}}},
      {"enrol_accepted",
       "The host is a client now, and connects there.",
       {1, EnrolAccepted{"web1", "prod", "tcp://vaultbell.example.org:8481"}}},
      {"enrol_pending",
       "The host waits until an administrator types this.",
       {1, EnrolPending{"vaultbell enrol approve web1"}}},
      {"key_accepted",
       "The key of this connection is the client's.",
       {4, KeyAccepted{support::public_key(7)}}},
  };
}

class GoldenMessages : public testing::TestWithParam<Golden> {};

TEST_P(GoldenMessages, AreWrittenAndReadAsInTheirFile) {
  const auto& [name, words, message] = GetParam();
  const auto bytes = support::golden("protocol/" + name, words, encode(message));
  ASSERT_TRUE(bytes.has_value()) << bytes.error().message;
  EXPECT_EQ(*bytes, encode(message)) << support::annotated(encode(message));
  EXPECT_EQ(decode(*bytes), message);
}

INSTANTIATE_TEST_SUITE_P(Protocol, GoldenMessages, testing::ValuesIn(golden_messages()),
                         [](const auto& test) { return test.param.name; });

// A file of an older form lacks the fields that came later.
TEST(OlderMessages, AHelloWithoutJobsDeclaresNone) {
  const auto bytes = support::golden(
      "protocol/hello_1",
      "A hello of an agent with two spools: reports 5 to 7 of one, none of the other.", {});
  ASSERT_TRUE(bytes.has_value()) << bytes.error().message;
  EXPECT_EQ(decode(*bytes)->body, Body(ordinary_hello()));
}

// ---- versions

// [version, type, sequence, body] with a body of the caller's.
std::string envelope(std::uint64_t version, std::uint64_t type,
                     const std::function<void(pack::Writer&)>& body) {
  pack::Writer writer;
  writer.array(4);
  writer.unsigned_integer(version);
  writer.unsigned_integer(type);
  writer.unsigned_integer(77);
  body(writer);
  return writer.take();
}
void empty_body(pack::Writer& writer) {
  writer.map(0);
}

TEST(Versions, AHelloIsReadInWhateverVersionItIsSent) {
  const auto message = decode(envelope(9, 1, [](pack::Writer& writer) {
    writer.map(4);
    writer.unsigned_integer(1);
    writer.unsigned_integer(2);  // version_min
    writer.unsigned_integer(2);
    writer.unsigned_integer(9);  // version_max
    writer.unsigned_integer(5);
    writer.text("web1");
    writer.unsigned_integer(99);  // of a later version
    writer.array(0);
  }));
  ASSERT_TRUE(message.has_value());
  const auto& hello = std::get<Hello>(message->body);
  EXPECT_EQ(hello.hostname, "web1");
  EXPECT_EQ(hello.version_min, 2U);
  EXPECT_EQ(common_version(hello), 0U);
}

TEST(Versions, AnyOtherMessageOfAnUnknownVersionIsAnsweredSo) {
  for (const auto version : {0U, 2U, 255U}) {
    EXPECT_EQ(
        decode(envelope(version, 2, empty_body)).error(),
        (Unreadable{RefusalCode::version_unsupported, 77,
                    "protocol version " + std::to_string(version) + ": this side speaks 1 to 1"}));
  }
}

TEST(Versions, TheHighestThatBothSpeakIsTaken) {
  const auto common = [](std::uint32_t least, std::uint32_t most) {
    return common_version({.version_min = least, .version_max = most});
  };
  EXPECT_EQ(common(1, 1), 1U);
  EXPECT_EQ(common(1, 5), 1U);
  EXPECT_EQ(common(0, 1), 1U);
  EXPECT_EQ(common(2, 5), 0U);
  EXPECT_EQ(common(0, 0), 0U);
}

// ---- what is not a message

TEST(Unreadables, OfAnUnknownTypeAreAnsweredSo) {
  for (const auto type : {0U, 8U, 15U, 24U, 255U, 256U, 1'000'000U}) {
    EXPECT_EQ(
        decode(envelope(1, type, empty_body)).error(),
        (Unreadable{RefusalCode::unsupported, 77, "unknown message type " + std::to_string(type)}));
  }
}

TEST(Unreadables, ThatAreNoEnvelopeAreMalformed) {
  const Unreadable expected{RefusalCode::malformed, 0,
                            "not an array of version, type, sequence, body"};
  pack::Writer three;
  three.array(3);
  for (int i = 0; i < 3; ++i) three.unsigned_integer(1);
  pack::Writer texts;
  texts.array(4);
  for (int i = 0; i < 4; ++i) texts.text("1");
  pack::Writer map;
  map.map(0);
  for (const auto& writer : {three, texts, map})
    EXPECT_EQ(decode(writer.bytes()).error(), expected);
}

TEST(Unreadables, ThatAreNoMessagePackAreMalformed) {
  EXPECT_EQ(decode("").error(),
            (Unreadable{RefusalCode::malformed, 0, "not well-formed MessagePack"}));
  EXPECT_EQ(decode("\xc1").error().message, "not well-formed MessagePack");
  EXPECT_EQ(decode(std::string(65'537, 'x')).error().message,
            "65537 bytes, at most 65536 are allowed");
  EXPECT_EQ(decode(std::string(1000, '\x91')).error().message, "nested deeper than 6");
  EXPECT_EQ(decode("\xdd\x0f\xff\xff\xff").error().message,
            "more than 64 entries in one map or array");
}

TEST(Unreadables, WithABodyOfTheWrongShapeAreMalformedAndSayWhere) {
  EXPECT_EQ(decode(envelope(1, 2, [](pack::Writer& w) { w.text("beat"); })).error(),
            (Unreadable{RefusalCode::malformed, 77, "not a map"}));
  EXPECT_EQ(decode(envelope(1, 2,
                            [](pack::Writer& w) {
                              w.map(1);
                              w.unsigned_integer(3);
                              w.text("yes");
                            }))
                .error(),
            (Unreadable{RefusalCode::malformed, 77, "field 3: not a boolean"}));
}

// ---- what the types alone cannot promise

std::string refusal(Body body) {
  const auto message = decode(encode({5, std::move(body)}));
  if (message) return "accepted";
  EXPECT_EQ(message.error().code, RefusalCode::malformed);
  EXPECT_EQ(message.error().sequence, 5U);
  return message.error().message;
}

TEST(Borders, RefuseAReportThatCouldNotBeBooked) {
  auto report = whole_report();
  report.job = "a\nb";
  EXPECT_EQ(refusal(Report{uuid(2), report}),
            "job name \"a\nb\": has a control character or a direction mark");
}

TEST(Borders, RefuseAStartThatHasEndedAndAnEndThatIsRunning) {
  const auto with_type = [](std::uint64_t type, Outcome outcome) {
    return decode(envelope(1, type,
                           [&](pack::Writer& writer) {
                             writer.map(1);
                             writer.unsigned_integer(2);
                             writer.map(3);
                             writer.unsigned_integer(1);
                             writer.binary(std::string(16, 'r'));
                             writer.unsigned_integer(2);
                             writer.text("db");
                             writer.unsigned_integer(4);
                             writer.unsigned_integer(static_cast<std::uint64_t>(outcome));
                           }))
        .error()
        .message;
  };
  EXPECT_EQ(with_type(3, Outcome::failed), "the start of a run has an outcome");
  EXPECT_EQ(with_type(4, Outcome::running), "the end of a run says it is running");
}

TEST(Borders, RefuseAHelloWithTooManySpoolsOrRangesThatRunBackwards) {
  auto hello = ordinary_hello();
  hello.spools.assign(kSpoolsPerHelloMax, {uuid(2), 1, 0});
  EXPECT_EQ(refusal(hello), "accepted");
  hello.spools.assign(kSpoolsPerHelloMax + 1, {uuid(2), 1, 0});
  EXPECT_EQ(refusal(hello), "more than 16 spools");
  for (const auto& range :
       {SpoolRange{uuid(2), 0, 5}, SpoolRange{uuid(2), 7, 5}, SpoolRange{uuid(2), 1, UINT64_MAX}}) {
    hello.spools = {range};
    EXPECT_EQ(refusal(hello), "a spool's range runs backwards");
  }
}

TEST(Borders, RefuseAHelloWithTooManyJobsAndLetTheirSettingsPass) {
  auto hello = ordinary_hello();
  hello.jobs.assign(kAgentJobsMax, {"db", {.max_age = Duration(-1)}});
  EXPECT_EQ(refusal(hello), "accepted");
  hello.jobs.emplace_back();
  EXPECT_EQ(decode(encode({5, hello})).error().message, "more than 64 entries in one map or array");
}

TEST(Borders, RefuseTextsAboutAHostThatAreTooLongOrHaveControls) {
  const auto refused_with = [](auto member, const std::string& text) {
    auto hello = ordinary_hello();
    hello.*member = text;
    return refusal(hello);
  };
  const std::string too_long(257, 'x');
  const std::string why = ": longer than 256 bytes or with control characters";
  EXPECT_EQ(refused_with(&Hello::agent_version, too_long), "agent version" + why);
  EXPECT_EQ(refused_with(&Hello::hostname, too_long), "host name" + why);
  EXPECT_EQ(refused_with(&Hello::os, "Debian\n12"), "operating system" + why);
  EXPECT_EQ(refused_with(&Hello::os, std::string(256, 'x')), "accepted");
}

TEST(Borders, RefuseARequestForEnrolmentWithoutAProperName) {
  auto request = ordinary_request();
  request.name = "";
  EXPECT_EQ(refusal(request), "client name is empty");
  request.name = "web1";
  request.os = "\x1B[2J";
  EXPECT_EQ(refusal(request), "operating system: longer than 256 bytes or with control characters");
}

// ---- any bytes

RC_GTEST_PROP(Messages, ThatWereAlteredAreReadWithoutHarm, ()) {
  const auto messages = golden_messages();
  const auto which = *rc::gen::inRange<std::size_t>(0, messages.size());
  auto bytes = encode(messages[which].message);
  const auto times = *rc::gen::inRange(1, 4);
  for (int i = 0; i < times; ++i) {
    bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
  }
  const auto message = decode(bytes);
  if (message) RC_ASSERT(decode(encode(*message)) == *message);
}

}  // namespace
}  // namespace vaultbell::protocol
