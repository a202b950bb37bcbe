#include <fstream>
#include <sstream>
#include <sys/socket.h>

#include "shared/crypto/join_token.hpp"
#include "shared/crypto/key_file.hpp"
#include "tests/agent/program/program.hpp"

namespace vaultbell::agent::testing {
namespace {

using protocol::EnrolAccepted;
using protocol::EnrolPending;
using protocol::EnrolRequest;
using protocol::Refusal;
using protocol::RefusalCode;

crypto::JoinToken token_for(const std::string& endpoint, const PublicKey& key) {
  return {.enrolment_endpoint = endpoint,
          .server_key = key,
          .secret = crypto::random_secret(),
          .vault = "prod",
          .expires_at = SystemClock().wall() + std::chrono::hours(1)};
}

class Enrol : public ::testing::Test {
 protected:
  Enrol() { aggregator.allow_everybody(); }

  [[nodiscard]] Words words(const Words& more = {}) const {
    return Words{"enrol"} + state.options() + Words{"--name", "db-1"} + more;
  }
  [[nodiscard]] Program::Setting with_token() const { return {.input = to_text(token) + "\n"}; }
  // Enrols, the aggregator giving this answer to every request.
  Finished enrol_and_answer(const protocol::Body& body, const Words& more = {}) {
    Program program(words(more), with_token());
    return program.wait([&] {
      aggregator.turn();
      for (; !aggregator.said.empty(); aggregator.said.pop_front()) {
        aggregator.say(aggregator.said.front().route, body);
      }
    });
  }
  [[nodiscard]] std::string fingerprint() const {
    return crypto::fingerprint(crypto::load_key(state / "key")->public_key);
  }
  [[nodiscard]] std::string greeting() const {
    return "the key of this host is " + fingerprint() + "\nasking " + aggregator.endpoint() +
           " for a place in vault \"prod\"\n";
  }

  Aggregator aggregator;
  State state;
  crypto::JoinToken token = token_for(aggregator.endpoint(), aggregator.key());
};

const EnrolAccepted kAccepted{"db-1", "prod", "tcp://127.0.0.1:8481"};
const std::string kDone =
    "this host is now client \"db-1\" of vault \"prod\"\n"
    "next: systemctl enable --now vaultbell-agent (or: vaultbell-agent serve)\n"
    "then: vaultbell-agent run --job nightly -- COMMAND...\n";

TEST_F(Enrol, AsksWithItsKeyAndTheHashOfTheToken) {
  Program program(words(), with_token());
  const auto said = aggregator.await<EnrolRequest>();
  ASSERT_TRUE(said);
  const auto& request = std::get<EnrolRequest>(said->message.body);
  EXPECT_EQ(request.token_hash, crypto::hash_of(token));
  EXPECT_EQ(request.name, "db-1");
  EXPECT_EQ(request.boot, *read_boot_id());
  EXPECT_EQ(request.agent_version, VAULTBELL_VERSION);
  EXPECT_EQ(said->key, crypto::load_key(state / "key")->public_key);
}

TEST_F(Enrol, WritesWhatItWasGivenAndSaysWhatIsNext) {
  const auto finished = enrol_and_answer(kAccepted);
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_EQ(finished.out, greeting() + kDone);
  std::ostringstream content;
  content << std::ifstream(state / "enrolment.toml").rdbuf();
  const auto text = content.str();
  const auto time = text.find("enrolled_at = \"20");
  ASSERT_NE(time, std::string::npos) << text;
  EXPECT_EQ(text.substr(0, time),
            "# Written by vaultbell-agent enrol. To enrol this host anew, remove this file first.\n"
            "client = \"db-1\"\nvault = \"prod\"\nendpoint = \"tcp://127.0.0.1:8481\"\n"
            "server_key = \"" +
                crypto::to_text(aggregator.key()) + "\"\n");
  for (const auto* name : {"key", "enrolment.toml"}) {
    EXPECT_EQ(std::filesystem::status(state / name).permissions(), std::filesystem::perms(0600));
  }
}

TEST_F(Enrol, AnEnrolledHostCanServe) {
  const EnrolAccepted accepted{"db \"1\"", "pr\\od", aggregator.endpoint()};
  ASSERT_EQ(enrol_and_answer(accepted).exit_code, 0);
  Program agent(Words{"serve"} + state.options());
  EXPECT_TRUE(agent.prints("of client \"db \"1\"\" starts"));
  EXPECT_TRUE(aggregator.await<protocol::Hello>());
}

TEST_F(Enrol, ReadsTheTokenFromAFile) {
  state.write("token", to_text(token) + "\n");
  Program program(words({"--token-file", (state / "token").string()}));
  EXPECT_TRUE(aggregator.await<EnrolRequest>());
}

TEST_F(Enrol, KeepsAKeyThatIsThere) {
  const auto before = crypto::load_or_make_key(state / "key");
  ASSERT_EQ(enrol_and_answer(kAccepted).exit_code, 0);
  EXPECT_EQ(crypto::load_key(state / "key")->public_key, before->public_key);
}

TEST_F(Enrol, AsksAgainUntilThereIsAnAnswer) {
  Program program(words(), with_token());
  ASSERT_TRUE(aggregator.await<EnrolRequest>());
  const auto again = aggregator.await<EnrolRequest>();
  ASSERT_TRUE(again);
  aggregator.say_bytes(again->route, "garbage");  // is ignored
  aggregator.say(again->route, kAccepted);
  EXPECT_EQ(program.wait([&] { aggregator.turn(); }).exit_code, 0);
}

TEST_F(Enrol, WaitsForApprovalAndTellsWhatIsToBeTypedThere) {
  Program program(words(), with_token());
  const auto said = aggregator.await<EnrolRequest>();
  ASSERT_TRUE(said);
  aggregator.say(said->route, EnrolPending{"vaultbell enrol approve db-1"});
  const std::string pending =
      "an administrator must approve this: compare the key, then run there: vaultbell enrol "
      "approve db-1\nwaiting (Ctrl-C is safe: run enrol again to go on)\n";
  ASSERT_TRUE(program.prints(pending, [&] { aggregator.turn(); }));
  aggregator.said.clear();
  const auto again = aggregator.await<EnrolRequest>();
  ASSERT_TRUE(again);
  aggregator.say(again->route, kAccepted);
  const auto finished = program.wait([&] { aggregator.turn(); });
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_EQ(finished.out, greeting() + pending + kDone);
}

TEST_F(Enrol, WaitsNoLongerThanItIsTold) {
  const auto finished = enrol_and_answer(EnrolPending{"x"}, {"--wait", "0"});
  EXPECT_EQ(finished.exit_code, 75);
  EXPECT_EQ(finished.err, "vaultbell-agent: not yet approved; run enrol again to go on\n");
  EXPECT_FALSE(std::filesystem::exists(state / "enrolment.toml"));
}

TEST_F(Enrol, SaysWhyItWasRefused) {
  const std::vector<std::pair<RefusalCode, int>> cases = {
      {RefusalCode::token_unknown, 4}, {RefusalCode::token_used, 4},
      {RefusalCode::token_expired, 4}, {RefusalCode::token_revoked, 4},
      {RefusalCode::name_taken, 6},    {RefusalCode::rejected, 6},
      {RefusalCode::busy, 75},         {RefusalCode::version_unsupported, 6},
  };
  for (const auto& [code, exit_code] : cases) {
    const auto why = "because of " + std::string(to_text(code));
    const auto finished = enrol_and_answer(Refusal{code, why, std::nullopt});
    EXPECT_EQ(finished.exit_code, exit_code) << why;
    EXPECT_EQ(finished.err, "vaultbell-agent: " + why + "\n");
    EXPECT_FALSE(std::filesystem::exists(state / "enrolment.toml"));
  }
}

TEST_F(Enrol, BelievesOnlyAnAnswerThatItCanWriteDown) {
  const auto finished = enrol_and_answer(EnrolAccepted{"db\n1", "prod", "udp://x"});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_EQ(finished.err,
            "vaultbell-agent: the aggregator's answer is no good: client \"db\n1\", vault "
            "\"prod\", endpoint \"udp://x\"\n");
}

TEST_F(Enrol, IsNotDoneTwice) {
  ASSERT_EQ(enrol_and_answer(kAccepted).exit_code, 0);
  const auto again = finish(words(), with_token());
  EXPECT_EQ(again.exit_code, 6);
  const std::string text =
      "vaultbell-agent: this host is already client \"db-1\" of vault \"prod\" "
      "since 20";
  EXPECT_TRUE(again.err.starts_with(text)) << again.err;
  EXPECT_TRUE(again.err.ends_with("; to enrol it anew, remove " +
                                  (state / "enrolment.toml").string() + " first\n"))
      << again.err;
}

TEST_F(Enrol, RefusesATokenThatIsDamagedOrNone) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "this is not a join token: it does not begin with \"vb1.\""},
      {"hello", "this is not a join token: it does not begin with \"vb1.\""},
      {to_text(token).substr(0, 60),
       "the join token is damaged: copy it whole, it is one line without spaces"},
  };
  for (const auto& [input, text] : cases) {
    const auto finished = finish(words(), {.input = input});
    EXPECT_EQ(finished.exit_code, 4);
    EXPECT_EQ(finished.err, "vaultbell-agent: " + text + "\n");
  }
  const auto missing = finish(words({"--token-file", "/nowhere"}));
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_EQ(missing.err, "vaultbell-agent: cannot read /nowhere: No such file or directory\n");
}

// Nobody listens there; it gives up after its fifteen seconds.
TEST_F(Enrol, SaysWhatToCheckWhenNobodyAnswers) {
  const auto endpoint = aggregator.endpoint();
  aggregator.go_away();
  const auto finished = finish(words(), with_token());
  EXPECT_EQ(finished.exit_code, 8);
  EXPECT_EQ(finished.err, "vaultbell-agent: no answer from " + endpoint +
                              " within 15 s: see that the aggregator runs, that its enrolment port "
                              "can be reached from here (name, firewall), and that the token was "
                              "made by this aggregator\n");
}

TEST_F(Enrol, SaysThatItsKeyIsNotLetIn) {
  Aggregator strict;
  token = token_for(strict.endpoint(), strict.key());
  Program program(words(), with_token());
  const auto finished = program.wait([&] { strict.turn(); });
  EXPECT_EQ(finished.exit_code, 6);
  EXPECT_EQ(finished.err, "vaultbell-agent: " + strict.endpoint() + " refuses this host's key\n");
}

TEST_F(Enrol, SaysThatAnEndpointIsNone) {
  token = token_for("nowhere", aggregator.key());
  const auto finished = finish(words(), with_token());
  EXPECT_EQ(finished.exit_code, 8);
  EXPECT_EQ(finished.err, "vaultbell-agent: cannot connect to nowhere: Invalid argument\n");
}

}  // namespace
}  // namespace vaultbell::agent::testing
