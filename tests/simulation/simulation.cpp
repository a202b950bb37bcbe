#include "tests/simulation/simulation.hpp"

#include <memory>
#include <vector>

#include "shared/base/check.hpp"
#include "tests/simulation/administrators.hpp"
#include "tests/simulation/aggregator.hpp"
#include "tests/simulation/faults.hpp"
#include "tests/simulation/host.hpp"
#include "tests/simulation/network.hpp"
#include "tests/simulation/receivers.hpp"
#include "tests/simulation/witness.hpp"
#include "tests/support/builders.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::simulation {

namespace {

using aggregator::Inbox;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::uint64_t kKeyNumbers = 1000;  // of hosts' keys, apart from those of tokens

// What is late is found by then.
constexpr Duration kLookEvery = minutes(10);

Options with(Options options, const Run& run) {
  options.canary = run.canary;
  return options;
}

// The whole world of one run.
class Play {
 public:
  explicit Play(const Run& run)
      : scene_(with(draw_options(run.seed, run.days), run)),
        witness_(scene_),
        receivers_(scene_, witness_),
        network_(scene_),
        aggregator_({scene_, network_, receivers_, witness_}, folder_.path() / "aggregator"),
        administrators_(scene_, aggregator_, witness_),
        random_(run.seed, "play") {
    scene_.is_aloud = run.is_aloud;
    std::filesystem::create_directory(folder_.path() / "aggregator");
  }

  Outcome run() {
    furnish();
    Faults faults(scene_, {aggregator_, network_, receivers_, host_pointers()});
    faults.begin();
    administrators_.begin();
    look_around();
    pass_until(scene_.options.end());
    if (!scene_.fault()) witness_.finish(aggregator_);
    return {scene_.fault(), scene_.last_events(), witness_.figures()};
  }

 private:
  void pass_until(Steady when) {
    scene_.agenda.run_until(when, [this] { return scene_.fault().has_value(); });
  }
  void pass(Duration time) { pass_until(scene_.now() + time); }

  void look_around() {
    witness_.look(aggregator_);
    scene_.agenda.in(kLookEvery, [this] { look_around(); });
  }

  std::vector<Host*> host_pointers() {
    std::vector<Host*> pointers;
    for (const auto& host : hosts_) pointers.push_back(host.get());
    return pointers;
  }

  // Begins with vaults and enrolled hosts, all of them well.
  void furnish() {
    for (std::size_t i = 0; i < scene_.options.hosts; ++i) {
      const auto name = "host-" + std::to_string(i + 1);
      hosts_.push_back(std::make_unique<Host>(
          scene_, network_, witness_,
          Host::Place{i, name, support::public_key(kKeyNumbers + i), folder_.path() / name}));
    }
    network_.join(aggregator_, host_pointers());
    aggregator_.start();
    pass(seconds(1));
    for (std::size_t i = 0; i < scene_.options.vaults; ++i) {
      order(core::CreateVault{.name = "vault-" + std::to_string(i + 1)});
    }
    for (const auto& host : hosts_) enrol(*host);
  }

  void order(decltype(core::Order::what) what) {
    bool is_done = false;
    aggregator_.order(std::move(what), [&](const core::Reply* reply) {
      is_done = reply != nullptr && reply->result.has_value();
    });
    pass(seconds(1));
    check(is_done, "the first orders are carried out");
  }

  void enrol(Host& host) {
    const auto number = host.number() + 1;
    const auto& vaults = aggregator_.state().vaults;
    auto vault = vaults.begin();
    std::advance(vault, static_cast<std::ptrdiff_t>(random_.below(vaults.size())));
    order(core::CreateToken{.vault = vault->first,
                            .hash = support::token_hash(number),
                            .expires_at = scene_.wall() + hours(1),
                            .needs_approval = false});
    aggregator_.post(Inbox::Lane::enrolments,
                     core::EnrolmentRequested{.request = number,
                                              .token_hash = support::token_hash(number),
                                              .public_key = host.key(),
                                              .name = host.name()});
    pass(seconds(1));
    scene_.agenda.in(random_.between(seconds(1), minutes(20)), [&host] { host.boot(); });
  }

  support::TemporaryFolder folder_;
  Scene scene_;
  Witness witness_;
  Receivers receivers_;
  Network network_;
  Aggregator aggregator_;
  Administrators administrators_;
  Random random_;
  std::vector<std::unique_ptr<Host>> hosts_;
};

}  // namespace

Outcome play(const Run& run) {
  return Play(run).run();
}

}  // namespace vaultbell::simulation
