// The aggregator's own heartbeat, from the real program.
#include <csignal>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "shared/base/clock.hpp"
#include "tests/integration/installation.hpp"
#include "tests/support/http_server.hpp"

namespace vaultbell::integration {
namespace {

std::string watchdog(const std::string& urls) {
  return fmt::format("[watchdog]\nurls = [{}]\nevery = \"1s\"\n", urls);
}

// R8.1
TEST(Watchdog, ARunningAggregatorSendsItsHeartbeatAndAStoppedOneDoesNot) {
  const support::HttpServer server;
  Installation all({.more = watchdog(fmt::format("\"{}/uuid\"", server.url()))});
  all.start_aggregator();
  EXPECT_TRUE(until([&] { return server.requests_for("/uuid").size() >= 3; }));
  all.aggregator->send(SIGTERM);
  EXPECT_EQ(all.aggregator->wait().exit_code, 0);
  const auto sent = server.requests().size();
  const SystemClock clock;
  const auto later = clock.steady() + std::chrono::seconds(2);
  EXPECT_TRUE(until([&] { return clock.steady() > later; }));
  EXPECT_EQ(server.requests().size(), sent);
}

TEST(Watchdog, AReloadSendsTheHeartbeatElsewhere) {
  const support::HttpServer server;
  Installation all({.more = watchdog(fmt::format("\"{}/old\"", server.url()))});
  all.start_aggregator();
  EXPECT_TRUE(until([&] { return !server.requests_for("/old").empty(); }));
  all.settings.more = watchdog(fmt::format("\"{}/new\"", server.url()));
  all.write_configuration();
  all.aggregator->send(SIGHUP);
  EXPECT_TRUE(until([&] { return !server.requests_for("/new").empty(); }));
  const auto old = server.requests_for("/old").size();
  EXPECT_TRUE(until([&] { return server.requests_for("/new").size() >= 3; }));
  EXPECT_EQ(server.requests_for("/old").size(), old);
}

TEST(Watchdog, AUrlThatHangsDelaysNeitherTheOthersNorTheStop) {
  const support::HttpServer server;
  Installation all({.more = watchdog(fmt::format("\"{0}/fault/hang\", \"{0}/ok\"", server.url())) +
                            "timeout = \"1m\"\n"});
  all.start_aggregator();
  EXPECT_TRUE(until([&] {
    return server.requests_for("/ok").size() >= 2 && !server.requests_for("/fault/hang").empty();
  }));
  const SystemClock clock;
  const auto begin = clock.steady();
  all.aggregator->send(SIGTERM);
  EXPECT_EQ(all.aggregator->wait().exit_code, 0);
  EXPECT_LT(clock.steady() - begin, std::chrono::seconds(15)) << "no timeout is waited for";
}

// What `vaultbell check` says of one thing; it exits with 0 only where all is well.
json finding(const Installation& all, const std::string& name) {
  const auto asked = all.vaultbell_as_is({"check", "-o", "json"});
  const auto check = json::parse(asked.out, nullptr, false);
  if (check.is_discarded()) return json::object();
  for (const auto& one : check["findings"]) {
    if (one["name"] == name) return one;
  }
  return json::object();
}

// R8.1 R8.3
TEST(Watchdog, TheAuditorAgreesAndTheDiskIsLookedAtSoonAfterTheStart) {
  Installation all;
  all.start_aggregator();
  EXPECT_TRUE(until([&] {
    return finding(all, "auditor").value("sentence", "") == "the independent auditor agrees";
  }));
  EXPECT_TRUE(until([&] { return finding(all, "disk").value("value", 0.0) > 0; }));
  EXPECT_TRUE(until([&] { return finding(all, "channels_unproven").value("value", 9.0) == 0; }))
      << "the owner's greeting proves that mail works";
}

}  // namespace
}  // namespace vaultbell::integration
