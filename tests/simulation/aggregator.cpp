#include "tests/simulation/aggregator.hpp"

#include <utility>

#include "aggregator/core/deadlines.hpp"
#include "aggregator/gateway_facts.hpp"
#include "shared/base/check.hpp"
#include "shared/crypto/keys.hpp"
#include "tests/simulation/host.hpp"
#include "tests/simulation/messages.hpp"
#include "tests/simulation/network.hpp"
#include "tests/simulation/receivers.hpp"
#include "tests/simulation/witness.hpp"
#include "tests/support/builders.hpp"

namespace vaultbell::simulation {

namespace {

using aggregator::Inbox;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kMapBytes = 256UL << 20U;      // plenty for months
constexpr Duration kStartAgainAfter = seconds(5);    // as RestartSec= of the unit
constexpr Duration kSweepEvery = milliseconds(250);  // as aggregator/gateway
constexpr Duration kShortWindow = std::chrono::minutes(2);
constexpr std::uint64_t kForeignSpools = 1UL << 60U;    // numbers that no host has
constexpr std::uint64_t kForeignMessages = 1UL << 60U;  // and no notification
constexpr std::uint64_t kTurnsAtOnceMax = 5000;         // more means that it never comes to rest

// What it cannot have done with.
std::string unrest_of(const core::State& state) {
  const auto due = core::next_deadline(state);
  return "the aggregator does not come to rest: next deadline " +
         (due ? std::to_string(due->time_since_epoch().count()) : "none") + ", " +
         std::to_string(state.recovering.size()) + " recoveries, " +
         std::to_string(state.clock_shifts.size()) + " clock steps, " +
         std::to_string(state.unwelcomed.size()) + " to be welcomed";
}

}  // namespace

class Aggregator::Disk final : public core::Journal {
 public:
  explicit Disk(Aggregator& self) : self_(self) {}
  Result<core::Committed> commit(const core::WriteSet& changes) override {
    return self_.commit(changes);
  }
  [[nodiscard]] bool may_act() const override { return true; }

 private:
  Aggregator& self_;
};

// What ends with the program.
struct Aggregator::Running {
  struct Watched {
    Duration limit{};
    Steady heard_at;
    std::uint64_t number = 0;  // of the look at it that is on the agenda
  };

  Running(Aggregator& self, std::unique_ptr<storage::Store> opened, core::State state)
      : store(std::move(opened)),
        disk(self),
        known(aggregator::known_clients(state)),
        loop(std::move(state), disk, inbox, self.scene_.clock, board,
             [&self](const core::Effect& effect) { self.perform(effect); }),
        reception(
            known, "tcp://aggregator.example.org:8481",
            [&self](gateway::Lane lane, core::Command command) {
              self.misread(command);
              self.post(aggregator::lane_of(lane), std::move(command));
              return true;
            },
            board, self.moment()) {
    for (const auto& client : known) {
      if (client.silence_limit) watched[client.id] = {*client.silence_limit, self.scene_.now(), 0};
    }
  }

  std::unique_ptr<storage::Store> store;
  Disk disk;
  aggregator::Inbox inbox;
  board::Board board;
  std::vector<gateway::KnownClient> known;
  aggregator::Loop loop;
  gateway::Reception reception;
  std::map<ClientId, Watched> watched;  // as the gateway's own table, to know when to look there
  bool is_doomed = false;               // it ends as soon as its turn gets there
};

Aggregator::Aggregator(World world, std::filesystem::path folder)
    : scene_(world.scene),
      network_(world.network),
      receivers_(world.receivers),
      witness_(world.witness),
      folder_(std::move(folder)),
      random_(scene_.options.seed, "aggregator"),
      settings_(scene_.options.settings) {}

Aggregator::~Aggregator() = default;

const core::State& Aggregator::state() const {
  return running_->loop.state();
}

bool Aggregator::is_idle() const {
  return running_->inbox.depth() == 0;
}

const storage::Store& Aggregator::store() const {
  return *running_->store;
}

// ---- its life

void Aggregator::start() {
  if (running_) return;
  auto store = storage::Store::open(folder_, kMapBytes, lmdb::Durability::end_of_program);
  check(store.has_value(), "a simulated store can be opened");
  auto settings = settings_;
  if (has(Canary::hold_ignored)) settings.notify_after = Duration::zero();
  if (has(Canary::limit_ignored)) settings.mobile.limits = settings.email.limits = {};
  auto state = (*store)->load(settings, scene_.wall());
  check(state.has_value(), "a simulated store can be loaded");
  ++generation_;
  scene_.tell("the aggregator starts");
  witness_.aggregator_starts(*state, settings_);
  running_ = std::make_unique<Running>(*this, std::move(*store), std::move(*state));
  running_->board.listened_at_ms = scene_.now().time_since_epoch().count();
  post(Inbox::Lane::loop, core::Started{});
  for (const auto& [client, watched] : running_->watched) sweep_later(client);
  if (has(Canary::restart_as_silence)) {
    for (const auto& [client, watched] : running_->watched) {
      post(Inbox::Lane::connections, core::ClientSilent{client, scene_.wall() - watched.limit});
    }
  }
  network_.aggregator_is_up();
}

void Aggregator::crash(Duration down) {
  if (!running_) return;
  scene_.tell("the aggregator crashes");
  if (!is_turning_) return end(down);
  running_->is_doomed = true;
  down_after_doom_ = down;
}

void Aggregator::stop(Duration down) {
  if (!running_ || is_turning_) return;
  scene_.tell("the aggregator stops");
  is_turning_ = true;
  witness_.turn_begins();
  const auto ok = running_->loop.finish();
  is_turning_ = false;
  if (ok && !running_->is_doomed) witness_.turn_ended(*this);
  end(down);
}

void Aggregator::end(Duration down) {
  running_.reset();
  ++generation_;
  suspended_until_ = scene_.now();
  turn_at_.reset();
  ++turn_;
  witness_.aggregator_ended();
  network_.aggregator_is_gone();
  for (const auto& [request, answer] : std::exchange(answers_, {})) answer(nullptr);
  scene_.agenda.in(down, [this] { start(); });
}

void Aggregator::suspend(Duration length) {
  if (!running_ || is_turning_) return;
  scene_.tell("the aggregator's machine sleeps for " + std::to_string(length.count()) + " ms");
  suspended_until_ = scene_.now() + length;
  witness_.listening_ended();
  scene_.agenda.at(suspended_until_, [this, length, generation = generation_] {
    if (generation == generation_) resume(length);
  });
}

// The main loop may be faster than the gateway, which says that it did not listen.
void Aggregator::resume(Duration gap) {
  turn_by(scene_.now() + random_.between(milliseconds(1), milliseconds(300)));
  const auto after = random_.between(milliseconds(0), milliseconds(200));
  scene_.agenda.in(after, [this, gap = gap + after, generation = generation_] {
    if (generation != generation_) return;
    check(running_->reception.resume(moment(), gap), "the inbox takes a gap");
    for (auto& [client, watched] : running_->watched) watched.heard_at = scene_.now();
    running_->board.listened_at_ms = scene_.now().time_since_epoch().count();
    witness_.listening_began();
  });
  network_.aggregator_is_up();
}

void Aggregator::reload(core::Settings settings) {
  settings_ = std::move(settings);
  if (!running_) return;
  scene_.tell("the configuration is read again");
  witness_.settings_sent(settings_);
  post(Inbox::Lane::loop, core::Reconfigured{settings_});
}

void Aggregator::note_clock_step() {
  witness_.clock_stepped();
  if (!running_) return;
  if (has(Canary::step_as_silence)) {
    for (const auto& [client, watched] : running_->watched) {
      post(Inbox::Lane::connections, core::ClientSilent{client, scene_.wall() - watched.limit});
    }
  }
  turn_by(scene_.now() + random_.between(milliseconds(1), milliseconds(500)));
}

// ---- turns

void Aggregator::turn_by(Steady when) {
  if (turn_at_ && *turn_at_ <= when) return;
  turn_at_ = when;
  scene_.agenda.at(when, [this, number = ++turn_] {
    if (number == turn_) turn();
  });
}

void Aggregator::turn() {
  turn_at_.reset();
  if (!running_ || is_turning_) return;
  if (is_suspended()) return turn_by(suspended_until_ + milliseconds(1));
  turns_at_once_ = turned_at_ == scene_.now() ? turns_at_once_ + 1 : 0;
  turned_at_ = scene_.now();
  if (turns_at_once_ > kTurnsAtOnceMax) return scene_.fail(unrest_of(state()));
  is_turning_ = true;
  witness_.turn_begins();
  const auto began_at = scene_.now();
  const auto listened_at = Steady(Duration(running_->board.listened_at_ms.load()));
  const bool is_gap_told = listened_at >= suspended_until_;
  if (is_gap_told) running_->board.listened_at_ms = began_at.time_since_epoch().count();
  const auto ok = running_->loop.turn();
  is_turning_ = false;
  if (!ok) scene_.tell("the aggregator ends: " + ok.error().message);
  if (running_->is_doomed) return end(down_after_doom_);
  if (!ok) return end(kStartAgainAfter);
  witness_.turn_ended(*this);
  turn_when_due();
}

void Aggregator::turn_when_due() {
  if (running_->inbox.depth() > 0) return turn_by(scene_.now());
  const auto due = core::next_deadline(state());
  if (!due || (has(Canary::deadline_forgotten) && random_.one_in(3))) return;
  const auto wait = *due <= scene_.wall() ? Duration::zero() : *due - scene_.wall();
  const auto listened_at = Steady(Duration(running_->board.listened_at_ms.load()));
  const bool is_gap_told = listened_at >= suspended_until_;
  turn_by(scene_.now() + (is_gap_told ? wait : aggregator::Loop::kTurnEvery));
}

void Aggregator::post(Inbox::Lane lane, core::Command command) {
  if (!running_) return;
  witness_.posted(command);
  check(running_->inbox.post(lane, std::move(command)), "the simulated inbox has room");
  turn_by(scene_.now());
}

void Aggregator::order(decltype(core::Order::what) what, Answer answer) {
  if (!is_listening()) return answer(nullptr);
  if (auto* window = std::get_if<core::StartMaintenance>(&what);
      window != nullptr && has(Canary::window_cut_short)) {
    window->until = window->from.value_or(scene_.wall()) + kShortWindow;
  }
  if (std::holds_alternative<core::SetPolicy>(what) && has(Canary::policy_forgotten)) {
    const core::Reply done{0, core::OrderDone{}};
    return answer(&done);
  }
  answers_[++last_request_] = std::move(answer);
  post(Inbox::Lane::orders,
       core::Order{.request = last_request_, .actor = "alice", .what = std::move(what)});
}

// ---- its disk

void Aggregator::slow_disk(Duration longest, Duration length) {
  slow_longest_ = longest;
  slow_until_ = scene_.now() + length;
}

void Aggregator::full_disk(Duration length) {
  full_until_ = scene_.now() + length;
}

// The world goes on while the main thread waits. An error: the program ended meanwhile.
Status Aggregator::wait_for_disk() {
  if (scene_.now() < slow_until_) {
    const auto wait = random_.between(milliseconds(1), slow_longest_);
    scene_.agenda.run_until(scene_.now() + wait, [this] { return running_->is_doomed; });
  }
  if (running_->is_doomed) return fail("the program ended during a commit");
  return {};
}

Result<core::Committed> Aggregator::commit(const core::WriteSet& changes) {
  if (scene_.now() < full_until_) return fail("no space left on the disk");
  if (has(Canary::lose_commit) && random_.one_in(100)) return core::Committed::durable;
  const bool does_wait_before = random_.coin();
  const bool does_crash = std::exchange(does_crash_at_commit_, false);
  if (does_crash) down_after_doom_ = random_.between(seconds(1), seconds(100));
  if (does_crash && random_.coin()) {
    running_->is_doomed = true;
    return fail("a crash before the commit");
  }
  if (does_wait_before) {
    if (auto ok = wait_for_disk(); !ok) return fail(ok.error());
  }
  const auto committed = running_->store->commit(changes);
  check(committed.has_value(), "a simulated store can be written");
  witness_.committed(changes);
  if (does_crash) running_->is_doomed = true;
  if (!does_wait_before) {
    if (auto ok = wait_for_disk(); !ok) return fail(ok.error());
  }
  if (running_->is_doomed) return fail("a crash behind the commit");
  return committed;
}

// ---- from outside

bool Aggregator::may_enter(const PublicKey& key) const {
  return running_->reception.may_enter(gateway::Door::agents, key);
}

void Aggregator::lose(const std::string& route) {
  if (running_) running_->reception.forget_route(route);
}

void Aggregator::receive(const std::string& route, const Host& host, const std::string& bytes) {
  if (!running_) return;
  if (is_suspended()) {  // it waits at the door
    scene_.agenda.at(suspended_until_ + milliseconds(1),
                     [this, route, &host, bytes, generation = generation_] {
                       if (generation == generation_) receive(route, host, bytes);
                     });
    return;
  }
  const auto client = witness_.client_of(host);
  witness_.heard(client);
  if (const auto found = running_->watched.find(client); found != running_->watched.end()) {
    found->second.heard_at = scene_.now();
  }
  send(running_->reception.receive(gateway::Door::agents,
                                   {.route = route,
                                    .user_id = crypto::to_text(host.key()),
                                    .address = "192.0.2." + std::to_string(host.number()),
                                    .payload = bytes},
                                   moment()));
}

void Aggregator::send(const std::optional<gateway::Outgoing>& outgoing) {
  if (outgoing) network_.send(outgoing->route, outgoing->payload);
}

// ---- silence: the gateway looks four times a second; here it looks when there may be something

void Aggregator::watch(const core::Watch& watch) {
  if (!watch.limit) {
    running_->watched.erase(watch.client);
    return;
  }
  auto& watched = running_->watched[watch.client];
  const bool is_new = watched.heard_at == Steady{};
  if (is_new || watch.is_fresh) watched.heard_at = scene_.now();
  watched.limit = *watch.limit;
  sweep_later(watch.client);
}

void Aggregator::sweep_later(ClientId client) {
  auto& watched = running_->watched.at(client);
  const auto due = std::max(scene_.now(), watched.heard_at + watched.limit);
  const auto when =
      std::max(due, suspended_until_ + kSweepEvery) + random_.between(milliseconds(1), kSweepEvery);
  scene_.agenda.at(when, [this, client, generation = generation_, number = ++watched.number] {
    if (generation != generation_) return;
    const auto found = running_->watched.find(client);
    if (found != running_->watched.end() && found->second.number == number) sweep(client);
  });
}

void Aggregator::sweep(ClientId client) {
  const auto& watched = running_->watched.at(client);
  const bool is_due = scene_.now() - watched.heard_at > watched.limit;
  if (is_due && !is_suspended()) running_->reception.sweep(moment());
  sweep_later(client);
}

// ---- effects

struct Aggregator::Perform {
  Aggregator& self;

  void operator()(const core::Deliver& order) const { self.deliver(order); }
  void operator()(const core::Reply& reply) const {
    const auto found = self.answers_.find(reply.request);
    if (found == self.answers_.end()) return;
    const auto answer = std::move(found->second);
    self.answers_.erase(found);
    answer(&reply);
  }
  void operator()(const core::Note& note) const { self.scene_.tell(note.text); }
  template <class Task>
  void operator()(const Task& task) const {
    self.carry_out(task);
  }
};

void Aggregator::perform(const core::Effect& effect) {
  if (!running_->is_doomed) std::visit(Perform{*this}, effect);
}

void Aggregator::carry_out(const gateway::Task& task) {
  send(running_->reception.carry_out(task, moment()));
  if (const auto* order = std::get_if<core::Watch>(&task)) watch(*order);
  if (const auto* expel = std::get_if<core::Expel>(&task)) running_->watched.erase(expel->client);
}

void Aggregator::deliver(const core::Deliver& order) {
  auto message = read_message(*running_->store, order.notification);
  if (!message) return scene_.fail("a delivery cannot be begun: " + message.error().message);
  message->attempt = order.attempt;
  const auto end = [this, order](const Receivers::Answer& answer) {
    post(Inbox::Lane::deliveries,
         core::DeliveryEnded{order.notification, order.attempt, answer.result, answer.text,
                             answer.is_about_recipient});
  };
  miswrite(*message);
  if (has(Canary::mark_before_send)) end({core::AttemptResult::delivered, "250 ok"});
  witness_.attempt_begins(*message);
  receivers_.deliver(
      {.message = std::move(*message),
       .is_there = [this, generation = generation_] { return generation == generation_; },
       .report = end});
}

// The mistakes that are made with what goes out.
void Aggregator::miswrite(Message& message) {
  if (has(Canary::send_again)) witness_.received(message);
  if (has(Canary::new_message_id)) message.message_id = message.message_id * 1000 + message.attempt;
  if (has(Canary::empty_digest) && message.event == core::NotificationEvent::digest) {
    message.statements.clear();
  }
  if (has(Canary::recovery_to_everybody) && message.event == core::NotificationEvent::recovered) {
    for (const auto& [key, line] : state().addresses) {
      auto copy = message;
      copy.recipient = {key.address, key.channel, key.address};
      copy.message_id = kForeignMessages + ++last_request_;
      if (key != message.recipient.place()) witness_.received(copy);
    }
  }
}

// The mistakes that are made with what arrives.
void Aggregator::misread(core::Command& command) {
  auto* report = std::get_if<core::ReportReceived>(&command);
  if (report == nullptr) return;
  if (has(Canary::ack_before_commit)) {
    carry_out(core::SendAck{report->client, {report->spool, report->sequence}});
  }
  if (has(Canary::double_booking) && random_.one_in(20)) {
    auto again = *report;
    again.spool = support::uuid(kForeignSpools + ++last_request_);
    again.sequence = 1;
    post(Inbox::Lane::reports, std::move(again));
  }
  if (has(Canary::wrong_client) && random_.one_in(20)) {
    report->client = state().clients.begin()->first;
  }
}

}  // namespace vaultbell::simulation
