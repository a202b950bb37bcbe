#include "aggregator/gateway/gateway.hpp"

#include <algorithm>
#include <utility>

#include "shared/base/check.hpp"
#include "shared/base/log.hpp"
#include "shared/net/limits.hpp"

namespace vaultbell::gateway {

static_assert(protocol::kMessageBytesMax <= net::kMessageBytesMax);

namespace {

constexpr std::size_t kTasksMax = 100'000;  // acknowledgements of a few turns of the main loop
constexpr std::size_t kTasksPerTurn = 4096;
constexpr std::size_t kMessagesPerTurn = 1000;  // keeps a turn under 10 ms
constexpr std::size_t kZapPerTurn = 1000;

constexpr Duration kPatience = std::chrono::milliseconds(200);
constexpr Duration kSweepEvery = std::chrono::milliseconds(250);  // R2.5 allows a second

// A turn that comes later than this was not listening (R2.6).
constexpr Duration kGapMin = std::chrono::seconds(1);

constexpr const char* kAgentsDomain = "agents";
constexpr const char* kEnrolmentDomain = "enrolment";

}  // namespace

Result<Doors> Doors::open(const net::Context& context, const GatewayOptions& options) {
  auto zap = net::Zap::bind(context);
  if (!zap) return fail(zap.error());
  auto agents =
      net::Router::bind(context, {options.agents_endpoint, options.secret_key, kAgentsDomain});
  if (!agents) return fail_within("[agents] listen", agents.error());
  Doors doors{std::move(*zap), std::move(*agents), std::nullopt};
  if (options.enrolment_endpoint.empty()) return doors;
  auto enrolment = net::Router::bind(
      context, {options.enrolment_endpoint, options.secret_key, kEnrolmentDomain});
  if (!enrolment) return fail_within("[enrolment] listen", enrolment.error());
  doors.enrolment = std::move(*enrolment);
  return doors;
}

Gateway::Gateway(Doors doors, const std::vector<KnownClient>& clients, std::string public_endpoint,
                 Surroundings surroundings)
    : clock_(surroundings.clock),
      board_(surroundings.board),
      doors_(std::move(doors)),
      reception_(clients, std::move(public_endpoint), std::move(surroundings.post), board_, now()),
      tasks_(kTasksMax),
      last_turn_(clock_.steady()),
      last_sweep_(clock_.steady()) {
  poller_.add(doors_.zap);
  poller_.add(doors_.agents);
  if (doors_.enrolment) poller_.add(*doors_.enrolment);
  poller_.add(wake_up_.fd());
  thread_ = std::thread([this] { run(); });
}

Gateway::~Gateway() {
  stop();
}

void Gateway::tell(Task task) {
  check(tasks_.push(std::move(task)), "the gateway is told something while it runs");
  wake_up_.call();
}

void Gateway::stop() {
  is_stopping_ = true;
  wake_up_.call();
  if (thread_.joinable()) thread_.join();
}

void Gateway::run() {
  while (!is_stopping_) turn();
  carry_out_tasks();
}

void Gateway::turn() {
  poller_.wait(kPatience);
  wake_up_.clear();
  carry_out_tasks();
  answer_zap();
  const bool is_drained = drain(Door::agents, doors_.agents);
  if (doors_.enrolment) drain(Door::enrolment, *doors_.enrolment);  // says nothing about silence
  listen_on(is_drained);
}

void Gateway::carry_out_tasks() {
  for (const auto& task : tasks_.pop_some(kTasksPerTurn, Duration::zero())) {
    if (const auto outgoing = reception_.carry_out(task, now())) send(*outgoing);
  }
  if (tasks_.size() > 0) wake_up_.call();
}

void Gateway::answer_zap() {
  for (std::size_t i = 0; i < kZapPerTurn; ++i) {
    const auto request = doors_.zap.receive();
    if (!request) return;
    const auto door = request->domain == kEnrolmentDomain ? Door::enrolment : Door::agents;
    if (reception_.may_enter(door, request->key)) {
      doors_.zap.allow(*request, crypto::to_text(request->key));
    } else {
      log::warning("refused a connection from {}: the key {} is not enrolled", request->address,
                   crypto::fingerprint(request->key));
      doors_.zap.deny(*request, "this key is not enrolled here");
    }
  }
  wake_up_.call();
}

bool Gateway::drain(Door door, net::Router& router) {
  for (std::size_t i = 0; i < kMessagesPerTurn; ++i) {
    auto received = router.receive();
    if (!received) return true;
    const auto outgoing =
        reception_.receive(door,
                           {std::move(received->route), std::move(received->user_id),
                            std::move(received->address), std::move(received->payload)},
                           now());
    if (outgoing) send(*outgoing);
  }
  wake_up_.call();
  return false;
}

void Gateway::send(const Outgoing& outgoing) {
  auto& router = outgoing.door == Door::agents ? doors_.agents : *doors_.enrolment;
  switch (router.send(outgoing.route, outgoing.payload)) {
    case net::Sent::queued:
    case net::Sent::peer_busy:
      return;  // it does not read: whatever it misses it asks for again
    case net::Sent::peer_gone:
      reception_.forget_route(outgoing.route);
  }
}

void Gateway::listen_on(bool is_drained) {
  const auto at = now();
  const auto since_last = at.steady - last_turn_;
  last_turn_ = at.steady;
  if (since_last > kGapMin) gap_ = std::max(gap_, since_last);
  if (gap_ > Duration::zero() && reception_.resume(at, gap_)) gap_ = Duration::zero();
  if (gap_ > Duration::zero()) return;  // nothing is judged before the core knows of the gap
  if (is_drained && at.steady - last_sweep_ >= kSweepEvery) {
    // A sweep finds so many at a time: with more to find, the next one follows at once.
    if (reception_.sweep(at)) {
      wake_up_.call();
    } else {
      last_sweep_ = at.steady;
    }
  }
  board_.listened_at_ms.store(at.steady.time_since_epoch().count(), std::memory_order_release);
}

}  // namespace vaultbell::gateway
