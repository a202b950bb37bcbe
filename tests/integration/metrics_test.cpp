// The figures for Prometheus, from a real aggregator over TCP, judged by Prometheus' own promtool.
#include <fstream>

#include <gtest/gtest.h>

#include "tests/integration/installation.hpp"
#include "tests/support/loopback.hpp"
#include "tests/support/raw_http.hpp"

namespace vaultbell::integration {
namespace {

// Whether promtool finds no fault with them.
Finished judged(const std::string& metrics) {
  return support::finish({"/usr/bin/promtool", "check", "metrics"}, {.input = metrics});
}

TEST(Metrics, AreTakenByPrometheus) {
  constexpr std::uint16_t kPort = 19'000;  // of this process's own address
  Installation all({.more = "[web]\nlisten = \"" + support::own_address() + ":" +
                            std::to_string(kPort) + "\"\n"});
  all.start_aggregator();
  all.enrol("db-1");
  EXPECT_EQ(all.agent("db-1", {"report", "--job", "a", "--outcome", "failed"}).exit_code, 0);
  EXPECT_TRUE(until([&] { return all.subjects().size() == 1 && all.has_delivered_everything(); }));
  support::RawHttp http(TcpAddress{.host = support::own_address(), .port = kPort});
  http.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto answer = http.receive();
  EXPECT_EQ(answer.status, 200U);
  EXPECT_NE(answer.body.find("\nvaultbell_clients{state=\"online\"} 1\n"), std::string::npos);
  EXPECT_NE(answer.body.find("\nvaultbell_deliveries_delivered_last_day 2\n"), std::string::npos)
      << answer.body;
  EXPECT_NE(answer.body.find("\nvaultbell_delivery_latency_seconds{percentile=\"99\"} "),
            std::string::npos)
      << answer.body;
  const auto verdict = judged(answer.body);
  EXPECT_EQ(verdict.exit_code, 0) << verdict.out << verdict.err;
  http.send("GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(http.receive().status, 401U);
}

// Nobody is told of backups by an aggregator that does not start.
TEST(Metrics, WaitForAPortThatIsTaken) {
  TcpAddress address{.host = support::own_address(), .port = 19'001};
  auto taken = listen_on(address, 1);
  ASSERT_TRUE(taken);
  Installation all({.more = "[web]\nlisten = \"" + to_text(address) + "\"\n"});
  all.start_aggregator();
  const auto check = [&] { return all.vaultbell_as_is({"check"}).out; };
  const auto problem = "cannot listen at " + to_text(address) + ": Address already in use";
  EXPECT_NE(check().find(problem), std::string::npos) << check();
  taken->reset();
  EXPECT_TRUE(until([&] { return check().find(problem) == std::string::npos; }));
  support::RawHttp http(address);
  http.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto answer = http.receive();
  EXPECT_EQ(answer.status, 200U);
  EXPECT_NE(answer.body.find("\nvaultbell_check_state{finding=\"web\"} 0\n"), std::string::npos);
}

TEST(Metrics, ThatAreWrongAreRefusedByPromtool) {
  EXPECT_NE(judged("vaultbell_x{ 1\n").exit_code, 0);
  EXPECT_NE(judged("# TYPE vaultbell_things counter\nvaultbell_things 1\n").exit_code, 0);
}

TEST(Metrics, RulesAreTakenByPrometheus) {
  const auto verdict = support::finish({"/usr/bin/promtool", "check", "rules",
                                        std::string(VAULTBELL_DOCS) + "/prometheus-rules.yml"});
  EXPECT_EQ(verdict.exit_code, 0) << verdict.out << verdict.err;
  const support::TemporaryFolder folder;
  std::ofstream(folder / "bad.yml") << "groups: [{name: a, rules: [{alert: A, expr: 'rate('}]}]\n";
  EXPECT_NE(support::finish({"/usr/bin/promtool", "check", "rules", (folder / "bad.yml").string()})
                .exit_code,
            0);
}

// promtool looks through minutes of these figures: of "down" all clients fell silent after five, of
// "off" all have said goodbye.
constexpr auto kSilence = R"(
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {series: 'vaultbell_clients_connected{job="vaultbell",instance="down"}', values: '2x5 0x20'}
      - {series: 'vaultbell_clients{job="vaultbell",instance="down",state="online"}', values: '2x6 0x20'}
      - {series: 'vaultbell_clients{job="vaultbell",instance="down",state="disconnected"}', values: '0x6 2x20'}
      - {series: 'vaultbell_clients_connected{job="vaultbell",instance="off"}', values: '0x30'}
      - {series: 'vaultbell_clients{job="vaultbell",instance="off",state="offline"}', values: '3x30'}
    alert_rule_test:
      - {eval_time: 14m, alertname: VaultbellHearsNobody, exp_alerts: []}
      - eval_time: 20m
        alertname: VaultbellHearsNobody
        exp_alerts:
          - exp_labels: {severity: critical, job: vaultbell, instance: down}
            exp_annotations: {summary: "Not one client has a connection, although some should."}
)";

TEST(Metrics, RulesTellOfClientsThatAreMissedAndOfNoFleetThatIsOff) {
  const support::TemporaryFolder folder;
  std::ofstream(folder / "test.yml")
      << "rule_files: [" << VAULTBELL_DOCS << "/prometheus-rules.yml]" << kSilence;
  const auto verdict =
      support::finish({"/usr/bin/promtool", "test", "rules", (folder / "test.yml").string()});
  EXPECT_EQ(verdict.exit_code, 0) << verdict.out << verdict.err;
}

}  // namespace
}  // namespace vaultbell::integration
