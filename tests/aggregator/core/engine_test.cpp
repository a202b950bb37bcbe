// Whatever happens, in whatever order: every decision is checked by the World, and in the end the
// promises hold. Prints its seed; a failure is repeated with RC_PARAMS="seed=...".
#include "aggregator/core/engine.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "aggregator/core/retention.hpp"
#include "tests/support/world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using support::a_report;
using support::Lines;
using support::World;

int below(int count) {
  return *rc::gen::inRange(0, count);
}

template <class E>
E any_of() {
  const auto& entries = kEnumText<E>;
  return entries[static_cast<std::size_t>(below(static_cast<int>(entries.size())))].value;
}

Duration any_while() {
  const std::vector<Duration> durations = {1s, 20s, 91s, 10min, 1h, 5h};
  return *rc::gen::elementOf(durations);
}

support::Host& any_host(World& world) {
  return world.host("web" + std::to_string(below(3)));
}

void report_something(World& world) {
  RunReport report = a_report("job" + std::to_string(below(3))).of(any_of<Operation>());
  report.outcome = any_of<Outcome>();
  if (below(3) == 0) report.reason = any_of<OutcomeReason>();
  if (below(2) == 0) report.run = support::uuid(90'000 + static_cast<std::uint64_t>(below(5)));
  world.report(any_host(world), report);
}

void give_an_order(World& world) {
  const auto prod = world.vault("prod");
  switch (below(4)) {
    case 0:
      return void(
          world.order(SetPolicy{.holder = {.vault = prod}, .policy = {any_of<PolicyMode>()}}));
    case 1:
      return void(
          world.order(EditVault{.vault = prod, .timing = {.disconnect_after = any_while() + 60s}}));
    case 2:
      if (world.state().alerts.empty()) return;
      return void(world.order(InactivateAlert{.alert = world.state().alerts.begin()->first}));
    default:
      const auto& all = world.rows().all<Notification>();
      if (all.empty()) return;
      const auto& newest = all.rbegin()->second;
      return void(world.order(RetryDelivery{newest}));
  }
}

void change_the_mail_server(World& world) {
  switch (below(3)) {
    case 0:
      return world.receivers.always({});
    case 1:
      return world.receivers.always(support::try_later());
    default:
      return world.receivers.next("ops@example.org", {support::refusal()});
  }
}

// As the sweeper would with history that is kept for no time at all.
void drop_history(World& world) {
  DropExpired expired;
  const auto add = [&](const auto& table) {
    for (const auto& [key, row] : table) {
      if (expired.keys.size() < kExpiredMax) expired.keys.emplace_back(key);
    }
  };
  add(world.rows().all<Attempt>());
  add(world.rows().all<Notification>());
  add(world.rows().all<Alert>());
  add(world.rows().all<AuditEntry>());
  world.is_audited = false;
  world.submit(expired);
}

void let_something_happen(World& world) {
  if (!world.is_running()) {
    world.pass(any_while());
    return world.start();
  }
  switch (below(13)) {
    case 0:
    case 1:
    case 2:
      return report_something(world);
    case 3:
    case 4:
      return world.pass(any_while());
    case 5:
      return world.go_silent(any_host(world));
    case 6:
      return world.beat_again(any_host(world));
    case 7:
      return below(2) == 0 ? world.connect(any_host(world)) : world.say_goodbye(any_host(world));
    case 8:
      return give_an_order(world);
    case 9:
      return change_the_mail_server(world);
    case 10:
      return drop_history(world);
    case 11:
      return below(2) == 0 ? world.step_clock(any_while()) : world.step_clock(-any_while());
    default:
      return below(2) == 0 ? world.stop() : world.commits_take(std::chrono::seconds(below(2) * 40));
  }
}

// When the faults stop, everything that is owed arrives or has ended visibly. The longest wait is
// for a full disconnect_after, which an order may have set to five hours.
void let_it_converge(World& world) {
  if (!world.is_running()) world.start();
  world.commits_take(0s);
  world.receivers.always({});
  for (const auto& name : {"web0", "web1", "web2"}) world.connect(world.host(name));
  world.pass(7h);
}

RC_GTEST_PROP(Core, KeepsItsPromisesWhateverHappens, ()) {
  World world;
  const auto happenings = *rc::gen::inRange(1, 60);
  for (int i = 0; i < happenings; ++i) let_something_happen(world);
  let_it_converge(world);

  RC_ASSERT(world.take_faults() == Lines{});
  RC_ASSERT(world.state().notifications.empty());
  for (const auto& [id, client] : world.state().clients) {
    RC_ASSERT(client.state == ClientState::online);
  }
  for (const auto& [id, alert] : world.state().alerts) {
    RC_ASSERT(alert.kind != AlertKind::client_disconnected);
    RC_ASSERT(alert.decision.has_value());
  }
  for (const auto& name : {"web0", "web1", "web2"}) RC_ASSERT(world.host(name).kept.empty());
}

}  // namespace
}  // namespace vaultbell::core
