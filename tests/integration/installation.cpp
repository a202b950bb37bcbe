#include "tests/integration/installation.hpp"

#include <csignal>
#include <fstream>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "shared/base/check.hpp"
#include "tests/support/loopback.hpp"

namespace vaultbell::integration {

namespace {

// Another one each time, of this process's own address.
int next_port() {
  static int last = 20'000;
  return ++last;
}

Words operator+(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

}  // namespace

Installation::Installation(Settings the_settings, const support::SmtpServerOptions& options)
    : settings(std::move(the_settings)),
      smtp(options),
      agents_port_(next_port()),
      enrolment_port_(next_port()) {
  write_configuration();
}

void Installation::write_configuration() {
  std::ofstream file(*this / "aggregator.toml");
  file << fmt::format("state_dir = \"{}\"\n[control]\nsocket = \"{}\"\n",
                      (*this / "aggregator").string(), (*this / "control.sock").string());
  file << fmt::format("[account]\nowners = [\"{}\"]\n", fmt::join(settings.owners, "\", \""));
  file << fmt::format(
      "[agents]\nlisten = \"tcp://{0}:{1}\"\npublic_endpoint = \"tcp://{0}:{1}\"\n"
      "heartbeat_every = \"{2}\"\ndisconnect_after = \"{3}\"\n",
      support::own_address(), agents_port_, settings.heartbeat_every, settings.disconnect_after);
  file << fmt::format("[enrolment]\nlisten = \"tcp://{}:{}\"\n", support::own_address(),
                      enrolment_port_);
  file << fmt::format("[alerts]\nnotify_after = \"{}\"\n", settings.notify_after);
  file << fmt::format("[smtp]\nurl = \"{}\"\nfrom = \"Vaultbell <vaultbell@example.org>\"\n{}\n",
                      smtp.url(), settings.smtp.empty() ? "tls = \"off\"" : settings.smtp);
  file << fmt::format(
      "[delivery]\nretry_first = \"{}\"\nretry_longest = \"{}\"\ngive_up_after = "
      "\"{}\"\n",
      settings.retry_first, settings.retry_longest, settings.give_up_after);
  // A port that all tests would share is nobody's.
  if (settings.more.find("[web]") == std::string::npos) file << "[web]\nlisten = \"\"\n";
  file << settings.more;
}

Program::Setting Installation::with_socket() const {
  return {.input = {}, .environment = {{"VAULTBELL_SOCKET", (*this / "control.sock").string()}}};
}

void Installation::launch_aggregator(const Program::Setting& setting) {
  aggregator.emplace(Words{VAULTBELL_AGGREGATOR, "--config", (*this / "aggregator.toml").string()},
                     setting);
}

void Installation::start_aggregator() {
  launch_aggregator();
  const bool is_up = until([&] {
    return !aggregator->is_running() || vaultbell_as_is({"status", "-o", "json"}).exit_code == 0;
  });
  ASSERT_TRUE(is_up && aggregator->is_running()) << aggregator->err();
}

void Installation::kill_aggregator() {
  aggregator->send(SIGKILL);
  aggregator->wait();
}

Finished Installation::run_aggregator(const Words& words) {
  return support::finish(
      Words{VAULTBELL_AGGREGATOR, "--config", (*this / "aggregator.toml").string()} + words);
}

Words Installation::agent_words(const std::string& host, const Words& words) const {
  Words all{VAULTBELL_AGENT, words.at(0), "--state-dir", (*this / host).string()};
  all.insert(all.end(), words.begin() + 1, words.end());
  return all;
}

void Installation::enrol(const std::string& host) {
  if (!has_vault_) vaultbell({"vault", "create", "prod"});
  has_vault_ = true;
  const auto token = vaultbell_as_is({"enrol", "token", "create", "--vault", "prod"});
  ASSERT_EQ(token.exit_code, 0) << token.err;
  const auto enrolled = agent(host, {"enrol", "--name", host}, {.input = token.out});
  ASSERT_EQ(enrolled.exit_code, 0) << enrolled.err;
  start_agent(host);
}

void Installation::start_agent(const std::string& host) {
  agents.insert_or_assign(host, Program(agent_words(host, {"serve"})));
  ASSERT_TRUE(until([&] { return state_of(host) == "online"; })) << agents.at(host).err();
}

void Installation::kill_agent(const std::string& host) {
  agents.at(host).send(SIGKILL);
  agents.at(host).wait();
}

void Installation::stop_agent(const std::string& host) {
  agents.at(host).send(SIGTERM);
  EXPECT_EQ(agents.at(host).wait().exit_code, 0);
}

Finished Installation::agent(const std::string& host, const Words& words,
                             const Program::Setting& setting) const {
  return support::finish(agent_words(host, words), setting);
}

Finished Installation::vaultbell_as_is(const Words& words) const {
  return support::finish(Words{VAULTBELL_COMMAND} + words, with_socket());
}

json Installation::vaultbell(const Words& words) const {
  const auto ran = vaultbell_as_is(words + Words{"-o", "json"});
  EXPECT_EQ(ran.exit_code, 0) << fmt::format("vaultbell {}: {}", fmt::join(words, " "), ran.err)
                              << (aggregator->is_running() ? "" : aggregator->err());
  return json::parse(ran.out, nullptr, false);
}

std::string Installation::state_of(const std::string& host) const {
  const auto ran = vaultbell_as_is({"client", "show", host, "-o", "json"});
  if (ran.exit_code != 0) return {};
  return json::parse(ran.out).at("state");
}

std::vector<std::string> Installation::active_alerts() const {
  std::vector<std::string> kinds;
  for (const auto& alert : vaultbell({"alert", "list"})) kinds.push_back(alert.at("kind"));
  return kinds;
}

bool Installation::has_delivered_everything() const {
  const auto outbox = vaultbell({"status"}).at("outbox");
  return outbox.at("pending") == 0 && outbox.at("sending") == 0;
}

std::vector<std::string> Installation::subjects() const {
  std::vector<std::string> found;
  for (const auto& mail : smtp.mails()) {
    for (const auto& header : mail.at("headers")) {
      if (header.at(0) != "Subject") continue;
      const std::string subject = header.at(1);
      if (subject.starts_with('[')) found.push_back(subject);
    }
  }
  return found;
}

}  // namespace vaultbell::integration
