#include "aggregator/daemon.hpp"

#include <algorithm>
#include <poll.h>
#include <sys/resource.h>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "aggregator/delivery_facts.hpp"
#include "aggregator/gateway_facts.hpp"
#include "aggregator/message_preview.hpp"
#include "aggregator/watchdog/health.hpp"
#include "shared/base/check.hpp"
#include "shared/base/files.hpp"
#include "shared/base/host_name.hpp"
#include "shared/base/log.hpp"
#include "shared/crypto/key_file.hpp"
#include "shared/service/notify.hpp"

namespace vaultbell::aggregator {

namespace {

constexpr Duration kCheckpointEvery = std::chrono::minutes(1);
constexpr Duration kStatusEvery = std::chrono::seconds(10);
constexpr Duration kDrainAtStop = std::chrono::seconds(5);  // for deliveries under way
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
  const auto name = host_name();
  return name.empty() ? bound : fmt::format("tcp://{}:{}", name, port_of(bound));
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

// The changed keys that only take effect at the next start.
std::vector<std::string_view> needing_restart(const Configuration& a, const Configuration& b) {
  std::vector<std::string_view> keys;
  const auto compare = [&](std::string_view key, const auto& left, const auto& right) {
    if (left != right) keys.push_back(key);
  };
  compare("state_dir", a.state_dir, b.state_dir);
  compare("[control] socket", a.control_socket, b.control_socket);
  compare("[web] listen", a.web.listen, b.web.listen);
  compare("[web] certificate", a.web.certificate, b.web.certificate);
  compare("[web] key", a.web.key, b.web.key);
  compare("[agents] listen", a.agents_listen, b.agents_listen);
  compare("[agents] public_endpoint", a.agents_public_endpoint, b.agents_public_endpoint);
  compare("[enrolment] listen", a.enrolment_listen, b.enrolment_listen);
  compare("[enrolment] public_endpoint", a.enrolment_public_endpoint, b.enrolment_public_endpoint);
  compare("[log] level", a.log_level, b.log_level);
  return keys;
}

void log_attempt(const core::DeliveryEnded& ended) {
  const auto text = fmt::format("notification {}, attempt {}: {}", ended.notification.value,
                                ended.attempt, ended.answer);
  if (ended.result == core::AttemptResult::delivered) {
    log::info("{}", text);
  } else {
    log::warning("{} ({})", text, to_text(ended.result));
  }
}

}  // namespace

struct Daemon::Opened {
  service::Signals signals;
  InstanceLock lock;
  crypto::KeyPair key;
  crypto::SecretKey code_key;
  std::unique_ptr<storage::Store> store;
  core::State state;
  std::unique_ptr<net::Context> context;
  gateway::Doors doors;
};

api::Facts Daemon::facts_of(const Configuration& configuration, const Opened& opened, Instant now) {
  const auto& doors = opened.doors;
  api::Facts facts{.version = VAULTBELL_VERSION,
                   .started_at = now,
                   .state_dir = configuration.state_dir.string(),
                   .agents_endpoint = configuration.agents_public_endpoint,
                   .control_socket = configuration.control_socket.string(),
                   .server_key = opened.key.public_key,
                   .code_key = opened.code_key,
                   .settings = configuration.settings,
                   .is_mail_configured = !configuration.delivery.mail.url.empty()};
  facts.show_message = message_preview(configuration.settings.account_name, configuration.delivery);
  if (facts.agents_endpoint.empty()) facts.agents_endpoint = reachable(doors.agents.endpoint());
  if (doors.enrolment) {
    facts.enrolment_endpoint = enrolment_public(configuration, doors.enrolment->endpoint());
  }
  return facts;
}

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
  const auto code_key = crypto::load_or_make_key(folder / "codes.key");
  if (!code_key) return fail(code_key.error());
  auto store = storage::Store::open(folder);
  if (!store) return fail(store.error());
  auto state = (*store)->load(configuration.settings, SystemClock().wall());
  if (!state) return fail_within(folder.string(), state.error());
  auto context = std::make_unique<net::Context>();
  auto doors = gateway::Doors::open(
      *context, {configuration.agents_listen, configuration.enrolment_listen, key->secret_key});
  if (!doors) return fail(doors.error());
  std::unique_ptr<Daemon> daemon(
      new Daemon(std::move(configuration), std::move(configuration_file),
                 {std::move(*signals), std::move(*lock), *key, code_key->secret_key,
                  std::move(*store), std::move(*state), std::move(context), std::move(*doors)}));
  if (auto ok = daemon->open_api(); !ok) return fail(ok.error());
  return daemon;
}

Daemon::Daemon(Configuration configuration, std::filesystem::path configuration_file, Opened opened)
    : configuration_(std::move(configuration)),
      configuration_file_(std::move(configuration_file)),
      signals_(std::move(opened.signals)),
      lock_(std::move(opened.lock)),
      store_(std::move(opened.store)),
      context_(std::move(opened.context)),
      code_key_(opened.code_key),
      facts_(facts_of(configuration_, opened, clock_.wall())),
      loop_(std::move(opened.state), *store_, inbox_, clock_, board_,
            [this](const core::Effect& effect) { perform(effect); }),
      declaring_(loop_, opened.code_key),
      gateway_(std::make_unique<gateway::Gateway>(
          std::move(opened.doors), known_clients(loop_.state()), facts_.agents_endpoint,
          gateway::Surroundings{.post =
                                    [this](gateway::Lane lane, core::Command command) {
                                      return inbox_.post(lane_of(lane), std::move(command));
                                    },
                                .board = board_,
                                .clock = clock_})),
      sweeper_(
          store_->environment(),
          [this](core::Command command) {
            return inbox_.post(Inbox::Lane::loop, std::move(command));
          },
          clock_.steady()),
      upkeep_({.store = store_->environment(),
               .folder = configuration_.state_dir,
               .board = board_,
               .post =
                   [this](core::Command command) {
                     return inbox_.post(Inbox::Lane::loop, std::move(command));
                   }}),
      web_door_(configuration_.web),
      next_checkpoint_(clock_.steady() + kCheckpointEvery),
      next_status_(clock_.steady()) {
  check(inbox_.post(Inbox::Lane::loop, core::Started{}), "the inbox takes the first command");
  start_workers();
}

Daemon::~Daemon() = default;

Status Daemon::open_api() {
  auto api = api::Server::start({.socket = configuration_.control_socket},
                                {.post =
                                     [this](core::Command order) {
                                       return inbox_.post(Inbox::Lane::orders, std::move(order));
                                     },
                                 .apply =
                                     [this](api::ApplyRequest request) {
                                       const bool is_taken =
                                           apply_requests_.try_push(std::move(request));
                                       if (is_taken) apply_wake_up_.call();
                                       return is_taken;
                                     },
                                 .store = store_->environment(),
                                 .board = board_,
                                 .clock = clock_},
                                facts_);
  if (!api) return fail_within("[control] socket", api.error());
  api_ = std::move(*api);
  open_web();
  return {};
}

void Daemon::open_web() {
  if (auto web = web_door_.turn(clock_.steady())) api_->listen(std::move(*web));
  if (web_door_.facts() == facts_.web) return;
  facts_.web = web_door_.facts();
  api_->replace(facts_);
}

// Everything that is not named goes to the gateway.
struct Daemon::Perform {
  Daemon& self;

  void operator()(const core::Deliver& order) const { self.deliver(order); }
  void operator()(const core::Reply& reply) const {
    if (self.api_) self.api_->answer(reply);
  }
  void operator()(const core::Note& note) const {
    if (core::is_usual(note.kind)) {
      log::info("{}", note.text);
    } else {
      log::warning("{}", note.text);
    }
  }
  template <class Task>
  void operator()(const Task& task) const {
    if constexpr (std::is_same_v<Task, core::Admit>) self.has_new_client_ = true;
    self.gateway_->tell(task);
  }
};

void Daemon::perform(const core::Effect& effect) {
  std::visit(Perform{*this}, effect);
}

// A delivery that cannot even be begun is an attempt that failed: it is tried again later.
void Daemon::deliver(const core::Deliver& order) {
  const auto refuse = [&](const std::string& why) {
    log::warning("notification {} could not be sent: {}", order.notification.value, why);
    check(inbox_.post(Inbox::Lane::deliveries,
                      core::DeliveryEnded{order.notification, order.attempt,
                                          core::AttemptResult::temporary_failure, why}),
          "the inbox has room for every delivery under way");
  };
  if (!store_->may_act()) return refuse("another aggregator may have taken over");
  const auto snapshot = storage::Snapshot::take(store_->environment());
  if (!snapshot) return refuse(snapshot.error().message);
  auto delivery = read_delivery(*snapshot, order.notification,
                                {.account = configuration_.settings.account_name,
                                 .address = configuration_.delivery.mail.from,
                                 .code_key = code_key_},
                                clock_.wall());
  if (!delivery) return refuse(delivery.error().message);
  auto& workers = *workers_.at(delivery->recipient.channel);
  if (!workers.submit(std::move(*delivery))) refuse("the delivery workers are stopping");
}

void Daemon::start_workers() {
  const auto report = [this](core::DeliveryEnded ended) {
    log_attempt(ended);
    check(inbox_.post(Inbox::Lane::deliveries, std::move(ended)),
          "the inbox has room for every delivery under way");
  };
  for (const auto& [channel, text] : kEnumText<core::Channel>) {
    workers_[channel] = std::make_unique<notify::Workers>(configuration_.delivery, report);
  }
}

void Daemon::stop_workers(Duration patience) {
  for (auto& [channel, workers] : workers_) workers->stop(patience);
}

void Daemon::start_pinger() {
  pinger_.reset();
  if (configuration_.pings.urls.empty()) return;
  pinger_ = std::make_unique<watchdog::Pinger>(
      configuration_.pings, [this] { return watchdog::is_well(board_, clock_.steady()); }, clock_);
}

void Daemon::start_auditor() {
  const auto listening_since = [this] {
    const auto published = board_.listening_since_ms.load();
    return published == 0 ? clock_.wall() : Instant(Duration(published));
  };
  auditor_ = std::make_unique<auditor::Auditor>(
      auditor::Footing{.store = store_->environment(),
                       .clock = clock_,
                       .listening_since = listening_since,
                       .report = [this](const auditor::Verdict& verdict) { take(verdict); }},
      configuration_.settings);
}

// What it says becomes an alert, and stops the aggregator's own heartbeat (R8.1).
void Daemon::take(const auditor::Verdict& verdict) {
  switch (verdict.agreement) {
    case auditor::Agreement::says_nothing:
      return;
    case auditor::Agreement::agrees:
      board_.auditor_agreed_at_ms = clock_.steady().time_since_epoch().count();
      board_.does_auditor_disagree = false;
      break;
    case auditor::Agreement::disagrees:
      board_.does_auditor_disagree = true;
      log::error("{}", verdict.problem);
      break;
  }
  // Where the inbox has no room it is said again after the next round.
  (void)inbox_.post(Inbox::Lane::loop,
                    core::SelfChecked{.topic = "auditor", .problem = verdict.problem});
}

// A wrong file stops nothing that runs: what the store holds counts then.
Status Daemon::apply_at_start() {
  if (auto ok = loop_.turn(); !ok) return ok;
  declaring_.set_folder(configuration_.conf_dir);
  const auto applied = declaring_.apply(declared::read_folder(configuration_.conf_dir), {});
  if (!applied) return fail(applied.error());
  facts_.declared = declaring_.facts();
  api_->replace(facts_);
  has_new_client_ = false;
  return {};
}

Status Daemon::run() {
  if (auto ok = apply_at_start(); !ok) return ok;
  service::notify_ready();
  start_auditor();
  start_pinger();
  log::info("listening for agents on {}, for enrolment on {}", facts_.agents_endpoint,
            facts_.enrolment_endpoint.empty() ? "nothing" : facts_.enrolment_endpoint);
  while (take_signals()) {
    if (auto ok = answer_requests(); !ok) return ok;
    if (auto ok = loop_.turn(); !ok) return ok;
    look_after();
    pollfd waits[] = {
        {signals_.fd(), POLLIN, 0}, {inbox_.fd(), POLLIN, 0}, {apply_wake_up_.fd(), POLLIN, 0}};
    poll(waits, std::size(waits), static_cast<int>(loop_.patience().count()));
  }
  return stop();
}

bool Daemon::take_signals() {
  while (const auto signal = signals_.next()) {
    switch (*signal) {
      case service::Signal::stop:
        return false;
      case service::Signal::reload:
        wants_reload_ = true;
    }
  }
  return true;
}

Status Daemon::answer_requests() {
  if (std::exchange(wants_reload_, false)) {
    const auto comparison = reload({}, "configuration file");
    if (!comparison) return fail(comparison.error());
  }
  apply_wake_up_.clear();
  for (auto& request : apply_requests_.pop_some(1, Duration::zero())) {
    auto comparison = reload(request.options, request.actor);
    if (!comparison) return fail(comparison.error());
    api_->answer(request.request, std::move(*comparison));
  }
  if (apply_requests_.size() > 0) apply_wake_up_.call();
  if (!std::exchange(has_new_client_, false)) return {};
  auto status = declaring_.go_on();
  facts_.declared = declaring_.facts();
  api_->replace(facts_);
  return status;
}

// A file with a mistake changes nothing.
Result<declared::Comparison> Daemon::reload(const declared::Options& options,
                                            const std::string& actor) {
  service::notify_reloading();
  auto loaded = load_configuration(configuration_file_);
  auto objects = declared::read_folder(loaded.configuration.conf_dir);
  objects.mistakes.insert(objects.mistakes.begin(), loaded.mistakes.begin(), loaded.mistakes.end());
  declaring_.set_folder(loaded.configuration.conf_dir);
  auto comparison = declaring_.apply(
      std::move(objects),
      {.options = options, .actor = actor, .settings = &loaded.configuration.settings});
  if (!comparison) return comparison;
  if (comparison->is_good()) take_configuration(std::move(loaded.configuration));
  facts_.declared = declaring_.facts();
  api_->replace(facts_);
  service::notify_ready();
  return comparison;
}

void Daemon::take_configuration(Configuration fresh) {
  if (const auto keys = needing_restart(configuration_, fresh); !keys.empty()) {
    log::warning("changed only at the next start: {}", fmt::join(keys, ", "));
  }
  const bool has_new_delivery = fresh.delivery != configuration_.delivery;
  const bool has_new_pings = fresh.pings != configuration_.pings;
  configuration_.settings = fresh.settings;
  configuration_.delivery = fresh.delivery;
  configuration_.pings = fresh.pings;
  configuration_.conf_dir = fresh.conf_dir;
  facts_.settings = fresh.settings;
  facts_.is_mail_configured = !fresh.delivery.mail.url.empty();
  facts_.show_message = message_preview(fresh.settings.account_name, fresh.delivery);
  if (auto tls = web_door_.renew(fresh.web)) api_->use(std::move(tls));
  facts_.web = web_door_.facts();
  auditor_->replace(fresh.settings);
  if (has_new_delivery) {
    stop_workers(kDrainAtReload);
    start_workers();
  }
  if (has_new_pings) start_pinger();
  log::info("the configuration was read again");
}

void Daemon::look_after() {
  const auto now = clock_.steady();
  service::notify_alive();
  if (now >= next_checkpoint_) {
    next_checkpoint_ = now + kCheckpointEvery;
    if (auto ok = checkpoint(); !ok) log::error("{}", ok.error().message);
  }
  if (auto ok = sweeper_.turn(now, clock_.wall(), configuration_.settings.retention); !ok) {
    log::error("{}", ok.error().message);
  }
  if (auto ok = upkeep_.turn(now); !ok) log::error("{}", ok.error().message);
  open_web();
  if (now < next_status_) return;
  next_status_ = now + kStatusEvery;
  board_.are_deliveries_failing = are_deliveries_failing(loop_.state(), clock_.wall());
  show_status();
}

void Daemon::show_status() {
  const auto& state = loop_.state();
  const auto disconnected = std::count_if(
      state.clients.begin(), state.clients.end(),
      [](const auto& row) { return row.second.state == core::ClientState::disconnected; });
  service::notify_status(fmt::format("{} clients, {} disconnected, {} active alerts",
                                     state.clients.size(), disconnected, state.alerts.size()));
}

Status Daemon::checkpoint() {
  std::vector<std::pair<ClientId, Instant>> heard;
  for (const auto& [id, client] : loop_.state().clients) {
    if (const auto at = board_.last_heard.get(id)) heard.emplace_back(id, *at);
  }
  if (heard.empty()) return {};
  return store_->checkpoint(heard);
}

Status Daemon::stop() {
  log::info("stopping");
  service::notify_stopping();
  pinger_.reset();
  auditor_.reset();
  api_.reset();
  stop_workers(kDrainAtStop);
  auto ended = loop_.finish();  // books what the workers reported
  gateway_->stop();
  if (ended) ended = checkpoint();
  return ended;
}

}  // namespace vaultbell::aggregator
