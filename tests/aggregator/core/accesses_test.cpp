// Ways in for those who are not on the aggregator's host (R9.3).
#include "aggregator/core/accesses.hpp"

#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""s;

class Accesses : public support::InWorld {
 protected:
  CreateAccess a_token(const std::string& name) {
    return {.kind = AccessKind::api_token,
            .name = name,
            .role = Role::operating,
            .hash = support::token_hash(1),
            .expires_at = world.now() + 24h};
  }
  CreateAccess a_link() {
    return {.kind = AccessKind::login_link,
            .name = "alice",
            .role = Role::admin,
            .hash = support::token_hash(2),
            .expires_at = world.now() + 1h};
  }
  OpenSession a_session(AccessId by) { return {.access = by, .hash = support::token_hash(3)}; }
  std::optional<Access> row(std::uint64_t id) { return world.rows().get<Access>({id}); }
};

TEST_F(Accesses, BelongToSomebodyWithARoleUntilTheyExpire) {
  EXPECT_EQ(remark(a_token("ci")), "");
  const Access expected{.id = {1},
                        .kind = AccessKind::api_token,
                        .name = "ci",
                        .role = Role::operating,
                        .hash = support::token_hash(1),
                        .created_by = "alice",
                        .created_at = world.now(),
                        .expires_at = world.now() + 24h};
  EXPECT_EQ(row(1), expected);
}

TEST_F(Accesses, AreRefusedWithoutAnEndOrWithANameThatIsTaken) {
  EXPECT_EQ(remark(a_token("ci")), "");
  EXPECT_EQ(world.order(a_token("ci")).error().message,
            "there is already an API token \"ci\"; choose another name, or revoke that one");
  auto endless = a_token("robot");
  endless.expires_at = world.now() + 401 * 24h;
  EXPECT_EQ(world.order(endless).error().message,
            "it would be good for longer than 400d; choose an earlier end, and make another one "
            "then");
  auto link = a_link();
  link.expires_at = world.now() + 25h;
  EXPECT_EQ(world.order(link).error().code, ErrorCode::invalid);
  auto late = a_token("robot");
  late.expires_at = world.now();
  EXPECT_EQ(world.order(late).error().message, "it would already have expired");
  EXPECT_EQ(world.order(a_token("two\nlines")).error().code, ErrorCode::invalid);
  auto session = a_token("robot");
  session.kind = AccessKind::session;
  EXPECT_EQ(world.order(session).error().message, "a session is opened by a token or a login link");
}

TEST_F(Accesses, ByALinkOpenOneSessionAndNoMore) {
  EXPECT_EQ(remark(a_link()), "");
  EXPECT_EQ(remark(a_session({1})), "");
  EXPECT_EQ(row(1), std::nullopt);
  const auto session = row(2);
  ASSERT_TRUE(session.has_value());
  EXPECT_EQ(session->name, "alice");
  EXPECT_EQ(session->role, Role::admin);
  EXPECT_EQ(session->expires_at, world.now() + kSessionLife);
  EXPECT_EQ(world.order(a_session({1})).error().message,
            "it is good no more; ask an administrator for another one");
}

TEST_F(Accesses, ByATokenEndWithIt) {
  EXPECT_EQ(remark(a_token("ci")), "");
  EXPECT_EQ(remark(a_session({1})), "");
  EXPECT_EQ(row(2)->expires_at, row(1)->expires_at);
  EXPECT_EQ(remark(RevokeAccess{{1}}), "");
  EXPECT_EQ(row(1), std::nullopt);
  EXPECT_EQ(row(2), std::nullopt);
  EXPECT_EQ(world.order(RevokeAccess{{1}}).error().message,
            "there is no API token, login link or session 1");
}

TEST_F(Accesses, ThatHaveExpiredOpenNothing) {
  EXPECT_EQ(remark(a_link()), "");
  world.pass(3601s);
  EXPECT_EQ(world.order(a_session({1})).error().code, ErrorCode::refused);
}

TEST_F(Accesses, ThatHaveExpiredMakeRoomButATokenStaysToBeSeen) {
  EXPECT_EQ(remark(a_link()), "");
  EXPECT_EQ(remark(a_token("ci")), "");
  world.suspend(48h);
  EXPECT_EQ(remark(a_token("robot")), "");
  EXPECT_EQ(row(1), std::nullopt);
  EXPECT_TRUE(row(2).has_value());
}

TEST_F(Accesses, AreAtMostSoManyAndTheOldestSessionGives) {
  world.seed({Put{Access{.id = {5000},
                         .kind = AccessKind::session,
                         .name = "old",
                         .hash = support::token_hash(9),
                         .expires_at = world.now() + 24h}}});
  WriteSet tokens;
  for (std::uint64_t i = 1; i < kAccessesMax; ++i) {
    tokens.push_back(
        Put{Access{.id = {5000 + i},
                   .name = "token " + std::to_string(i),
                   .hash = {static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i / 256)},
                   .expires_at = world.now() + 24h}});
  }
  world.seed(tokens);
  EXPECT_EQ(remark(a_link()), "");
  EXPECT_EQ(row(5000), std::nullopt);
  EXPECT_EQ(world.order(a_token("ci")).error().message, "there are already 1000 tokens and links");
}

TEST_F(Accesses, AreInTheAuditLog) {
  EXPECT_EQ(remark(a_token("ci")), "");
  const auto entry = world.rows().all<AuditEntry>().rbegin()->second;
  EXPECT_EQ(entry.action, "create_access");
  EXPECT_EQ(entry.changes.at(0).after->access->name, "ci");
}

}  // namespace
}  // namespace vaultbell::core
