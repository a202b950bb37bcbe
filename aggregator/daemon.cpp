#include "aggregator/daemon.hpp"

#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "aggregator/core/connections.hpp"
#include "aggregator/delivery_facts.hpp"
#include "shared/base/check.hpp"
#include "shared/base/files.hpp"
#include "shared/base/log.hpp"
#include "shared/crypto/key_file.hpp"
#include "shared/service/notify.hpp"

namespace vaultbell::aggregator {

namespace {

constexpr Duration kCheckpointEvery = std::chrono::minutes(1);
constexpr Duration kStatusEvery = std::chrono::seconds(10);
constexpr Duration kDrainAtStop = std::chrono::seconds(5);    // for deliveries under way
constexpr Duration kDrainAtReload = std::chrono::seconds(1);

// One file descriptor a connection: as many as the system allows.
void raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

std::string port_of(const std::string& endpoint) {
  return endpoint.substr(endpoint.rfind(':') + 1);
}

// "tcp://0.0.0.0:8481" is where we listen, not where anybody can connect to.
std::string reachable(const std::string& bound) {
  const auto host = bound.substr(6, bound.rfind(':') - 6);
  if (host != "0.0.0.0" && host != "[::]" && host != "*") return bound;
  char name[256] = {};
  if (gethostname(name, sizeof name - 1) != 0) return bound;
  return fmt::format("tcp://{}:{}", name, port_of(bound));
}

// What tokens and agents are told: as configured; else the host that is configured for agents, with
// the enrolment port; else what the system says of itself.
std::string enrolment_public(const Configuration& configuration, const std::string& bound) {
  if (!configuration.enrolment_public_endpoint.empty()) {
    return configuration.enrolment_public_endpoint;
  }
  const auto& agents = configuration.agents_public_endpoint;
  if (agents.empty()) return reachable(bound);
  return agents.substr(0, agents.rfind(':') + 1) + port_of(bound);
}

std::vector<gateway::KnownClient> known_clients(const core::State& state) {
  std::vector<gateway::KnownClient> known;
  for (const auto& [id, client] : state.clients) {
    if (client.state == core::ClientState::retired) continue;
    known.push_back({id, client.public_key,
                     core::silence_limit(client.state, core::timing_of(state, id))});
  }
  return known;
}

Inbox::Lane lane_of(gateway::Lane lane) {
  switch (lane) {
    case gateway::Lane::connections: return Inbox::Lane::connections;
    case gateway::Lane::reports: return Inbox::Lane::reports;
  }
  return Inbox::Lane::reports;
}

}  // namespace

struct Daemon::Opened {
  service::Signals signals;
  InstanceLock lock;
  crypto::KeyPair key;
  std::unique_ptr<storage::Store> store;
  core::State state;
  std::unique_ptr<net::Context> context;
  gateway::Doors doors;
};

Result<std::unique_ptr<Daemon>> Daemon::open(Configuration configuration,
                                             std::filesystem::path configuration_file) {
  raise_file_limit();
  auto signals = service::Signals::take();
  if (!signals) return fail(signals.error());
  const auto& folder = configuration.state_dir;
  if (auto ok = prepare_folder(folder); !ok) return fail_within("state_dir", ok.error());
  auto lock = InstanceLock::take(folder);
  if (!lock) return fail(lock.error());
  const auto key = crypto::load_or_make_key(folder / "server.key");
  if (!key) return fail(key.error());
  auto store = storage::Store::open(folder);
  if (!store) return fail(store.error());
  auto state = (*store)->load(configuration.settings, SystemClock().wall());
  if (!state) return fail_within(folder.string(), state.error());
  auto context = std::make_unique<net::Context>();
  auto doors = gateway::Doors::open(*context, {configuration.agents_listen,
                                               configuration.enrolment_listen, key->secret_key});
  if (!doors) return fail(doors.error());
  std::unique_ptr<Daemon> daemon(
      new Daemon(std::move(configuration), std::move(configuration_file),
                 {std::move(*signals), std::move(*lock), *key, std::move(*store),
                  std::move(*state), std::move(context), std::move(*doors)}));
  if (auto ok = daemon->open_api(); !ok) return fail(ok.error());
  return daemon;
}

Daemon::Daemon(Configuration configuration, std::filesystem::path configuration_file,
               Opened opened)
    : configuration_(std::move(configuration)),
      configuration_file_(std::move(configuration_file)),
      signals_(std::move(opened.signals)),
      lock_(std::move(opened.lock)),
      store_(std::move(opened.store)),
      context_(std::move(opened.context)),
      facts_(facts_of(configuration_, opened.doors, opened.key.public_key, clock_.wall())),
      loop_(std::move(opened.state), *store_, inbox_, clock_, board_,
            [this](const core::Effect& effect) { perform(effect); }),
      gateway_(std::make_unique<gateway::Gateway>(
          std::move(opened.doors), known_clients(loop_.state()), facts_.agents_endpoint,
          [this](gateway::Lane lane, core::Command command) {
            return inbox_.post(lane_of(lane), std::move(command));
          },
          board_, clock_)),
      next_checkpoint_(clock_.steady() + kCheckpointEvery),
      next_status_(clock_.steady()) {
  check(inbox_.post(Inbox::Lane::loop, core::Started{}), "the inbox takes the first command");
  start_workers();
}

Daemon::~Daemon() = default;

void Daemon::start_workers() {
  if (configuration_.mail.url.empty()) return;
  workers_ = std::make_unique<notify::Workers>(
      configuration_.mail, [this](core::DeliveryEnded ended) {
        check(inbox_.post(Inbox::Lane::deliveries, std::move(ended)),
              "the inbox has room for every delivery under way");
      });
}

Status Daemon::run() {
  service::notify_ready();
  log::info("listening for agents on {}, for enrolment on {}", facts_.agents_endpoint,
            facts_.enrolment_endpoint.empty() ? "nothing" : facts_.enrolment_endpoint);
  while (take_signals()) {
    if (auto ok = loop_.turn(); !ok) return ok;
    look_after();
    pollfd waits[] = {{signals_.fd(), POLLIN, 0}, {inbox_.fd(), POLLIN, 0}};
    poll(waits, std::size(waits), static_cast<int>(loop_.patience().count()));
  }
  return stop();
}

bool Daemon::take_signals() {
  while (const auto signal = signals_.next()) {
    switch (*signal) {
      case service::Signal::stop: return false;
      case service::Signal::reload: reload();
    }
  }
  return true;
}

Status Daemon::stop() {
  log::info("stopping");
  service::notify_stopping();
  api_.reset();
  if (workers_) workers_->stop(kDrainAtStop);
  auto ended = loop_.turn();  // books what the workers reported
  gateway_->stop();
  if (ended) ended = checkpoint();
  return ended;
}
