// Enrolled: a state folder that has been enrolled with a stand-in aggregator, and the agent on it.
#pragma once

#include "shared/crypto/key_file.hpp"
#include "tests/agent/program/program.hpp"

namespace vaultbell::agent::testing {

class Enrolled : public State {
 public:
  // With an aggregator that is not there.
  Enrolled() : Enrolled("tcp://127.0.0.1:1", PublicKey{}) {}
  explicit Enrolled(const Aggregator& aggregator)
      : Enrolled(aggregator.endpoint(), aggregator.key()) {}
  Enrolled(const std::string& endpoint, const PublicKey& server_key) {
    write("key", crypto::to_text(key.secret_key) + "\n");
    write("enrolment.toml", "client = \"db-1\"\nvault = \"prod\"\nendpoint = \"" + endpoint +
                                "\"\nserver_key = \"" + crypto::to_text(server_key) +
                                "\"\nenrolled_at = \"2026-03-01T02:20:00Z\"\n");
  }

  [[nodiscard]] Words serve() const { return Words{"serve"} + options(); }
  [[nodiscard]] Finished status(const Words& more = {}) const {
    return finish(Words{"status"} + options() + more);
  }
  [[nodiscard]] Finished report(const std::string& job) const {
    return finish(Words{"report"} + options() + Words{"--job", job, "--outcome", "succeeded"});
  }

  crypto::KeyPair key = crypto::make_key_pair();
};

inline protocol::Welcome a_welcome() {
  return {.client = "db-1",
          .vault = "prod",
          .timing = {Duration(1000), Duration(3000)},
          .server_time = SystemClock().wall()};
}

}  // namespace vaultbell::agent::testing
