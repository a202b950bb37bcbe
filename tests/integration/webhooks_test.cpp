// Webhooks from a contact to its messages: a receiver of our own JSON, and a real Alertmanager.
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/integration/installation.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/loopback.hpp"

namespace vaultbell::integration {
namespace {

using support::header_of;
using support::HttpServer;

constexpr const char* kAllow = "[webhook]\nallow = [\"127.0.0.0/8\"]\n";

// Alertmanager with a folder of its own, at this process's own address.
class Alertmanager {
 public:
  explicit Alertmanager(const std::filesystem::path& folder, int port)
      : url_(fmt::format("http://{}:{}", support::own_address(), port)) {
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "alertmanager.yml") << "route: {receiver: nobody}\n"
                                                  "receivers: [{name: nobody}]\n";
    program_.emplace(Words{"/usr/bin/prometheus-alertmanager",
                           "--config.file=" + (folder / "alertmanager.yml").string(),
                           "--storage.path=" + folder.string(), "--cluster.listen-address=",
                           "--web.listen-address=" + url_.substr(std::string("http://").size())});
    EXPECT_TRUE(until([&] {
      return amtool({"alert", "query"}).exit_code == 0;
    })) << program_->err();
  }

  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] json alerts() const {
    const auto asked = amtool({"alert", "query", "-o", "json"});
    EXPECT_EQ(asked.exit_code, 0) << asked.err;
    return json::parse(asked.out, nullptr, false);
  }

 private:
  [[nodiscard]] Finished amtool(const Words& words) const {
    Words all{"/usr/bin/amtool", "--alertmanager.url=" + url_};
    all.insert(all.end(), words.begin(), words.end());
    return support::finish(all);
  }

  std::string url_;
  std::optional<Program> program_;
};

std::string state_of_contact(const Installation& all, const std::string& name) {
  return all.vaultbell({"contact", "show", name}).at("channels").at(0).at("state");
}

// Of what the receiver got: the newest body of this event.
json newest(const HttpServer& server, const std::string& event) {
  const auto requests = server.requests();
  for (auto request = requests.rbegin(); request != requests.rend(); ++request) {
    auto body = json::parse(request->at("body").get<std::string>(), nullptr, false);
    if (body.value("event", "") == event) return body;
  }
  return {};
}

void tell_by_policy(const Installation& all, const std::string& contact) {
  all.vaultbell({"policy", "set", "vault", "prod", "custom", "--contact", contact});
}

void end_backup(const Installation& all, const std::string& outcome) {
  EXPECT_EQ(all.agent("db-1", {"report", "--job", "nightly", "--outcome", outcome}).exit_code, 0);
}

// R5.2, R7.8
TEST(Webhooks, AReceiverThatGivesItsCodeBackIsToldOfAlertAndRecovery) {
  const HttpServer server;
  Installation all({.more = std::string(kAllow)});
  all.start_aggregator();
  all.enrol("db-1");
  all.vaultbell({"contact", "add", "robot", "--webhook", server.url() + "/fault/give-back"});
  EXPECT_TRUE(until([&] { return state_of_contact(all, "robot") == "verified"; }));
  tell_by_policy(all, "robot");
  end_backup(all, "failed");
  EXPECT_TRUE(until([&] { return !newest(server, "raised").is_null(); }));
  const auto alert = newest(server, "raised").at("alerts").at(0);
  EXPECT_EQ(alert.at("sentence"), "backup of \"nightly\" on db-1 failed");
  end_backup(all, "succeeded");
  EXPECT_TRUE(until([&] { return !newest(server, "recovered").is_null(); }));
  EXPECT_EQ(newest(server, "recovered").at("alerts").at(0).at("id"), alert.at("id"));
  const auto secret = all.vaultbell({"contact", "webhook-secret", "robot"}).at("secret");
  EXPECT_EQ(secret.get<std::string>().size(), 64U);
  EXPECT_TRUE(header_of(server.requests().back(), "Vaultbell-Signature").starts_with("v1="));
}

// R7.8
TEST(Webhooks, AnAddressStandsInNoAnswerAndNoLog) {
  const HttpServer server;
  Installation all({.more = std::string(kAllow)});
  all.start_aggregator();
  const std::string secret = "T0/B0/abcdefghijkl5ecret";
  all.vaultbell(
      {"contact", "add", "chat", "--webhook", "slack+" + server.url() + "/404/" + secret});
  EXPECT_TRUE(until([&] { return server.requests().size() == 1; }));
  const auto code = server.requests().at(0).at("body").get<std::string>();
  const auto begin = code.find(" is your Vaultbell code") - 6;
  all.vaultbell({"contact", "confirm", "chat", code.substr(begin, 6)});
  EXPECT_EQ(state_of_contact(all, "chat"), "verified");
  std::string said = all.aggregator->err() + all.aggregator->out();
  for (const auto& words : {Words{"contact", "list"}, Words{"contact", "show", "chat"},
                            Words{"delivery", "list"}, Words{"audit", "list"}, Words{"check"}}) {
    auto asked = words;
    asked.insert(asked.end(), {"-o", "json"});
    said += all.vaultbell_as_is(asked).out;
  }
  EXPECT_NE(said.find("slack+" + server.url() + "/…cret"), std::string::npos) << said;
  EXPECT_EQ(said.find("abcdefghijkl"), std::string::npos) << said;
}

// R7.8
TEST(Webhooks, ThisHostIsNotConnectedToUnlessItIsAllowed) {
  const HttpServer server;
  Installation all;
  all.start_aggregator();
  all.vaultbell({"contact", "add", "robot", "--webhook", server.url() + "/fault/give-back"});
  EXPECT_TRUE(until([&] {
    const auto listed = all.vaultbell_as_is({"delivery", "list", "-o", "json"}).out;
    return listed.find("127.0.0.1 is not connected to: it is loopback") != std::string::npos;
  }));
  EXPECT_TRUE(server.requests().empty());
  EXPECT_NE(state_of_contact(all, "robot"), "verified");
}

// R4.4, R7.8
TEST(Webhooks, AlertmanagerShowsAnAlertUntilItIsOver) {
  Installation all({.more = std::string(kAllow)});
  const Alertmanager manager(all / "alertmanager", 19'093);
  all.start_aggregator();
  all.enrol("db-1");
  all.vaultbell({"contact", "add", "am", "--webhook", "alertmanager+" + manager.url()});
  const auto code_in = [](const json& alerts) {
    return alerts.empty() ? "" : alerts.at(0).at("annotations").at("summary").get<std::string>();
  };
  EXPECT_TRUE(until([&] { return !manager.alerts().empty(); }));
  all.vaultbell({"contact", "confirm", "am", code_in(manager.alerts()).substr(0, 6)});
  EXPECT_EQ(state_of_contact(all, "am"), "verified");
  tell_by_policy(all, "am");
  const auto failed = [&] {
    auto alerts = manager.alerts();
    json found = json::array();
    for (auto& alert : alerts) {
      if (alert.at("labels").at("alertname") == "backup_failed") found.push_back(alert);
    }
    return found;
  };
  end_backup(all, "failed");
  EXPECT_TRUE(until([&] { return failed().size() == 1; }));
  const auto labels = failed().at(0).at("labels");
  EXPECT_EQ(labels.at("severity"), "critical");
  EXPECT_EQ(labels.at("client"), "db-1");
  EXPECT_EQ(labels.at("vault"), "prod");
  EXPECT_EQ(labels.at("job"), "nightly");
  end_backup(all, "succeeded");
  EXPECT_TRUE(until([&] { return failed().empty(); }));
  end_backup(all, "failed");
  EXPECT_TRUE(until([&] { return failed().size() == 1; }));
  const auto id = failed().at(0).at("labels").at("alert").get<std::string>();
  all.vaultbell({"alert", "inactivate", id, "--why", "known"});
  EXPECT_TRUE(until([&] { return failed().empty(); }));
}

}  // namespace
}  // namespace vaultbell::integration
