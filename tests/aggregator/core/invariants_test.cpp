// The checker of every State must refuse States that are not right: its canaries.
#include "aggregator/core/invariants.hpp"

#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using support::a_report;
using support::Lines;

class Invariants : public support::InWorld {
 protected:
  support::Host& web1 = world.host("web1");

  // A State with a held alert and a notification that waits.
  State good() {
    world.receivers.next("ops@example.org", {support::try_later()});
    world.report(web1, a_report("db").failed());
    world.report(web1, a_report("db").of(Operation::delete_backup).succeeded());
    return world.state();
  }
};

const std::string kDerived = "the derived indexes differ from what the rows give";
const std::string kDeadline = "next_deadline is not the earliest deadline";

TEST_F(Invariants, HoldInAWorldOfEverydayEvents) {
  EXPECT_EQ(broken_invariants(good()), Lines{});
}

TEST_F(Invariants, MissAVaultOfAClient) {
  auto state = good();
  state.clients.begin()->second.vault = {77};
  state.alerts.clear();
  state.alert_by_subject.clear();
  state.alerts_due.clear();
  EXPECT_EQ(broken_invariants(state), (Lines{"client 1 has no vault", kDerived}));
}

TEST_F(Invariants, MissAClientOfAJob) {
  auto state = good();
  state.jobs.begin()->second.client = {77};
  EXPECT_EQ(broken_invariants(state), (Lines{"job 1 has no client", kDerived}));
}

TEST_F(Invariants, FindTwoClientsInServiceWithOneKey) {
  auto& web2 = world.enrol("web2");
  auto state = good();
  auto second = state.clients.at(web2.client);
  second.public_key = state.clients.at(web1.client).public_key;
  evolve(state, Put{second});
  EXPECT_EQ(broken_invariants(state), Lines{"clients 1 and 2 are in service with the same key"});
  second.state = ClientState::retired;
  second.expected_until.reset();
  state = good();
  evolve(state, Put{second});
  EXPECT_EQ(broken_invariants(state), Lines{});
}

TEST_F(Invariants, FindTwoActiveAlertsOfOneSubject) {
  auto state = good();
  auto second = state.alerts.begin()->second;
  second.id = {77};
  state.alerts[second.id] = second;
  state.alerts_due.set(second.id, attention_at(state, second));
  const auto found = broken_invariants(state);
  EXPECT_EQ(found, (Lines{"alert 77 is not the one active alert of its subject",
                          "the subjects and the active alerts differ in number", kDerived}));
}

TEST_F(Invariants, FindADeadlineThatIsNotTheEarliest) {
  auto state = good();
  state.queues[Channel::email].lines_ready.clear();
  EXPECT_EQ(broken_invariants(state), (Lines{kDeadline, kDerived}));
}

TEST_F(Invariants, FindAWrongCountOfOpenDeliveries) {
  auto state = good();
  ++state.queues[Channel::email].sending_count;
  EXPECT_EQ(broken_invariants(state),
            (Lines{"the count of open deliveries by email is wrong", kDerived}));
}

TEST_F(Invariants, FindAnIndexThatForgot) {
  auto state = good();
  state.vault_by_name.clear();
  EXPECT_EQ(broken_invariants(state), Lines{kDerived});
}

}  // namespace
}  // namespace vaultbell::core
