// Letting programs and browsers in by the real program (R9.3).
#include <gtest/gtest.h>

#include "tests/aggregator/ctl/program_fixture.hpp"

namespace vaultbell::ctl {
namespace {

class Access : public Program {};

TEST_F(Access, IsByATokenThatIsPrintedAloneAndOnce) {
  const auto ran = run({"token", "create", "grafana", "--expires", "30d"});
  EXPECT_EQ(ran.exit, kDone) << ran.err;
  EXPECT_TRUE(ran.out.starts_with("vbt_")) << ran.out;
  EXPECT_EQ(ran.out.find('\n'), ran.out.size() - 1) << ran.out;
  EXPECT_EQ(ran.err,
            "API token 1 \"grafana\" with the role viewer, valid until 2026-03-31T02:00:00+00:00; "
            "it is shown only now\n");
  EXPECT_EQ(run({"token", "create", "ansible", "--role", "admin", "--dry-run"}).out,
            "would create api_token ansible\n");
  const auto listed = json_of({"token", "list"});
  EXPECT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0]["name"], "grafana");
  EXPECT_EQ(run({"token", "revoke", "1"}).exit, kDone);
  EXPECT_TRUE(json_of({"token", "list"}).empty());
}

TEST_F(Access, IsRefusedWithWhatWouldBeRight) {
  EXPECT_EQ(run({"token", "create"}).exit, kUsage);
  EXPECT_EQ(run({"token", "create", "ci", "--role", "root"}).exit, kUsage);
  EXPECT_EQ(run({"token", "create", "ci", "--expires", "500d"}).exit, kUsage);
  EXPECT_EQ(run({"token", "create", "ci"}).exit, kDone);
  EXPECT_EQ(run({"token", "create", "ci"}).exit, kRefused);
  EXPECT_EQ(run({"token", "revoke", "7"}).exit, kNotFound);
}

TEST_F(Access, ByALinkNeedsADashboard) {
  const auto without = run({"login-link"});
  EXPECT_EQ(without.exit, kRefused);
  EXPECT_EQ(without.err,
            "vaultbell: there is no dashboard to sign in to\n  vaultbell check says why\n");
  auto facts = support::SmallAggregator::usual_facts();
  facts.web.url = "https://vaultbell.example.org";
  aggregator_.server().replace(facts);
  const auto ran = run({"login-link", "--name", "alice", "--role", "operator"});
  EXPECT_EQ(ran.exit, kDone) << ran.err;
  EXPECT_TRUE(ran.out.starts_with("https://vaultbell.example.org/login#once=vbl_")) << ran.out;
  EXPECT_EQ(ran.err,
            "signs one browser in as \"alice\" with the role operator, once, until "
            "2026-03-01T02:10:00+00:00\n");
}

}  // namespace
}  // namespace vaultbell::ctl
