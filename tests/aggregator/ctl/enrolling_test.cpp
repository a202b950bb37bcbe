// Letting hosts in by the real program.

#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aggregator/ctl/run.hpp"
#include "shared/base/text.hpp"
#include "shared/crypto/join_token.hpp"
#include "tests/aggregator/ctl/program_fixture.hpp"

namespace vaultbell::ctl {
namespace {

class Enrolling : public Program {};

TEST_F(Enrolling, PrintsATokenAloneSoThatItCanBePiped) {
  aggregator_.add_vault("prod");
  const auto ran = run({"enrol", "token", "create", "--vault", "prod", "--expires", "2h", "--uses",
                        "3", "--auto-approve"});
  EXPECT_EQ(ran.exit, kDone) << ran.err;
  const auto token = crypto::parse_join_token(trimmed(ran.out));
  ASSERT_TRUE(token) << ran.out;
  EXPECT_EQ(token->vault, "prod");
  EXPECT_EQ(ran.err,
            "token 1 for vault prod, 3 host(s), valid until 2026-03-01T04:00:00+00:00\n"
            "on the backup host, paste it into: sudo vaultbell-agent enrol\n");
  const auto in_json = json_of({"enrol", "token", "create", "--vault", "prod"});
  EXPECT_TRUE(crypto::parse_join_token(in_json["token"].get<std::string>()));
  EXPECT_EQ(run({"enrol", "token", "create", "--vault", "prod", "--dry-run"}).out,
            "would create token 3\n");
}

TEST_F(Enrolling, MakesATokenForAClientThatHasLostItsKey) {
  aggregator_.add_vault("prod");
  aggregator_.add_client("db-1", "prod");
  const auto ran = run({"enrol", "token", "create", "--for-client", "db-1"});
  EXPECT_EQ(ran.exit, kDone) << ran.err;
  EXPECT_TRUE(crypto::parse_join_token(trimmed(ran.out))) << ran.out;
  EXPECT_EQ(ran.err,
            "token 2 for client db-1, whose old key lets nobody in once it is used, valid until "
            "2026-03-01T03:00:00+00:00\n"
            "on the backup host, paste it into: sudo vaultbell-agent enrol\n");
  EXPECT_EQ(json_of({"enrol", "token", "list"})[0]["client"], "db-1");
  EXPECT_EQ(run({"enrol", "token", "create", "--for-client", "db-1", "--vault", "prod"}).exit,
            kUsage);
}

TEST_F(Enrolling, RefusesATokenThatMakesNoSense) {
  aggregator_.add_vault("prod");
  EXPECT_EQ(run({"enrol", "token", "create"}).exit, kUsage);
  EXPECT_EQ(run({"enrol", "token", "create", "--vault", "prd"}).exit, kNotFound);
  EXPECT_EQ(run({"enrol", "token", "create", "--vault", "prod", "--uses", "x"}).exit, kUsage);
  EXPECT_EQ(run({"enrol", "token", "create", "--vault", "prod", "--uses", "0"}).exit, kUsage);
  EXPECT_EQ(run({"enrol", "token", "create", "--vault", "prod", "--expires", "soon"}).exit, kUsage);
  EXPECT_EQ(
      run({"enrol", "token", "create", "--vault", "prod", "--auto-approve", "--needs-approval"})
          .exit,
      kUsage);
}

TEST_F(Enrolling, RevokesTokens) {
  aggregator_.add_vault("prod");
  EXPECT_NE(out({"enrol", "token", "create", "--vault", "prod"}), "");
  EXPECT_NE(out({"enroll", "token", "revoke", "1"}).find("state: usable -> revoked"),
            std::string::npos);
}

TEST_F(Enrolling, ApprovesAHostOnlyWhenSomebodyHasLookedAtItsFingerprint) {
  play_a_little();
  const auto unasked = run({"enrol", "approve", "nas-1"});
  EXPECT_EQ(unasked.exit, kUsage);
  EXPECT_NE(unasked.err.find("add --yes"), std::string::npos);
  EXPECT_EQ(json_of({"enrol", "pending"}).size(), 1U);
  const auto print = json_of({"enrol", "pending"})[0]["fingerprint"].get<std::string>();
  EXPECT_NE(out({"enrol", "approve", "--fingerprint", print}).find("created client nas-1"),
            std::string::npos);
  EXPECT_EQ(json_of({"enrol", "pending"}), json::array());
}

TEST_F(Enrolling, ListsOnlyTheHostsThatWaitUnlessToldOtherwise) {
  play_a_little();
  aggregator_.ask_to_enrol("nas-2", "prod");
  EXPECT_EQ(run({"enrol", "reject", "nas-2"}).exit, kDone);
  EXPECT_EQ(out({"enrol", "pending", "--columns", "name"}), "NAME\nnas-1\n");
  EXPECT_TRUE(out({"enrol", "pending"}).starts_with("NAME\tVAULT\tFINGERPRINT\t"));
  EXPECT_TRUE(out({"enrol", "pending", "--all"}).starts_with("STATE\tNAME\t"));
  EXPECT_EQ(out({"enrol", "pending", "--all", "--columns", "state,name"}),
            "STATE\tNAME\nwaiting\tnas-1\nrejected\tnas-2\n");
  EXPECT_EQ(out({"enrol", "pending", "--state", "rejected", "--columns", "name"}), "NAME\nnas-2\n");
  EXPECT_EQ(run({"enrol", "reject", "nas-1"}).exit, kDone);
  EXPECT_EQ(run({"enrol", "pending"}).err, "no host waits to be let in\n");
}

TEST_F(Enrolling, ApprovesOrRejectsAHostByItsName) {
  play_a_little();
  aggregator_.ask_to_enrol("nas-2", "prod");
  EXPECT_EQ(run({"enrol", "approve", "nas-1", "--yes"}).exit, kDone);
  EXPECT_EQ(run({"enrol", "reject", "nas-2"}).exit, kDone);
  EXPECT_EQ(json_of({"enrol", "pending", "--all"})[0]["state"], "rejected");
  const auto unknown = run({"enrol", "approve", "nas-3", "--yes"});
  EXPECT_EQ(unknown.exit, kNotFound);
  EXPECT_NE(unknown.err.find("did you mean \"nas-2\"?"), std::string::npos) << unknown.err;
  EXPECT_EQ(run({"enrol", "approve"}).exit, kUsage);
}

// Anybody with a token may ask in the name of another.
TEST_F(Enrolling, RefusesANameThatSeveralHostsWaitUnder) {
  play_a_little();
  aggregator_.ask_to_enrol("nas-1", "prod");
  const auto pending = json_of({"enrol", "pending"});
  ASSERT_EQ(pending.size(), 2U);
  const auto first = pending[0]["fingerprint"].get<std::string>();
  const auto second = pending[1]["fingerprint"].get<std::string>();
  for (const auto& words :
       {Words{"enrol", "approve", "nas-1", "--yes"}, Words{"enrol", "reject", "nas-1"}}) {
    const auto ran = run(words);
    EXPECT_EQ(ran.exit, kRefused);
    EXPECT_EQ(ran.err, fmt::format("vaultbell: 2 hosts named \"nas-1\" wait to be let in: {}, {}\n"
                                   "  name the one that is meant by --fingerprint\n",
                                   first, second));
  }
  EXPECT_EQ(run({"enrol", "approve", "--fingerprint", second}).exit, kDone);
  EXPECT_EQ(json_of({"enrol", "pending"})[0]["fingerprint"], first);
}

TEST_F(Enrolling, ANameMeansTheHostThatWaitsAndNoneThatWasRejected) {
  play_a_little();
  const auto rejected = json_of({"enrol", "pending"})[0]["fingerprint"].get<std::string>();
  EXPECT_EQ(run({"enrol", "reject", "nas-1"}).exit, kDone);
  const auto alone = run({"enrol", "approve", "nas-1", "--yes"});
  EXPECT_EQ(alone.exit, kRefused);
  EXPECT_EQ(alone.err,
            fmt::format("vaultbell: no host \"nas-1\" waits to be let in: {} (rejected)\n"
                        "  name the one that is meant by --fingerprint\n",
                        rejected));
  aggregator_.ask_to_enrol("nas-1", "prod");
  EXPECT_EQ(run({"enrol", "approve", "nas-1", "--yes"}).exit, kDone);
  EXPECT_EQ(json_of({"enrol", "pending"}).size(), 0U);
  const auto left = json_of({"enrol", "pending", "--all"});
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0]["fingerprint"], rejected);
}

TEST_F(Enrolling, TakesARejectionBackByTheFingerprint) {
  play_a_little();
  const auto print = json_of({"enrol", "pending"})[0]["fingerprint"].get<std::string>();
  EXPECT_EQ(run({"enrol", "reject", "--fingerprint", print}).exit, kDone);
  EXPECT_EQ(run({"enrol", "approve", "--fingerprint", print}).exit, kDone);
}

}  // namespace
}  // namespace vaultbell::ctl
