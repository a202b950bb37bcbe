#include "tests/simulation/host.hpp"

#include <algorithm>
#include <utility>

#include "agent/uplink/translation.hpp"
#include "shared/base/check.hpp"
#include "shared/protocol/codec.hpp"
#include "tests/simulation/network.hpp"
#include "tests/simulation/witness.hpp"
#include "tests/support/builders.hpp"

namespace vaultbell::simulation {

namespace agent = vaultbell::agent;

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t kWindow = agent::core::kWindowMax;
constexpr int kCommandsMax = 1000;  // that follow from one: more means that it never comes to rest
constexpr std::uint64_t kNumbersPerHost = 1'000'000'000;
constexpr std::uint64_t kBootNumbers = 500'000'000;  // behind the numbers of runs

// This program stands for every command that runs a backup: it lives as long as the boot does.
const agent::spool::PidMark& worker() {
  static const auto own = agent::spool::own_pid();
  check(own.has_value(), "this program can see itself in /proc");
  return *own;
}

}  // namespace

Host::Host(Scene& scene, Network& network, Witness& witness, Place place)
    : scene_(scene),
      network_(network),
      witness_(witness),
      place_(std::move(place)),
      random_(scene.options.seed, "host " + std::to_string(place_.number)),
      clock_ahead_(random_.between(-seconds(5), seconds(5))) {
  draw_works();
}

void Host::draw_works() {
  const std::vector<Duration> cadences = {hours(6), hours(8), hours(12), hours(24), hours(24)};
  for (std::size_t i = 0; i < scene_.options.jobs_per_host; ++i) {
    works_.push_back({.name = "job-" + std::to_string(i + 1),
                      .operation = random_.one_in(6) ? Operation::log_backup : Operation::backup,
                      .every = random_.one_of(cadences),
                      .takes = random_.between(minutes(1), minutes(90))});
  }
}

bool Host::is_spool_empty() const {
  const auto usage = spool_->usage();
  check(usage.has_value(), "a simulated spool can be read");
  return usage->reports == 0;
}

// ---- what happens to it

void Host::boot() {
  if (is_powered_) return;
  is_powered_ = true;
  boot_ = support::uuid(kNumbersPerHost * (place_.number + 1) + kBootNumbers + ++boots_);
  spool_.reset();
  auto spool = agent::spool::Spool::open({.folder = place_.folder,
                                          .max_bytes = scene_.options.spool_max_bytes,
                                          .boot = boot_,
                                          .durability = lmdb::Durability::end_of_program});
  check(spool.has_value(), "a simulated spool can be opened");
  spool_.emplace(std::move(*spool));
  start_agent();
  if (boots_ > 1) return;
  for (std::size_t i = 0; i < works_.size(); ++i) plan(i);
}

void Host::lose_power() {
  kill_agent();
  is_powered_ = false;
}

void Host::start_agent() {
  if (!is_powered_ || agent_) return;
  agent_.emplace();
  ++starts_;
  const auto ended = spool_->end_interrupted();
  check(ended.has_value(), "a simulated spool can be written");
  for (const auto& report : *ended) witness_.accepted(*this, report);
  scene_.tell(name() + ": the agent starts");
  do_(agent::core::Started{.spool = look(), .jitter_seed = random_.next()});
}

void Host::stop_agent(GoodbyeReason reason) {
  if (!agent_) return;
  scene_.tell(name() + ": the agent stops");
  do_(agent::core::Stopping{reason});
  kill_agent();
}

void Host::kill_agent() {
  if (!agent_) return;
  agent_.reset();
  ++starts_;  // what was on the agenda for the one before is void
  network_.close(place_.number);
}

// ---- runs

void Host::plan(std::size_t work) {
  const auto jitter = random_.between(Duration(0), Duration(minutes(2)));
  scene_.agenda.in(works_[work].every + jitter, [this, work] {
    if (is_powered_) begin_run(work);
    plan(work);
  });
}

void Host::begin_run(std::size_t number) {
  const auto& work = works_[number];
  if (random_.one_in(4)) return report_once(work);
  RunReport start{.run = support::uuid(kNumbersPerHost * (place_.number + 1) + ++last_run_),
                  .job = work.name,
                  .operation = work.operation,
                  .outcome = Outcome::running,
                  .started_at = wall(),
                  .tool = "restic"};
  if (random_.one_in(20)) start.operation = Operation::verify;
  const auto takes = random_.between(work.takes, work.takes * 5 / 4);
  keep_start(start, takes);
}

// A run of which nothing is said before it has ended.
void Host::report_once(const Work& work) {
  RunReport start{.run = support::uuid(kNumbersPerHost * (place_.number + 1) + ++last_run_),
                  .job = work.name,
                  .operation = work.operation,
                  .started_at = wall()};
  if (random_.one_in(30)) {
    start.operation = random_.one_of<Operation>({Operation::restore, Operation::delete_backup,
                                                 Operation::stop_protection_retain,
                                                 Operation::prune, Operation::configure});
  }
  const auto end = draw_end(start);
  if (spool_->append(end)) note_kept(end);
}

void Host::keep_start(const RunReport& start, Duration takes) {
  if (!spool_->begin_run(start, worker())) return;  // it is full, and has said so
  note_kept(start);
  scene_.agenda.in(takes, [this, start, boots = boots_] {
    if (is_powered_ && boots == boots_) end_run(start);
  });
}

void Host::end_run(const RunReport& start) {
  const auto end = draw_end(start);
  const auto is_kept = spool_->end_run(end);
  check(is_kept.has_value(), "the room for the end of a run was reserved");
  if (*is_kept) note_kept(end);
}

RunReport Host::draw_end(const RunReport& start) {
  auto end = start;
  end.ended_at = wall();
  end.exit_code = 0;
  end.outcome = Outcome::succeeded;
  const auto dice = random_.below(1000);
  const auto failing = scene_.options.failing_runs;
  if (dice < failing) {
    end.outcome = Outcome::failed;
    end.exit_code = 1;
    end.message = "disk full";
  } else if (dice < failing + 40) {
    end.outcome = Outcome::warning;
    end.message = "a file vanished";
  } else if (dice < failing + 80) {
    end.outcome = Outcome::failed;
    end.reason = random_.one_of<OutcomeReason>({OutcomeReason::user_cancelled,
                                                OutcomeReason::another_run_in_progress,
                                                OutcomeReason::source_gone});
  }
  end.statistics.bytes_added = 1'000'000U * random_.below(1000);
  return end;
}

// From here on the report must not be lost any more.
void Host::note_kept(const RunReport& report) {
  witness_.accepted(*this, report);
  if (agent_) do_(agent::core::SpoolRead{look()});
}

// ---- from the network

void Host::be_connected() {
  if (agent_) do_(agent::core::LinkUp{});
}

void Host::be_disconnected() {
  if (agent_) do_(agent::core::LinkDown{});
}

void Host::be_refused() {
  if (agent_) do_(agent::core::LinkRefused{"this host's key is not enrolled there"});
}

void Host::receive(const std::string& bytes) {
  if (!agent_) return;
  const auto message = protocol::decode(bytes);
  check(message.has_value(), "what the aggregator sends can be read");
  do_(agent::uplink::to_command(*message, wall()));
}

// ---- the agent, as its daemon runs it

struct Host::CarryOut {
  Host& host;
  Running& running;

  void operator()(const agent::core::OpenLink&) const { host.network_.open(host.number()); }
  void operator()(const agent::core::CloseLink&) const { host.network_.close(host.number()); }
  void operator()(const agent::core::SendHello& hello) const {
    host.send(0, protocol::Hello{.boot = host.boot_,
                                 .agent_version = "1.0",
                                 .hostname = host.name(),
                                 .os = "Debian 12",
                                 .client_time = host.wall(),
                                 .spools = hello.spools});
  }
  void operator()(const agent::core::SendHeartbeat& beat) const {
    host.send(0, protocol::Heartbeat{host.wall(), beat.spool_used_bytes, beat.is_spool_full});
  }
  void operator()(const agent::core::SendReports& effect) const {
    const auto kept = host.spool_->read(effect.after, effect.count);
    check(kept.has_value(), "a simulated spool can be read");
    for (const auto& one : *kept) {
      host.send(one.sequence, protocol::Report{effect.after.spool, one.report});
    }
  }
  void operator()(const agent::core::SendGoodbye& goodbye) const {
    host.send(0, protocol::Goodbye{goodbye.reason});
  }
  void operator()(const agent::core::Discard& discard) const {
    // What the host forgets now must be known elsewhere.
    const auto kept = host.spool_->read({discard.ack.spool, 0}, kWindow);
    check(kept.has_value(), "a simulated spool can be read");
    for (const auto& one : *kept) {
      if (one.sequence <= discard.ack.sequence) host.witness_.acknowledged(host, one.report);
    }
    running.settlement.discard_through(discard.ack);
  }
  void operator()(const agent::core::SetAside& aside) const {
    host.scene_.fail(host.name() + " sets a report aside: " + aside.why);
  }
  void operator()(const agent::core::Renew&) const {
    host.scene_.fail(host.name() + " takes its spool for an older copy");
  }
  void operator()(const agent::core::KeepAlone&) const {}
  void operator()(const agent::core::RunAloneCommand&) const {}
  void operator()(const agent::core::Note& note) const {
    host.scene_.tell(host.name() + ": " + note.text);
  }
};

void Host::do_(const agent::core::Command& command) {
  agent_->commands.push_back(command);
  for (int count = 0; !agent_->commands.empty(); ++count) {
    check(count < kCommandsMax, "an agent comes to rest");
    const auto next = std::move(agent_->commands.front());
    agent_->commands.pop_front();
    auto decision = agent::core::decide(agent_->state, {scene_.now(), wall()}, next);
    for (const auto& change : decision.changes) agent::core::evolve(agent_->state, change);
    for (const auto& effect : decision.effects) std::visit(CarryOut{*this, *agent_}, effect);
    settle_spool();
  }
  tick_when_due();
}

void Host::settle_spool() {
  if (agent_->settlement.is_empty()) return;
  check(agent_->settlement.settle(*spool_).has_value(), "a simulated spool can be written");
  agent_->commands.emplace_back(agent::core::SpoolRead{look()});
}

void Host::tick_when_due() {
  const auto due = agent::core::next_deadline(agent_->state);
  if (!due || (agent_->tick_at && *agent_->tick_at <= *due)) return;
  agent_->tick_at = *due;
  scene_.agenda.at(*due, [this, starts = starts_, tick = ++agent_->tick] {
    if (!agent_ || starts != starts_ || tick != agent_->tick) return;
    agent_->tick_at.reset();
    const auto now_due = agent::core::next_deadline(agent_->state);
    if (now_due && *now_due <= scene_.now()) return do_(agent::core::Tick{});
    tick_when_due();
  });
}

agent::core::SpoolView Host::look() const {
  auto ranges = spool_->ranges();
  const auto usage = spool_->usage();
  check(ranges && usage, "a simulated spool can be read");
  return {std::move(*ranges), usage->used_bytes, usage->is_full};
}

void Host::send(std::uint64_t sequence, protocol::Body body) {
  network_.send(place_.number, protocol::encode({sequence, std::move(body)}));
}

}  // namespace vaultbell::simulation
