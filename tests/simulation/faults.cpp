#include "tests/simulation/faults.hpp"

#include <algorithm>
#include <utility>

#include "tests/simulation/administrators.hpp"
#include "tests/simulation/aggregator.hpp"
#include "tests/simulation/host.hpp"
#include "tests/simulation/network.hpp"
#include "tests/simulation/receivers.hpp"

namespace vaultbell::simulation {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

}  // namespace

Faults::Faults(Scene& scene, Victims victims)
    : scene_(scene), victims_(std::move(victims)), random_(scene.options.seed, "faults") {}

// Most troubles are short and some are long.
Duration Faults::lasting(Duration longest) {
  const auto length = random_.one_in(4) ? random_.between(seconds(1), longest)
                                        : random_.between(seconds(1), longest / 20 + seconds(1));
  return std::min(length,
                  std::max<Duration>(scene_.options.calm_from() - scene_.now(), milliseconds(1)));
}

void Faults::every(Duration mean, std::function<void()> what) {
  scene_.agenda.in(random_.about(mean), [this, mean, what = std::move(what)] {
    if (scene_.is_calm()) return;
    what();
    every(mean, what);
  });
}

void Faults::begin() {
  const auto& rates = scene_.options.faults;
  auto& aggregator = victims_.aggregator;
  every(rates.crash, [&] { aggregator.crash(lasting(hours(6))); });
  every(rates.crash_at_commit, [&] { aggregator.crash_at_next_commit(); });
  every(rates.restart, [&] { aggregator.stop(lasting(minutes(20))); });
  every(rates.slow_disk, [&] { aggregator.slow_disk(lasting(minutes(2)), lasting(hours(2))); });
  every(rates.full_disk, [&] { aggregator.full_disk(lasting(minutes(30))); });
  every(rates.suspension, [&] { aggregator.suspend(lasting(hours(8))); });
  every(rates.clock_step, [this] { step_clock(); });
  every(rates.partition,
        [this] { victims_.network.cut(random_.below(victims_.hosts.size()), lasting(hours(12))); });
  every(rates.wide_partition, [this] { cut_many(); });
  every(rates.agent_restart, [this] { stop_agent(); });
  every(rates.host_crash, [this] { crash_host(); });
  every(rates.receiver_trouble, [this] { upset_receiver(); });
  every(rates.relay_trouble, [this] {
    const auto channel = random_.coin() ? core::Channel::email : core::Channel::mobile;
    victims_.receivers.relay_is_down(channel, lasting(hours(30)));
  });
  every(rates.reload,
        [&] { aggregator.reload(draw_settings(scene_.options.seed, 1 + random_.below(1000))); });
  scene_.agenda.at(scene_.options.calm_from(), [this] { make_well(); });
}

// Only while it runs, and can keep what it sees: what happens to the clock while nobody looks
// cannot be known.
void Faults::step_clock() {
  if (!victims_.aggregator.is_listening() || victims_.aggregator.is_shaky()) return;
  const auto size = random_.one_in(3) ? random_.between(seconds(2), seconds(50))
                                      : random_.between(minutes(1), hours(5));
  const auto by = random_.coin() ? size : -size;
  scene_.tell("the wall clock is stepped by " + std::to_string(by.count()) + " ms");
  scene_.clock.step(by);
  victims_.aggregator.note_clock_step();
}

void Faults::cut_many() {
  const auto length = lasting(hours(6));
  for (std::size_t host = 0; host < victims_.hosts.size(); ++host) {
    if (!random_.one_in(4)) victims_.network.cut(host, length);
  }
}

void Faults::stop_agent() {
  auto* host = random_.one_of(victims_.hosts);
  if (random_.one_in(3)) {
    host->kill_agent();
  } else {
    host->stop_agent(random_.coin() ? GoodbyeReason::stopped : GoodbyeReason::host_shutdown);
  }
  scene_.agenda.in(lasting(hours(10)), [host] { host->start_agent(); });
}

void Faults::crash_host() {
  auto* host = random_.one_of(victims_.hosts);
  scene_.tell(host->name() + " loses its power");
  host->lose_power();
  scene_.agenda.in(lasting(hours(20)), [host] { host->boot(); });
}

void Faults::upset_receiver() {
  const auto mood = random_.one_of<Mood>(
      {Mood::refusing, Mood::greylisting, Mood::slow, Mood::hanging, Mood::losing_answers});
  std::vector<core::AddressKey> places;
  for (const auto& owner : scene_.options.settings.owners) {
    places.push_back({core::Channel::email, owner});
  }
  for (std::size_t i = 1; i <= scene_.options.contacts; ++i) {
    places.push_back(mail_of_contact(i));
    places.push_back(mobile_of_contact(i));
  }
  victims_.receivers.be(random_.one_of(places), mood, lasting(hours(20)));
}

void Faults::make_well() {
  scene_.tell("the faults end");
  victims_.aggregator.reload(scene_.options.settings);
  for (auto* host : victims_.hosts) {
    host->boot();
    host->start_agent();
  }
}

}  // namespace vaultbell::simulation
