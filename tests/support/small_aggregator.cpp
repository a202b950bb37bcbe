#include "tests/support/small_aggregator.hpp"

#include <utility>

#include "aggregator/storage/snapshot.hpp"
#include "shared/base/check.hpp"
#include "shared/crypto/keys.hpp"
#include "shared/crypto/verification_code.hpp"
#include "shared/domain/zone.hpp"

namespace vaultbell::support {

namespace {

constexpr std::size_t kSmallMapBytes = 256UL
                                       << 20U;  // a test's store; small, so that many can be open

Uuid random_or(Uuid known) {
  return known.is_set() ? known : random_uuid();
}

// Nothing sends messages here: the first one looks like this, and no other is known any more.
Result<api::ShownMessage> shown_in_tests(const storage::Snapshot&, NotificationId id, Instant now) {
  if (id.value > 1) return fail("its code is not the newest any more");
  return api::ShownMessage{.subject = "something failed",
                           .text = "It failed.\nAt " + to_iso(now) + ".\n",
                           .html = "<p>It failed.</p>",
                           .source = "Subject: something failed\r\n"};
}

}  // namespace

api::Facts SmallAggregator::usual_facts() {
  api::Facts facts;
  facts.version = "9.9.9";
  facts.started_at = TestClock::kBegin;
  facts.state_dir = "/var/lib/vaultbell";
  facts.agents_endpoint = "tcp://vaultbell.example.org:8481";
  facts.enrolment_endpoint = "tcp://vaultbell.example.org:8482";
  facts.settings.account_name = "Example Ltd";
  facts.settings.owners = {"ops@example.org"};
  facts.is_mail_configured = true;
  facts.show_message = shown_in_tests;
  return facts;
}

namespace {

// An aggregator that has been at work for long: its owners were greeted, by channels that work.
core::WriteSet greetings_for(const std::vector<std::string>& owners) {
  core::WriteSet greeted;
  for (const auto& [channel, word] : kEnumText<core::Channel>) {
    greeted.push_back(
        core::Put{core::ChannelHealth{.channel = channel, .delivered_at = TestClock::kBegin}});
  }
  for (const auto& owner : owners) {
    greeted.push_back(core::Put{core::Address{.address = owner, .welcomed_at = TestClock::kBegin}});
  }
  return greeted;
}

}  // namespace

SmallAggregator::SmallAggregator() : SmallAggregator(usual_facts()) {}

SmallAggregator::SmallAggregator(api::Facts facts, const api::HttpOptions& given)
    : socket_(folder_.path() / "control.sock") {
  crypto::start();
  check(load_zones().has_value(), "this machine has the time zones");
  auto store = storage::Store::open(folder_.path(), kSmallMapBytes);
  check(store.has_value(), "the test's store opens");
  store_ = std::move(*store);
  const auto greeted = store_->commit(greetings_for(facts.settings.owners));
  check(greeted.has_value(), "the test's store commits");
  auto state = store_->load(facts.settings, clock_.wall());
  check(state.has_value(), "the test's store loads");
  state_ = std::move(*state);
  auto options = given;
  options.socket = socket_;
  facts.control_socket = socket_.string();
  facts.declared.folder = conf_dir().string();
  std::filesystem::create_directory(conf_dir());
  const auto post = [this](core::Command command) {
    return takes_orders_ && inbox_.try_push({std::move(command), nullptr, {}});
  };
  const auto apply = [this](api::ApplyRequest request) {
    return takes_orders_ && inbox_.try_push({core::Tick{}, nullptr, std::move(request)});
  };
  auto server = api::Server::start(options, {post, apply, store_->environment(), board_, clock_},
                                   std::move(facts));
  check(server.has_value(), "the test's API starts");
  server_ = std::move(*server);
  thread_ = std::thread([this] { run(); });
  carry_out(core::Started{});
}

SmallAggregator::~SmallAggregator() {
  inbox_.close();
  thread_.join();
  server_.reset();
}

std::vector<core::Effect> SmallAggregator::carry_out(core::Command command) {
  std::promise<std::vector<core::Effect>> done;
  check(inbox_.try_push({std::move(command), &done, {}}), "the test's inbox has room");
  return done.get_future().get();
}

void SmallAggregator::pass(Duration time) {
  clock_.advance(time);
  do {
    carry_out(core::Tick{});
  } while (is_something_due_);
}

void SmallAggregator::run() {
  while (const auto item = inbox_.pop()) {
    if (item->apply) {
      apply(*item->apply);
      continue;
    }
    const bool is_order = std::holds_alternative<core::Order>(item->command);
    auto effects = turn(item->command);
    for (const auto& effect : effects) {
      const auto* reply = std::get_if<core::Reply>(&effect);
      const bool is_asked = is_order && item->done == nullptr;
      if (reply != nullptr && is_asked && answers_orders_) server_->answer(*reply);
    }
    if (item->done != nullptr) item->done->set_value(std::move(effects));
  }
}

void SmallAggregator::apply(const api::ApplyRequest& request) {
  auto loaded = declared::read_folder(conf_dir());
  declared::Comparison outcome{.mistakes = std::move(loaded.mistakes), .plan = {}};
  if (outcome.mistakes.empty()) {
    outcome.plan =
        declared::plan(state_, clock_.wall(),
                       {.declaration = loaded.declaration,
                        .options = request.options,
                        .actor = request.actor,
                        .make_code = [](const core::AddressKey&) { return core::NewCode{}; }});
  }
  if (outcome.is_good()) {
    for (const auto& order : outcome.plan.orders) turn(order);
  }
  server_->answer(request.request, std::move(outcome));
}

std::vector<core::Effect> SmallAggregator::turn(const core::Command& command) {
  auto decision = core::decide(state_, clock_.wall(), command);
  const auto committed = store_->commit(decision.changes);
  check(committed.has_value(), "the test's store commits");
  for (const auto& change : decision.changes) core::evolve(state_, change);
  const auto deadline = core::next_deadline(state_);
  is_something_due_ = deadline && *deadline <= clock_.wall();
  const auto steady_ms = clock_.steady().time_since_epoch().count();
  board_.last_turn_at_ms = steady_ms;
  board_.listened_at_ms = steady_ms;
  board_.auditor_agreed_at_ms = steady_ms;
  board_.listening_since_ms = state_.listening_since.time_since_epoch().count();
  ++board_.commands;
  return std::move(decision.effects);
}

core::Reply SmallAggregator::give(decltype(core::Order::what) what) {
  const auto effects = carry_out(core::Order{.actor = "test", .what = std::move(what)});
  for (const auto& effect : effects) {
    if (const auto* reply = std::get_if<core::Reply>(&effect)) {
      check(reply->result.has_value(), "a test's own order is carried out");
      return *reply;
    }
  }
  check(false, "every order is answered");
  return {};
}

VaultId SmallAggregator::add_vault(const std::string& name, core::PolicyMode policy) {
  give(core::CreateVault{.name = name, .policy = {policy}});
  return *storage::Snapshot::take(store_->environment())->vault_by_name(name);
}

core::TokenHash SmallAggregator::add_token(const std::string& vault, bool needs_approval) {
  const auto id = *storage::Snapshot::take(store_->environment())->vault_by_name(vault);
  core::TokenHash hash{};
  hash.fill(++last_secret_);
  give(core::CreateToken{.vault = id,
                         .hash = hash,
                         .expires_at = clock_.wall() + std::chrono::hours(1),
                         .needs_approval = needs_approval});
  return hash;
}

core::EnrolmentRequested SmallAggregator::request_of(const std::string& name,
                                                     const core::TokenHash& token) {
  core::EnrolmentRequested request{.token_hash = token, .name = name};
  request.public_key.bytes.fill(last_secret_);
  request.host = {.hostname = name + ".example.org", .os = "Debian 12", .address = "192.0.2.7"};
  return request;
}

void SmallAggregator::ask_to_enrol(const std::string& name, const std::string& vault) {
  carry_out(request_of(name, add_token(vault, true)));
}

ClientId SmallAggregator::enrol(const std::string& name, const std::string& vault) {
  carry_out(request_of(name, add_token(vault, false)));
  return *storage::Snapshot::take(store_->environment())->client_by_name(name);
}

ClientId SmallAggregator::add_client(const std::string& name, const std::string& vault) {
  const auto id = enrol(name, vault);
  say_hello(id);
  return id;
}

void SmallAggregator::say_hello(ClientId client, Duration clock_skew) {
  auto& spool = spools_[client];
  spool = random_or(spool);
  carry_out(core::HelloReceived{.client = client,
                                .host = {.boot = spool,
                                         .agent_version = "1.2.3",
                                         .hostname = "host.example.org",
                                         .os = "Debian 12",
                                         .address = "192.0.2.7"},
                                .client_time = clock_.wall() + clock_skew});
  board_.last_heard.set(client, clock_.wall());
}

void SmallAggregator::fall_silent(ClientId client) {
  constexpr Duration kLongAgo = std::chrono::hours(24);  // longer than any limit a test sets
  carry_out(core::ClientSilent{client, clock_.wall() - kLongAgo});
}

void SmallAggregator::report(ClientId client, const Ended& ended) {
  core::ReportReceived received{
      .client = client, .spool = spools_[client], .sequence = ++sequences_[client]};
  auto& report = received.report;
  report.run = random_uuid();
  report.job = ended.job;
  report.operation = ended.operation;
  report.outcome = ended.outcome;
  report.reason = ended.reason;
  report.trigger = ended.trigger;
  report.started_at = clock_.wall() - std::chrono::minutes(10);
  if (ended.outcome != Outcome::running) report.ended_at = clock_.wall();
  report.tool = "restic";
  report.message = ended.message;
  report.output = ended.output;
  carry_out(received);
}

std::string SmallAggregator::code_for(const core::AddressKey& place) const {
  const auto snapshot = storage::Snapshot::take(store_->environment());
  const auto address = snapshot->get<core::Address>(place);
  return crypto::verification_code(usual_facts().code_key, {.channel = to_text(place.channel),
                                                            .address = place.address,
                                                            .nonce = (*address)->code->nonce});
}

void SmallAggregator::end_delivery(NotificationId delivery, core::AttemptResult result,
                                   const std::string& answer) {
  const auto snapshot = storage::Snapshot::take(store_->environment());
  const auto row = snapshot->get<core::Notification>(delivery);
  carry_out(core::DeliveryEnded{delivery, (*row)->attempts, result, answer});
}

}  // namespace vaultbell::support
