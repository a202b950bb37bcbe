// Installation: the real programs on loopback: an aggregator, agents and the `vaultbell` command,
// with a mail server, in a folder of their own.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/program.hpp"
#include "tests/support/smtp_server.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::integration {

using nlohmann::json;
using support::Finished;
using support::Program;
using support::until;
using support::Words;

// What the aggregator's configuration says; the rest is the default.
struct Settings {
  std::vector<std::string> owners = {"ok@example.org"};
  std::string heartbeat_every = "500ms";
  std::string disconnect_after = "5s";
  std::string notify_after = "0";
  std::string retry_first = "300ms";
  std::string retry_longest = "1s";
  std::string give_up_after = "24h";
  std::string smtp;  // further lines of [smtp]
  std::string more;  // further sections
};

class Installation {
 public:
  explicit Installation(Settings settings = {}, const support::SmtpServerOptions& smtp = {});

  // The aggregator runs when this returns.
  // Without waiting for it.
  void launch_aggregator(const Program::Setting& setting = {});
  void start_aggregator();
  void kill_aggregator();
  void write_configuration();                        // from `settings`
  Finished run_aggregator(const Words& words = {});  // to its end

  // Makes the vault "prod" (once), enrols the host and starts its agent.
  void enrol(const std::string& host);
  void start_agent(const std::string& host);
  void kill_agent(const std::string& host);
  void stop_agent(const std::string& host);
  Finished agent(const std::string& host, const Words& words,
                 const Program::Setting& setting = {}) const;

  // The command line of one of its programs on the host's state folder.
  [[nodiscard]] Words agent_words(const std::string& host, const Words& words) const;

  // `vaultbell WORDS... -o json`; the test fails where it does not succeed.
  json vaultbell(const Words& words) const;
  [[nodiscard]] Finished vaultbell_as_is(const Words& words) const;

  // The same, as a condition to wait for.
  [[nodiscard]] std::string state_of(const std::string& host) const;
  [[nodiscard]] std::vector<std::string> active_alerts() const;  // their kinds
  [[nodiscard]] bool has_delivered_everything() const;
  // Of the mails about alerts, in their order.
  [[nodiscard]] std::vector<std::string> subjects() const;

  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
    return folder_.path() / name;
  }

  Settings settings;
  support::SmtpServer smtp;
  std::optional<Program> aggregator;
  std::map<std::string, Program> agents;

 private:
  [[nodiscard]] Program::Setting with_socket() const;

  support::TemporaryFolder folder_;
  int agents_port_;
  int enrolment_port_;
  bool has_vault_ = false;
};

}  // namespace vaultbell::integration
