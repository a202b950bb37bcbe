#include "tests/support/world.hpp"

#include <cstdlib>
#include <utility>

#include "aggregator/auditor/auditor.hpp"
#include "aggregator/core/invariants.hpp"
#include "shared/base/check.hpp"
#include "shared/domain/zone.hpp"

namespace vaultbell::support {

namespace {

constexpr Duration kStep = std::chrono::seconds(1);
constexpr Duration kReconnectAfter = std::chrono::seconds(3);  // as net::DealerOptions
constexpr Duration kHelloAgainAfter = std::chrono::seconds(30);
constexpr int kTicksPerTurn = 8;          // as aggregator/loop
constexpr int kTurnsPerMomentMax = 1000;  // more means that it never comes to rest
constexpr Duration kAuditEvery = auditor::Auditor::kEvery;
constexpr std::size_t kMapBytes = 64UL << 20;  // plenty for any test

bool is_store_wanted() {
  const char* journal = std::getenv("VAULTBELL_TEST_JOURNAL");
  return journal != nullptr && std::string_view(journal) == "store";
}

std::size_t row_count(const core::Decision& decision) {
  std::size_t count = 0;
  for (const auto& change : decision.changes) {
    if (!std::holds_alternative<core::Remember>(change)) ++count;
  }
  return count;
}

// The parts of two States that are not equal, by name.
std::string differences(const core::State& a, const core::State& b) {
  std::string names;
  const auto compare = [&](const char* name, const auto& left, const auto& right) {
    if (!(left == right)) names += std::string(" ") + name;
  };
  compare("counters", a.counters, b.counters);
  compare("vaults", a.vaults, b.vaults);
  compare("clients", a.clients, b.clients);
  compare("jobs", a.jobs, b.jobs);
  compare("spool_marks", a.spool_marks, b.spool_marks);
  compare("open_runs", a.open_runs, b.open_runs);
  compare("alerts", a.alerts, b.alerts);
  compare("notifications", a.notifications, b.notifications);
  compare("tokens", a.tokens, b.tokens);
  compare("enrolments", a.enrolments, b.enrolments);
  compare("clock_shifts", a.clock_shifts, b.clock_shifts);
  compare("recovering", a.recovering, b.recovering);
  compare("contacts", a.contacts, b.contacts);
  compare("groups", a.groups, b.groups);
  compare("addresses", a.addresses, b.addresses);
  compare("channels", a.channels, b.channels);
  compare("maintenances", a.maintenances, b.maintenances);
  compare("outages", a.outages, b.outages);
  return names.empty() ? " derived indexes" : names;
}

}  // namespace

World::World(core::Settings settings, Instant begin)
    : settings_(std::move(settings)),
      wall_(begin),
      steady_(std::chrono::hours(1000)),
      uses_store_(is_store_wanted()) {
  check(load_zones().has_value(), "this machine has the time zones");
  core::Counters counters;
  counters.installation = uuid(1'000'000);
  check(rows_.commit({core::Put{counters}}).has_value(), "a journal in memory takes everything");
  check(rows_.commit(greetings_for(settings_.owners)).has_value(),
        "a journal in memory takes everything");
  start();
}

World::~World() = default;

// Tests that are about something else get no greetings.
core::WriteSet World::greetings_for(const std::vector<std::string>& owners) const {
  core::WriteSet greeted;
  for (const auto& owner : owners) {
    const core::AddressKey key{core::Channel::email, owner};
    if (rows_.get<core::Address>(key)) continue;
    greeted.push_back(core::Put{core::Address{.address = owner, .welcomed_at = wall_}});
  }
  return greeted;
}

// ---- time

void World::pass(Duration duration) {
  const auto end = steady_ + duration;
  while (steady_ < end) {
    const auto step = std::min<Duration>(kStep, end - steady_);
    wall_ += step;
    steady_ += step;
    second();
  }
}

void World::pass_until(Instant wall) {
  check(wall >= wall_, "a test's time goes forward");
  pass(wall - wall_);
}

void World::step_clock(Duration by) {
  wall_ += by;
}

void World::suspend(Duration duration) {
  wall_ += duration;
  steady_ += duration;
}

void World::commits_take(Duration commit) {
  commit_takes_ = commit;
}

void World::second() {
  for (auto& [name, host] : hosts_) let_host_act(host);
  if (is_running()) gateway_->turn(moment());
  settle();
  if (store_ && is_audited && steady_ - audited_at_ >= kAuditEvery) audit();
}

void World::let_host_act(Host& host) {
  if (!host.is_up || !host.has_network || !is_running()) return;
  if (!host.is_welcomed) {
    if (steady_ >= host.connects_at) connect(host);
    return;
  }
  if (steady_ < host.beats_at) return;
  host.beats_at = steady_ + host.beat_every;
  gateway_->hear(host.client, moment());
}

void World::settle() {
  for (int turns = 0; turns < kTurnsPerMomentMax; ++turns) {
    if (!turn()) return;
  }
  fault("the aggregator does not come to rest");
}

// ---- the aggregator

void World::stop() {
  gateway_.reset();
  store_.reset();
  inbox_.clear();
  held_effects_.clear();
  open_deliveries_.clear();
  busy_until_ = {};
  state_ = {};
}

void World::start() {
  state_ = rows_.load(settings_, wall_);
  clock_offset_ = wall_.time_since_epoch() - steady_.time_since_epoch();
  gateway_ = std::make_unique<Gateway>(
      state_, [this](core::Command command) { inbox_.push_back(std::move(command)); }, moment());
  for (auto& [name, host] : hosts_) {
    host.is_welcomed = false;
    host.connects_at = steady_ + kReconnectAfter;
  }
  if (uses_store_) {
    auto store = storage::Store::open(folder_.path(), kMapBytes);
    check(store.has_value(), "a store can be opened");
    store_ = std::move(*store);
    check(store_->commit(rows_.everything()).has_value(), "a store can be written");
  }
  judge_ = {};
  check_state();
  submit(core::Started{});
}

void World::start_with(core::Settings settings) {
  settings_ = std::move(settings);
  start();
}

void World::reconfigure(core::Settings settings) {
  if (!greets_owners) seed(greetings_for(settings.owners));
  settings_ = settings;
  submit(core::Reconfigured{std::move(settings)});
  settle();
}

core::Decision World::submit(const core::Command& command) {
  check(is_running(), "a command needs a running aggregator");
  notice_clock_step();
  auto decision = decide(command);
  perform(decision.effects);
  return decision;
}

void World::seed(const core::WriteSet& changes) {
  commit(changes);
  for (const auto& change : changes) core::evolve(state_, change);
  check_state();
}

void World::notice_clock_step() {
  const auto offset = wall_.time_since_epoch() - steady_.time_since_epoch();
  const auto step = offset - std::exchange(clock_offset_, offset);
  if (step != Duration::zero()) perform(decide(core::ClockStepped{step}).effects);
}

// One turn of the main loop: what has arrived, then what is due. False: there was nothing to do.
bool World::turn() {
  if (!is_running() || steady_ < busy_until_) return false;
  notice_clock_step();
  if (inbox_.empty() && held_effects_.empty() && !is_due()) return false;
  perform(std::exchange(held_effects_, {}));
  std::vector<core::Effect> effects;
  bool has_decided = false;
  const auto carry_out = [&](const core::Command& command) {
    auto decision = decide(command);
    has_decided = true;
    std::move(decision.effects.begin(), decision.effects.end(), std::back_inserter(effects));
  };
  for (const auto& command : std::exchange(inbox_, {})) carry_out(command);
  for (int ticks = 0; ticks < kTicksPerTurn && is_due(); ++ticks) carry_out(core::Tick{});
  if (commit_takes_ > Duration::zero() && has_decided) {
    held_effects_ = std::move(effects);
    busy_until_ = steady_ + commit_takes_;
    return false;
  }
  perform(effects);
  return true;
}

int World::declare_jobs(const Host& host, const std::vector<AgentJob>& jobs) {
  int times = 0;
  do {
    asked_for_hello_.clear();
    submit(core::AgentJobsReceived{host.client, jobs});
    ++times;
  } while (!asked_for_hello_.empty());
  return times;
}

bool World::is_due() const {
  const auto deadline = core::next_deadline(state_);
  return deadline && *deadline <= wall_;
}

core::Decision World::decide(const core::Command& command) {
  auto decision = core::decide(state_, wall_, command);
  if (!(core::decide(loaded_, wall_, command) == decision)) {
    fault("the same arguments gave another decision");
  }
  if (const auto count = row_count(decision); count > core::kRowsPerDecisionMax) {
    fault("a decision writes " + std::to_string(count) + " rows");
  }
  if (const auto* ended = std::get_if<core::DeliveryEnded>(&command)) {
    open_deliveries_.erase(ended->notification);
  }
  commit(decision.changes);
  for (const auto& change : decision.changes) core::evolve(state_, change);
  check_state();
  return decision;
}

void World::commit(const core::WriteSet& changes) {
  check(rows_.commit(changes).has_value(), "a journal in memory takes everything");
  if (!store_) return;
  if (const auto committed = store_->commit(changes); !committed) {
    fault("the store: " + committed.error().message);
  }
}

void World::check_state() {
  for (const auto& sentence : core::broken_invariants(state_)) fault(sentence);
  loaded_ = rows_.load(settings_, state_.listening_since);
  if (!(loaded_ == state_)) {
    fault("the rows give another State, in" + differences(loaded_, state_));
  }
  if (!store_) return;
  store_.reset();
  auto store = storage::Store::open(folder_.path(), kMapBytes);
  check(store.has_value(), "a store can be opened again");
  store_ = std::move(*store);
  auto loaded = store_->load(settings_, state_.listening_since);
  if (!loaded) return fault("the store: " + loaded.error().message);
  if (!(*loaded == state_)) {
    fault("the store gives another State, in" + differences(*loaded, state_));
  }
  loaded_ = std::move(*loaded);
}

void World::audit() {
  audited_at_ = steady_;
  const auto verdict = judge_.judge(auditor::audit(
      store_->environment(),
      {.settings = settings_, .now = wall_, .listening_since = state_.listening_since}, {}));
  if (verdict.agreement == auditor::Agreement::disagrees) fault(verdict.problem);
}

// ---- effects

struct World::Perform {
  World& world;

  static Host* if_reachable(Host* host) {
    return host != nullptr && host->is_up && host->has_network ? host : nullptr;
  }
  Host* reachable(ClientId client) const { return if_reachable(world.host_of(client)); }

  void operator()(const core::SendWelcome& welcome) const {
    auto* host = reachable(welcome.client);
    if (host == nullptr) return;
    host->is_welcomed = true;
    host->beat_every = welcome.timing.heartbeat_every;
    host->beats_at = world.steady_ + host->beat_every;
    for (const auto& ack : welcome.acks) forget_acknowledged(*host, ack);
    world.send_kept(*host);
  }
  void operator()(const core::SendTiming& timing) const {
    if (auto* host = reachable(timing.client)) host->beat_every = timing.timing.heartbeat_every;
  }
  void operator()(const core::AskForHello& ask) const {
    world.asked_for_hello_.push_back(ask.client);
  }
  void operator()(const core::SendAck& ack) const {
    auto* host = if_reachable(world.host_of(ack.client, ack.ack.spool));
    if (host != nullptr) forget_acknowledged(*host, ack.ack);
  }
  void operator()(const core::SendReportRefused& refused) const {
    auto* host = if_reachable(world.host_of(refused.client, refused.ack.spool));
    if (host == nullptr) return;
    host->refusals.push_back(refused.message);
    forget_acknowledged(*host, refused.ack);
    if (refused.is_out_of_order) world.send_kept(*host);
  }
  void operator()(const core::Admit&) const {}
  void operator()(const core::Expel& expel) const { world.gateway_->expel(expel.client); }
  void operator()(const core::Watch& watch) const { world.gateway_->watch(watch, world.moment()); }
  void operator()(const core::AnswerEnrolment& answer) const { world.enrolment_answer_ = answer; }
  void operator()(const core::Deliver& deliver) const { world.deliver(deliver); }
  void operator()(const core::Reply& reply) const { world.reply_ = reply; }
  void operator()(const core::Note& note) const {
    if (!core::is_usual(note.kind)) world.notes_.push_back(note.text);
  }
};

void World::perform(const std::vector<core::Effect>& effects) {
  for (const auto& effect : effects) std::visit(Perform{*this}, effect);
}

void World::deliver(const core::Deliver& deliver) {
  const auto notification = rows_.get<core::Notification>(deliver.notification);
  if (!notification || notification->state != core::NotificationState::sending) {
    return fault("a delivery of what is not being sent");
  }
  for (const auto id : open_deliveries_) {
    const auto other = rows_.get<core::Notification>(id);
    if (other->recipient.place() == notification->recipient.place()) {
      fault("two deliveries at once to " + notification->recipient.address);
    }
  }
  open_deliveries_.insert(deliver.notification);
  if (!receivers.are_answering) return;
  auto answer = receivers.answer(notification->recipient.place());
  if (answer.result == core::AttemptResult::delivered) {
    mails_.push_back({wall_, person(notification->recipient), mail_text(rows_, *notification)});
  }
  inbox_.push_back(core::DeliveryEnded{.notification = deliver.notification,
                                       .attempt = deliver.attempt,
                                       .result = answer.result,
                                       .answer = std::move(answer.text),
                                       .is_about_recipient = answer.is_about_recipient,
                                       .is_proven = answer.is_proven});
}

// ---- people

tl::expected<core::OrderDone, Error> World::order(decltype(core::Order::what) what,
                                                  bool is_dry_run) {
  reply_.reset();
  submit(core::Order{.request = ++last_number_,
                     .actor = "alice",
                     .is_dry_run = is_dry_run,
                     .what = std::move(what)});
  check(reply_ && reply_->request == last_number_, "an order is answered");
  auto result = std::move(reply_->result);
  settle();
  return result;
}

VaultId World::vault(const std::string& name, core::PolicyMode mode) {
  const auto known = state_.vault_by_name.find(name);
  if (known != state_.vault_by_name.end()) return known->second;
  check(order(core::CreateVault{.name = name, .policy = {mode}}).has_value(), "a vault is made");
  return state_.vault_by_name.at(name);
}

ContactId World::contact(const std::string& name, const std::string& email,
                         const std::string& mobile, const std::string& webhook) {
  const auto known = state_.contact_by_name.find(name);
  if (known != state_.contact_by_name.end()) return known->second;
  core::CreateContact create{.name = name};
  core::WriteSet verified;
  const auto add = [&](core::Channel channel, const std::string& address) {
    if (address.empty()) return;
    create.channels.push_back({channel, address, {}});
    verified.push_back(core::Put{core::Address{
        .channel = channel, .address = address, .verified_at = wall_, .welcomed_at = wall_}});
  };
  add(core::Channel::email, email);
  add(core::Channel::mobile, mobile);
  add(core::Channel::webhook, webhook);
  seed(verified);
  check(order(create).has_value(), "a contact is made");
  return state_.contact_by_name.at(name);
}

GroupId World::group(const std::string& name, const std::vector<ContactId>& members) {
  const auto known = state_.group_by_name.find(name);
  if (known != state_.group_by_name.end()) return known->second;
  check(order(core::CreateGroup{name, members}).has_value(), "a group is made");
  return state_.group_by_name.at(name);
}

decltype(core::AnswerEnrolment::answer) World::request_enrolment(
    const core::EnrolmentRequested& request) {
  enrolment_answer_.reset();
  submit(request);
  check(enrolment_answer_ && enrolment_answer_->request == request.request,
        "a request for enrolment is answered");
  return enrolment_answer_->answer;
}

// ---- hosts

Host& World::enrol(const std::string& name, const std::string& vault_name) {
  const auto number = ++last_number_;
  const auto token = order(core::CreateToken{.vault = vault(vault_name),
                                             .hash = token_hash(number),
                                             .expires_at = wall_ + std::chrono::hours(1),
                                             .needs_approval = false});
  check(token.has_value(), "a token is made");
  request_enrolment({.request = number,
                     .token_hash = token_hash(number),
                     .public_key = public_key(number),
                     .name = name});
  auto& host = hosts_[name];
  host = Host{.name = name,
              .client = state_.client_by_name.at(name),
              .boot = uuid(number),
              .spool = uuid(++last_number_)};
  return host;
}

Host& World::host(const std::string& name) {
  const auto known = hosts_.find(name);
  if (known != hosts_.end()) return known->second;
  auto& host = enrol(name);
  connect(host);
  return host;
}

Host& World::clone(const Host& original, const std::string& name) {
  auto& host = hosts_[name];
  host = Host{.name = name,
              .client = original.client,
              .boot = uuid(++last_number_),
              .spool = uuid(++last_number_),
              .address = "192.0.2.2"};
  return host;
}

void World::set_up_anew(Host& host) {
  const auto number = ++last_number_;
  const auto token = order(core::CreateToken{.client = host.client,
                                             .hash = token_hash(number),
                                             .expires_at = wall_ + std::chrono::hours(1),
                                             .needs_approval = false});
  check(token.has_value(), "a token is made");
  request_enrolment({.request = number,
                     .token_hash = token_hash(number),
                     .public_key = public_key(number),
                     .name = "localhost"});
  host = Host{.name = host.name,
              .client = host.client,
              .boot = uuid(number),
              .spool = uuid(++last_number_)};
}

Host* World::host_of(ClientId client) {
  const auto name = connected_.find(client);
  return name == connected_.end() ? nullptr : &hosts_.at(name->second);
}

Host* World::host_of(ClientId client, Uuid spool) {
  for (auto& [name, host] : hosts_) {
    if (host.client == client && host.spool == spool) return &host;
  }
  return nullptr;
}

void World::connect(Host& host) {
  connected_[host.client] = host.name;
  host.is_up = true;
  host.has_network = true;
  host.is_welcomed = false;
  host.connects_at = steady_ + kHelloAgainAfter;
  if (!is_running()) return;
  gateway_->hear(host.client, moment());
  gateway_->greet(host.client);
  inbox_.push_back(hello_of(host, wall_));
  settle();
}

void World::say_goodbye(Host& host, GoodbyeReason reason) {
  if (is_running() && host.has_network) {
    gateway_->hear(host.client, moment());
    gateway_->lose(host.client);
    inbox_.push_back(core::GoodbyeReceived{host.client, client(host).public_key, reason});
  }
  host.is_up = false;
  host.is_welcomed = false;
  settle();
}

void World::report(Host& host, RunReport report) {
  if (!report.run.is_set()) report.run = uuid(++last_number_);
  host.kept.emplace_back(++host.sequence, report);
  if (!is_running() || !host.is_welcomed || !host.has_network) return;
  gateway_->hear(host.client, moment());
  inbox_.push_back(core::ReportReceived{host.client, host.spool, host.sequence, std::move(report)});
  settle();
}

void World::send_kept(Host& host) {
  for (const auto& [sequence, report] : host.kept) {
    inbox_.push_back(core::ReportReceived{host.client, host.spool, sequence, report});
  }
}

void World::spool_full(Host& host, bool is_full) {
  inbox_.push_back(core::SpoolFullChanged{host.client, is_full});
  settle();
}

// ---- what comes of it

std::vector<Mail> World::take_mails() {
  return std::exchange(mails_, {});
}

Lines World::take_mail_lines() {
  Lines lines;
  for (const auto& mail : take_mails()) lines.push_back(mail.to + ": " + mail.text);
  return lines;
}

std::optional<core::Alert> World::last_alert(core::AlertKind kind) const {
  std::optional<core::Alert> last;
  for (const auto& [id, alert] : rows_.all<core::Alert>()) {
    if (alert.kind == kind) last = alert;
  }
  return last;
}

core::Client World::client(const Host& host) const {
  return *rows_.get<core::Client>(host.client);
}

core::Run World::last_run() const {
  const auto& runs = rows_.all<core::Run>();
  check(!runs.empty(), "a run was reported");
  return runs.rbegin()->second;
}

Lines World::take_notes() {
  return std::exchange(notes_, {});
}

Lines World::take_faults() {
  return std::exchange(faults_, {});
}

void World::fault(const std::string& sentence) {
  faults_.push_back(to_iso(wall_) + ": " + sentence);
}

}  // namespace vaultbell::support
