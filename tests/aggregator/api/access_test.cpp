// Who comes over TCP shows a token or a session, and may do what their role may (R9.3).
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aggregator/api/lockout.hpp"
#include "aggregator/api/routes.hpp"
#include "aggregator/core/accesses.hpp"
#include "tests/support/loopback.hpp"
#include "tests/support/raw_http.hpp"
#include "tests/support/small_aggregator.hpp"

namespace vaultbell::api {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using support::RawAnswer;
using support::RawHttp;
using ::testing::HasSubstr;
using ::testing::Not;

class Access : public ::testing::Test {
 protected:
  Access() {
    auto listener = listen_for_web({.host = support::own_address()});
    EXPECT_TRUE(listener);
    address = listener->address;
    aggregator.server().listen(std::move(*listener));
    aggregator.add_vault("prod");
  }

  RawAnswer ask(std::string_view method, std::string_view target, std::string_view headers = {},
                std::string_view body = {}) {
    RawHttp http(address);
    http.send(
        fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n"
                    "Content-Length: {}\r\n{}\r\n{}",
                    method, target, to_text(address), body.size(), headers, body));
    return http.receive();
  }

  std::string token(const std::string& name, const std::string& role) {
    const auto answer = support::ask(aggregator.socket(), "POST", "/api/v1/access/tokens",
                                     fmt::format(R"({{"name":"{}","role":"{}"}})", name, role));
    EXPECT_EQ(answer.status, 200U) << answer.body;
    return answer.json()["token"];
  }
  static std::string bearer(const std::string& token) {
    return fmt::format("Authorization: Bearer {}\r\n", token);
  }

  struct Browser {
    std::string cookie;  // as a header
    std::string csrf;    // the same
  };
  RawAnswer sign_in(const std::string& secret) {
    return ask("POST", "/api/v1/session", {}, fmt::format(R"({{"secret":"{}"}})", secret));
  }
  Browser browser(const std::string& secret) {
    const auto answer = sign_in(secret);
    EXPECT_EQ(answer.status, 200U) << answer.body;
    const auto begin = answer.head.find("vaultbell_session=");
    const auto cookie = answer.head.substr(begin, answer.head.find(';', begin) - begin);
    return {"Cookie: theme=dark; " + cookie + "\r\n",
            fmt::format("X-CSRF-Token: {}\r\n", answer.json()["csrf"].get<std::string>())};
  }

  support::SmallAggregator aggregator;
  TcpAddress address;
};

TEST_F(Access, IsForNobodyWhoShowsNothing) {
  const auto answer = ask("GET", "/api/v1/vaults");
  EXPECT_EQ(answer.status, 401U);
  EXPECT_EQ(answer.json()["error"]["code"], "unauthorized");
  EXPECT_EQ(answer.json()["error"]["message"],
            "this needs an API token, or a browser that is signed in");
  EXPECT_EQ(ask("GET", "/metrics").status, 200U);
}

// R9.3
TEST_F(Access, ByATokenIsThatOfItsRole) {
  const auto viewer = bearer(token("grafana", "viewer"));
  EXPECT_EQ(ask("GET", "/api/v1/vaults", viewer).status, 200U);
  const auto refused = ask("POST", "/api/v1/alerts/test", viewer, R"({"vault":"prod"})");
  EXPECT_EQ(refused.status, 403U);
  EXPECT_EQ(refused.json()["error"]["message"],
            "POST /api/v1/alerts/test needs the role operator, and grafana (token) has the role "
            "viewer");
  const auto operating = bearer(token("night shift", "operator"));
  EXPECT_EQ(ask("POST", "/api/v1/alerts/test", operating, R"({"vault":"prod"})").status, 200U);
  EXPECT_EQ(ask("POST", "/api/v1/vaults", operating, R"({"name":"lab"})").status, 403U);
  const auto admin = bearer(token("ansible", "admin"));
  EXPECT_EQ(ask("POST", "/api/v1/vaults", admin, R"({"name":"lab"})").status, 200U);
  const auto audit = ask("GET", "/api/v1/audit", viewer);
  EXPECT_EQ(audit.json()["items"][0]["actor"], "ansible (token)");
}

// Whatever is added to the table of routes is for administrators until somebody says otherwise.
TEST_F(Access, ToEveryRouteNeedsARole) {
  int for_anybody = 0;
  for (const auto& route : routes()) {
    const auto needed = needed_role(route);
    if (!needed) ++for_anybody;
    const bool shows_secrets =
        route.path.ends_with("/webhook-secret") || route.path.ends_with("/export");
    const auto wanted = shows_secrets ? core::Role::admin : core::Role::viewer;
    const bool is_right = route.method != "GET" || needed == wanted;
    EXPECT_TRUE(is_right) << route.path;
  }
  EXPECT_EQ(for_anybody, 1) << "only signing in needs nobody";
}

TEST_F(Access, EndsWithItsTokenOrItsTime) {
  const auto first = token("ci", "viewer");
  EXPECT_EQ(support::ask(aggregator.socket(), "DELETE", "/api/v1/access/1").status, 200U);
  const auto answer = ask("GET", "/api/v1/vaults", bearer(first));
  EXPECT_EQ(answer.status, 401U);
  EXPECT_EQ(answer.json()["error"]["message"],
            "the API token is not known here, was revoked, or has expired");
  const auto second = bearer(token("ci", "viewer"));
  aggregator.clock().advance(91 * 24h);
  EXPECT_EQ(ask("GET", "/api/v1/vaults", second).status, 401U);
}

// R9.3
TEST_F(Access, IsListedWithoutItsSecret) {
  const auto secret = token("ci", "viewer");
  const auto answer = support::ask(aggregator.socket(), "GET", "/api/v1/access");
  EXPECT_EQ(answer.json()["items"][0]["name"], "ci");
  EXPECT_THAT(answer.body, Not(HasSubstr(secret)));
  EXPECT_THAT(answer.body, Not(HasSubstr("hash")));
}

TEST_F(Access, OfABrowserComesByALinkOnce) {
  const auto made = support::ask(aggregator.socket(), "POST", "/api/v1/access/login-links",
                                 R"({"name":"alice","role":"operator"})");
  const std::string link = made.json()["token"];
  const auto answer = sign_in(link);
  EXPECT_EQ(answer.status, 200U) << answer.body;
  EXPECT_EQ(answer.json()["name"], "alice");
  EXPECT_EQ(answer.json()["role"], "operator");
  EXPECT_THAT(answer.head, HasSubstr("; Path=/; HttpOnly; SameSite=Strict; Max-Age=604800\r\n"));
  EXPECT_EQ(sign_in(link).status, 401U);
}

TEST_F(Access, OfABrowserChangesNothingWithoutItsPage) {
  const auto [cookie, csrf] = browser(token("alice", "admin"));
  EXPECT_EQ(ask("GET", "/api/v1/vaults", cookie).status, 200U);
  const auto forged = ask("POST", "/api/v1/vaults", cookie, R"({"name":"lab"})");
  EXPECT_EQ(forged.status, 403U);
  EXPECT_EQ(forged.json()["error"]["message"],
            "the page's X-CSRF-Token is missing, or of another session");
  const auto elsewhere =
      ask("POST", "/api/v1/vaults", cookie + csrf + "Origin: https://evil.example\r\n",
          R"({"name":"lab"})");
  EXPECT_EQ(elsewhere.status, 403U);
  EXPECT_EQ(elsewhere.json()["error"]["message"],
            "a page of \"https://evil.example\" may change nothing here");
  const auto own = fmt::format("Origin: http://{}\r\n", to_text(address));
  EXPECT_EQ(ask("POST", "/api/v1/vaults", cookie + csrf + own, R"({"name":"lab"})").status, 200U);
}

TEST_F(Access, OfABrowserEndsWhenItSignsOut) {
  const auto [cookie, csrf] = browser(token("alice", "viewer"));
  EXPECT_EQ(ask("GET", "/api/v1/session", cookie).json()["name"], "alice");
  const auto answer = ask("DELETE", "/api/v1/session", cookie + csrf);
  EXPECT_EQ(answer.status, 200U) << answer.body;
  EXPECT_THAT(answer.head,
              HasSubstr("vaultbell_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"));
  EXPECT_EQ(ask("GET", "/api/v1/session", cookie).status, 401U);
}

TEST_F(Access, IsShutToAnAddressThatTriesTooOften) {
  for (int i = 0; i < Lockout::kTriesMax; ++i) EXPECT_EQ(sign_in("vbl_wrong").status, 401U);
  const auto good = token("alice", "viewer");
  const auto answer = sign_in(good);
  EXPECT_EQ(answer.status, 429U);
  EXPECT_EQ(answer.json()["error"]["code"], "locked_out");
  EXPECT_EQ(answer.json()["error"]["hint"], "try again in 15 min");
  EXPECT_THAT(answer.head, HasSubstr("Retry-After: 900\r\n"));
  aggregator.clock().advance(15min);
  EXPECT_EQ(sign_in(good).status, 200U);
}

TEST_F(Access, BehindAProxyIsCountedForWhoIsBehindIt) {
  for (int i = 0; i < Lockout::kTriesMax; ++i) {
    ask("POST", "/api/v1/session", "X-Forwarded-For: 10.0.0.1, 192.0.2.7\r\n", R"({"secret":"x"})");
  }
  EXPECT_EQ(
      ask("POST", "/api/v1/session", "X-Forwarded-For: 192.0.2.7\r\n", R"({"secret":"x"})").status,
      429U);
  EXPECT_EQ(
      ask("POST", "/api/v1/session", "X-Forwarded-For: 192.0.2.8\r\n", R"({"secret":"x"})").status,
      401U);
}

TEST_F(Access, IsForNamesOfThisAggregatorOnly) {
  const auto ask_for = [&](std::string_view host) {
    RawHttp http(address);
    http.send(fmt::format("GET /api/v1/vaults HTTP/1.1\r\nHost: {}\r\n\r\n", host));
    return http.receive().status;
  };
  EXPECT_EQ(ask_for("evil.example"), 403U);
  EXPECT_EQ(ask_for("127.0.0.1.evil.example"), 403U);
  EXPECT_EQ(ask_for("localhost:8480"), 401U);
  EXPECT_EQ(ask_for("192.0.2.7"), 401U);
  auto facts = support::SmallAggregator::usual_facts();
  facts.web.url = "https://vaultbell.example.org";
  aggregator.server().replace(facts);
  EXPECT_EQ(ask_for("vaultbell.example.org"), 401U);
}

// ---- two who edit the same thing

TEST_F(Access, ThatIsStaleShowsWhatIsThereNow) {
  const auto admin = bearer(token("ansible", "admin"));
  const auto seen = ask("GET", "/api/v1/vaults/prod", admin).json()["revision"];
  const auto body = [&](std::string_view policy) {
    return fmt::format(R"({{"mode":"{}","revision":{}}})", policy, seen.dump());
  };
  EXPECT_EQ(ask("PUT", "/api/v1/vaults/prod/policy", admin, body("off")).status, 200U);
  const auto stale = ask("PUT", "/api/v1/vaults/prod/policy", admin, body("default"));
  EXPECT_EQ(stale.status, 409U);
  const auto error = stale.json()["error"];
  EXPECT_EQ(error["code"], "stale");
  EXPECT_EQ(error["current"]["own_policy"]["mode"], "off");
  EXPECT_EQ(error["changed_by"], "ansible (token)");
  EXPECT_EQ(error["changed_at"], "2026-03-01T02:00:00Z");
  const auto none = ask("POST", "/api/v1/vaults", admin, R"({"name":"lab","revision":3})");
  EXPECT_EQ(none.status, 400U);
  EXPECT_EQ(none.json()["error"]["message"], "revision: this changes nothing that has one");
}

TEST_F(Access, WithAKeyIsCarriedOutOnce) {
  const auto admin = bearer(token("ansible", "admin")) + "Idempotency-Key: 5f0c\r\n";
  const auto first = ask("POST", "/api/v1/vaults", admin, R"({"name":"lab"})");
  const auto again = ask("POST", "/api/v1/vaults", admin, R"({"name":"lab"})");
  EXPECT_EQ(again.status, 200U) << again.body;
  EXPECT_EQ(again.json()["changes"], first.json()["changes"]);
  EXPECT_THAT(again.json()["remark"].get<std::string>(), HasSubstr("it was done before"));
  EXPECT_EQ(ask("POST", "/api/v1/vaults?dry_run=true", admin, R"({"name":"spare"})").status, 200U);
  const auto other = ask("POST", "/api/v1/vaults", admin, R"({"name":"spare"})");
  EXPECT_EQ(other.status, 400U);
}

// ---- events

TEST_F(Access, ToEventsNamesWhatChangedAndWhatWasMissed) {
  const auto viewer = bearer(token("wall", "viewer"));
  RawHttp first(address);
  const auto begin = [&](RawHttp& http, std::string_view more) {
    http.send(
        fmt::format("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n{}{}\r\n", viewer, more));
  };
  begin(first, "");
  const auto hello = first.receive_until("\n\n");
  EXPECT_THAT(hello, HasSubstr("Content-Type: text/event-stream\r\n"));
  EXPECT_THAT(hello, HasSubstr("event: snapshot\ndata: {}\n"));
  aggregator.board().changes.add({board::Thing::alert, 7});
  const auto changed = first.receive_until("\n\n");
  EXPECT_THAT(changed, HasSubstr("event: changed\ndata: {\"what\":\"alert\",\"id\":7}\n"));
  const auto id =
      changed.substr(changed.find("id: ") + 4, changed.find('\n', changed.find("id: ")) - 4);

  aggregator.board().changes.add({board::Thing::run, 9});
  RawHttp second(address);
  begin(second, fmt::format("Last-Event-ID: {}\r\n", id));
  const auto missed = second.receive_until("\n\n");
  EXPECT_THAT(missed, HasSubstr("data: {\"what\":\"run\",\"id\":9}\n"));
  EXPECT_THAT(missed, Not(HasSubstr("snapshot")));

  RawHttp stranger(address);
  begin(stranger, "Last-Event-ID: 17-4\r\n");
  EXPECT_THAT(stranger.receive_until("\n\n"), HasSubstr("event: snapshot\n"));
}

}  // namespace
}  // namespace vaultbell::api
