#include "agent/daemon.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "shared/base/log.hpp"
#include "shared/config/toml_file.hpp"
#include "shared/service/notify.hpp"

namespace vaultbell::agent {

namespace {

// Where a run is open, its process may be gone without a word; where something did not work, it may
// work now. Else only reports are looked for whose writer could not wake us: with every heartbeat,
// and by itself no more often than that, so that an idle agent wakes for nothing else.
constexpr Duration kSweepEvery = std::chrono::seconds(10);
constexpr Duration kIdleSweepEvery = std::chrono::seconds(60);
constexpr Duration kLostPingsEvery = std::chrono::minutes(1);  // one line: no flood in the journal
constexpr int kCommandsPerTurn = 256;  // from the wire: keeps a turn under 50 ms

constexpr const char* kRunFolder = "/run";

std::uint64_t any_number() {
  const auto uuid = random_uuid();
  std::uint64_t number = 0;
  std::memcpy(&number, uuid.bytes.data(), sizeof number);
  return number;
}

}  // namespace

Result<std::unique_ptr<Daemon>> Daemon::open(const Configuration& configuration,
                                             const StateFolder& folder, Load load) {
  auto enrolment = folder.load_enrolment();
  if (!enrolment) return fail(enrolment.error());
  auto key = folder.load_key();
  if (!key) return fail(ErrorCode::invalid, "this host's key: " + key.error().message);
  auto host = uplink::read_host_facts();
  if (!host) return fail(host.error());
  host->jobs = configuration.declared_jobs();
  auto spool = folder.open_spool(configuration.spool_max_bytes);
  if (!spool) return fail(spool.error());
  auto signals = service::Signals::take();
  if (!signals) return fail(signals.error());
  auto socket = LocalSocket::listen(configuration.socket_path());
  if (!socket) return fail(socket.error());
  return std::unique_ptr<Daemon>(
      new Daemon({std::move(*signals), std::move(*spool), std::move(*enrolment), *key,
                  std::move(*host), std::move(*socket), folder, configuration, std::move(load)}));
}

Daemon::Daemon(Parts parts)
    : parts_(std::move(parts)),
      uplink_(context_,
              {.endpoint = parts_.enrolment.endpoint,
               .server_key = parts_.enrolment.server_key,
               .own_key = parts_.key},
              parts_.host),
      alone_caller_(parts_.configuration.alone, parts_.folder, parts_.host.boot),
      sweep_at_(clock_.steady()),
      swept_at_(sweep_at_),
      started_at_(clock_.wall()),
      alive_every_(service::watchdog_interval()),
      alive_at_(clock_.steady()) {}

Status Daemon::run() {
  const auto spool = look();
  if (!spool) return fail(spool.error());
  log::info("agent {} of client \"{}\" starts; the aggregator is at {}", VAULTBELL_VERSION,
            parts_.enrolment.client, parts_.enrolment.endpoint);
  core::Started started{*spool, any_number()};
  alone_caller_.recall(started);
  do_(started);
  // The first socket fails only where the endpoint has no form that ZeroMQ knows.
  if (failure_) return fail(ErrorCode::invalid, "enrolment.toml: " + failure_->message);
  listen_for_pings();
  job_logs_.watch(parts_.configuration, clock_.steady());
  service::notify_ready();
  while (state_.link.state != core::LinkState::stopped && !failure_) {
    wait();
    turn();
  }
  service::notify_stopping();
  if (const auto ended = alone_caller_.finish()) do_(*ended);
  if (failure_) return fail(*failure_);
  log::info("stopped");
  return {};
}

Duration Daemon::patience() const {
  const auto now = clock_.steady();
  auto until = sweep_at_;
  const auto earlier = [&](const std::optional<Steady>& other) {
    if (other) until = std::min(until, *other);
  };
  earlier(core::next_deadline(state_));
  earlier(parts_.socket.next_deadline());
  if (pings_) earlier(pings_->next_deadline());
  earlier(job_logs_.next_deadline());
  earlier(alone_caller_.next_deadline());
  if (alive_every_) earlier(alive_at_ + *alive_every_);
  return until - now;
}

void Daemon::wait() {
  poller_.clear();
  uplink_.add_to(poller_);
  parts_.socket.add_to(poller_);
  if (pings_) pings_->add_to(poller_);
  job_logs_.add_to(poller_);
  alone_caller_.add_to(poller_);
  poller_.add(parts_.signals.fd());
  poller_.wait(patience());
}

void Daemon::turn() {
  take_signals();
  const auto now = clock_.steady();
  const auto wanted = parts_.socket.turn(now, [this] { return status(); });
  if (wanted.is_wake) sweep_at_ = now;
  if (wanted.is_leave) do_(core::Stopping{GoodbyeReason::unenrolled});
  if (wanted.is_rekey) do_(core::KeyChanged{});
  if (pings_) {
    must_look_ |=
        pings_->turn(now, [this](const pings::Request& request) { return take_ping(request); });
  }
  read_logs();
  take_from_uplink();
  if (is_next_key_used_ && state_.link.state == core::LinkState::welcomed) adopt_key();
  if (const auto ended = alone_caller_.turn(now)) do_(*ended);
  const auto deadline = core::next_deadline(state_);
  if (deadline && *deadline <= clock_.steady()) do_(core::Tick{});
  if (sweep_at_ <= now || swept_at_ + kSweepEvery <= now) sweep();
  settle_spool();
  tell_systemd();
}

void Daemon::take_signals() {
  while (const auto signal = parts_.signals.next()) {
    switch (*signal) {
      case service::Signal::stop:
        do_(core::Stopping{uplink::is_going_down(kRunFolder) ? GoodbyeReason::host_shutdown
                                                             : GoodbyeReason::stopped});
        break;
      case service::Signal::reload:
        reload();
        break;
    }
  }
}

// A file with a mistake changes nothing. Jobs count at once, the rest with the next start.
void Daemon::reload() {
  service::notify_reloading();
  auto loaded = parts_.load();
  for (const auto& mistake : loaded.mistakes) log::error("{}", mistake);
  if (loaded.mistakes.empty()) {
    auto& now = parts_.configuration;
    if (loaded.configuration.needs_restart(now)) {
      log::warning(
          "only [[job]] and [adapters] count from now on; what else was changed does with a "
          "restart");
    }
    now.jobs = std::move(loaded.configuration.jobs);
    now.adapters = std::move(loaded.configuration.adapters);
    uplink_.set_jobs(now.declared_jobs());
    job_logs_.watch(parts_.configuration, clock_.steady());
    do_(core::JobsChanged{});
    log::info("the configuration was read again: {} jobs", now.jobs.size());
  } else {
    log::error("the configuration was not read again: {}", config::count_of(loaded.mistakes));
  }
  service::notify_ready();
}

void Daemon::sweep() {
  swept_at_ = clock_.steady();
  sweep_at_ = swept_at_ + kSweepEvery;
  must_look_ = true;
  is_disk_full_ = false;
  listen_for_pings();
  const auto ended = parts_.spool.end_interrupted();
  if (!ended) return note(ended.error());
  for (const auto& report : *ended) {
    log::warning("the run {} of job \"{}\" was interrupted: {}", to_text(report.run), report.job,
                 report.message);
  }
  const auto is_watching = parts_.spool.watches_any();
  if (!is_watching) return note(is_watching.error());
  const bool is_idle = !*is_watching && settlement_.is_empty() && pings_trouble_.empty();
  if (is_idle) sweep_at_ = swept_at_ + kIdleSweepEvery;
}

void Daemon::listen_for_pings() {
  const auto& address = parts_.configuration.healthchecks.listen;
  if (!address || pings_) return;
  auto server = pings::Server::listen(*address);
  if (!server) {
    const auto& trouble = server.error().message;
    if (pings_trouble_ != trouble) log::error("{}; trying again", trouble);
    pings_trouble_ = trouble;
    return;
  }
  log::info("pings are taken at http://{}/ping/JOB", to_text(server->address()));
  pings_.emplace(std::move(*server));
  pings_trouble_.clear();
}

pings::Answer Daemon::take_ping(const pings::Request& request) {
  auto booked = ping_book_.book(request, parts_.spool, parts_.configuration, clock_.wall());
  if (booked.trouble) {
    note(*booked.trouble);
  } else if (booked.is_lost && lost_ping_noted_at_ + kLostPingsEvery <= clock_.steady()) {
    lost_ping_noted_at_ = clock_.steady();
    log::warning("a ping was refused: {}", booked.answer.text);
  }
  return std::move(booked.answer);
}

void Daemon::read_logs() {
  const auto has_kept = job_logs_.turn(parts_.spool, clock_.steady(), clock_.wall());
  if (!has_kept) return note(has_kept.error());
  must_look_ |= *has_kept;
}

void Daemon::take_from_uplink() {
  for (int i = 0; i < kCommandsPerTurn; ++i) {
    const auto command = uplink_.next(clock_.wall());
    if (!command) return;
    do_(*command);
  }
}

void Daemon::choose_key() {
  const auto next = parts_.folder.load_next_key();
  const bool was_refused = !state_.link.trouble.empty();
  is_next_key_used_ = next.has_value() && was_refused && !is_next_key_used_;
  const auto key = is_next_key_used_ ? next : parts_.folder.load_key();
  if (!key)
    return log::error("this host's key: {}; the one that was read before is used",
                      key.error().message);
  parts_.key = *key;
  uplink_.set_key(*key);
}

void Daemon::adopt_key() {
  const auto lock = parts_.folder.lock_next_key();
  // Who is at it does this as well. Killed, it leaves it to a later turn.
  if (!lock && lock.error().code == ErrorCode::refused) return;
  is_next_key_used_ = false;
  if (!lock) return log::error("{}", lock.error().message);
  const auto ok = parts_.folder.adopt_next_key(parts_.key.public_key);
  if (!ok) return log::error("{}", ok.error().message);
  log::info("the key of this host is now {}", crypto::fingerprint(parts_.key.public_key));
}

void Daemon::settle_spool() {
  if (!settlement_.is_empty() && !is_disk_full_) {
    must_look_ = true;
    if (auto ok = settlement_.settle(parts_.spool); !ok) {
      is_disk_full_ = true;
      sweep_at_ = std::min(sweep_at_, clock_.steady() + kSweepEvery);
      note(ok.error());
    }
  }
  if (std::exchange(must_look_, false)) {
    const auto view = look();
    if (!view) return note(view.error());
    do_(core::SpoolRead{*view});
  }
  // At most one command comes of one SendReports, and none of those sends again. What came of a
  // RunAloneCommand leads to one more at the most: to tell that contact is back.
  while (!commands_.empty()) {
    const auto command = std::move(commands_.front());
    commands_.pop_front();
    do_(command);
  }
}

Result<core::SpoolView> Daemon::look() const {
  auto ranges = parts_.spool.ranges();
  if (!ranges) return fail(ranges.error());
  const auto usage = parts_.spool.usage();
  if (!usage) return fail(usage.error());
  return core::SpoolView{std::move(*ranges), usage->used_bytes, usage->is_full};
}

void Daemon::note(const Error& error) {
  log::error("{}", error.message);
  if (error.code != ErrorCode::full) failure_ = error;
}

void Daemon::tell_systemd() {
  const auto now = clock_.steady();
  const bool is_connected = core::is_in_contact(state_.link, now);
  auto text = is_connected ? "connected to " + parts_.enrolment.endpoint
                           : "no contact with " + parts_.enrolment.endpoint;
  if (state_.sending.is_full) text += "; the spool is full";
  if (text != last_status_) service::notify_status(text);
  last_status_ = std::move(text);
  // At half of the time it goes along with whatever has woken us.
  if (!alive_every_ || now < alive_at_ + *alive_every_ / 2) return;
  service::notify_alive();
  alive_at_ = now;
}

void Daemon::do_(const core::Command& command) {
  auto decision = core::decide(state_, {clock_.steady(), clock_.wall()}, command);
  for (const auto& change : decision.changes) core::evolve(state_, change);
  for (const auto& effect : decision.effects) {
    std::visit([this](const auto& one) { carry_out(one); }, effect);
  }
}

void Daemon::carry_out(const core::OpenLink&) {
  choose_key();
  if (auto ok = uplink_.open(); !ok) failure_ = ok.error();
}

void Daemon::carry_out(const core::CloseLink&) {
  uplink_.close();
}

void Daemon::carry_out(const core::SendHello& effect) {
  uplink_.send(effect, clock_.wall());
}

void Daemon::carry_out(const core::SendHeartbeat& effect) {
  uplink_.send(effect, clock_.wall());
}

void Daemon::carry_out(const core::SendGoodbye& effect) {
  uplink_.send(effect);
}

void Daemon::carry_out(const core::SendReports& effect) {
  const auto kept = parts_.spool.read(effect.after, effect.count);
  if (!kept && kept.error().code == ErrorCode::invalid) {
    commands_.emplace_back(core::ReportUnreadable{{effect.after.spool, effect.after.sequence + 1},
                                                  kept.error().message});
    return;
  }
  if (!kept) return note(kept.error());
  for (const auto& one : *kept) uplink_.send({effect.after.spool, one.sequence}, one.report);
}

void Daemon::carry_out(const core::Discard& effect) {
  settlement_.discard_through(effect.ack);
}

void Daemon::carry_out(const core::SetAside& effect) {
  settlement_.set_aside(effect.position, effect.why, clock_.wall());
}

void Daemon::carry_out(const core::Renew& effect) {
  must_look_ = true;
  if (auto ok = parts_.spool.renew(effect.spool); !ok) note(ok.error());
}

void Daemon::carry_out(const core::KeepAlone& effect) {
  alone_caller_.keep(effect.row);
}

void Daemon::carry_out(const core::RunAloneCommand& effect) {
  const auto& link = state_.link;
  const auto ended =
      alone_caller_.run({.call = effect,
                         .client = link.client.empty() ? parts_.enrolment.client : link.client,
                         .aggregator = parts_.enrolment.endpoint,
                         .hostname = parts_.host.hostname,
                         .trouble = link.trouble},
                        clock_.steady());
  if (ended) commands_.emplace_back(*ended);
}

void Daemon::carry_out(const core::Note& effect) {
  log::write(effect.is_warning ? log::Level::warning : log::Level::info, effect.text);
}

Instant Daemon::to_wall(Steady then) const {
  return clock_.wall() - (clock_.steady() - then);
}

std::string Daemon::status() const {
  const auto& link = state_.link;
  StatusFacts facts{.at = clock_.wall(),
                    .running_since = started_at_,
                    .enrolment = parts_.enrolment,
                    .fingerprint = crypto::fingerprint(parts_.key.public_key),
                    .is_connected = core::is_in_contact(state_.link, clock_.steady()),
                    .trouble = link.trouble};
  if (!link.client.empty()) {
    facts.enrolment->client = link.client;
    facts.enrolment->vault = link.vault;
    facts.clock_ahead = link.clock_ahead;
  }
  if (facts.is_connected) facts.connected_since = to_wall(link.welcomed_at);
  if (link.heard_at) facts.last_contact = to_wall(*link.heard_at);
  if (auto usage = parts_.spool.usage()) facts.spool = *usage;
  if (auto last = parts_.spool.last_set_aside()) facts.last_set_aside = std::move(*last);
  facts.alone = alone_facts();
  facts.log_troubles = job_logs_.troubles();
  return to_json(facts);
}

AloneFacts Daemon::alone_facts() const {
  const auto& alone = state_.alone;
  const core::Moment now{clock_.steady(), clock_.wall()};
  AloneFacts facts{.setting = alone.setting, .call = alone.call};
  if (!core::is_in_contact(state_.link, now.steady)) {
    facts.since = core::last_contact(alone, now);
    facts.is_alone = alone.is_alone;
  }
  if (const auto due_at = core::next_alone_call(alone)) {
    facts.due_at = now.wall + (*due_at - now.steady);
  }
  return facts;
}

}  // namespace vaultbell::agent
