#include "agent/enrolling.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "shared/base/clock.hpp"
#include "shared/base/text.hpp"
#include "shared/domain/name.hpp"
#include "shared/net/dealer.hpp"
#include "shared/net/poller.hpp"
#include "shared/protocol/codec.hpp"

namespace vaultbell::agent {

namespace {

constexpr Duration kAskEvery = std::chrono::seconds(2);  // until there is an answer
constexpr Duration kAnswerWithin = std::chrono::seconds(15);
constexpr Duration kAskWhilePending = std::chrono::seconds(5);
constexpr Duration kReconnectEvery = std::chrono::seconds(1);
constexpr std::size_t kEndpointBytesMax = 256;

Decision refused(ExitCode code, std::string why) {
  return {std::nullopt, code, std::move(why)};
}

Decision of_refusal(const protocol::Refusal& refusal) {
  using Code = protocol::RefusalCode;
  switch (refusal.code) {
    case Code::token_unknown:
    case Code::token_used:
    case Code::token_expired:
    case Code::token_revoked:
      return refused(kNotAuthorised, refusal.message);
    case Code::busy:
      return refused(kTryLater, refusal.message);
    case Code::hello_needed:
    case Code::version_unsupported:
    case Code::unsupported:
    case Code::malformed:
    case Code::out_of_order:
    case Code::report_invalid:
    case Code::not_enrolled:
    case Code::name_taken:
    case Code::rejected:
      return refused(kRefused, refusal.message);
  }
  return refused(kRefused, refusal.message);
}

// What is written to a file must be what a file can hold.
Decision of_acceptance(const protocol::EnrolAccepted& accepted) {
  const auto& endpoint = accepted.endpoint;
  const bool is_good = check_name("client name", accepted.client).has_value() &&
                       check_name("vault name", accepted.vault).has_value() &&
                       endpoint.starts_with("tcp://") && endpoint.size() <= kEndpointBytesMax &&
                       !has_control(endpoint);
  if (is_good) return {accepted, kDone, {}};
  return refused(kFailed, fmt::format("the aggregator's answer is no good: client \"{}\", vault "
                                      "\"{}\", endpoint \"{}\"",
                                      accepted.client, accepted.vault, endpoint));
}

class Conversation {
 public:
  Conversation(const Applicant& applicant, std::optional<Duration> wait,
               const std::function<void(const std::string&)>& on_pending, net::Dealer dealer)
      : applicant_(applicant), wait_(wait), on_pending_(on_pending), dealer_(std::move(dealer)) {
    poller_.add(dealer_);
  }

  Decision until_decided() {
    const auto begun_at = clock_.steady();
    auto ask_at = begun_at;
    while (true) {
      const auto now = clock_.steady();
      if (now >= ask_at) {
        ask();
        ask_at = now + (pending_since_ ? kAskWhilePending : kAskEvery);
      }
      const auto end = pending_since_ ? pending_end() : begun_at + kAnswerWithin;
      if (end && now >= *end) return no_answer();
      poller_.wait(std::min(ask_at, end.value_or(ask_at)) - now);
      if (auto decision = take_in()) return std::move(*decision);
    }
  }

 private:
  void ask() {
    const protocol::EnrolRequest request{.token_hash = crypto::hash_of(applicant_.token),
                                         .name = applicant_.name,
                                         .boot = applicant_.host.boot,
                                         .agent_version = applicant_.host.agent_version,
                                         .hostname = applicant_.host.hostname,
                                         .os = applicant_.host.os};
    // A full queue holds the same question already.
    [[maybe_unused]] const bool is_queued = dealer_.send(protocol::encode({0, request}));
  }

  [[nodiscard]] std::optional<Steady> pending_end() const {
    if (!wait_) return std::nullopt;
    return *pending_since_ + *wait_;
  }

  [[nodiscard]] Decision no_answer() const {
    if (pending_since_) {
      return refused(kTryLater, "not yet approved; run enrol again to go on");
    }
    return refused(kUnreachable,
                   fmt::format("no answer from {} within {} s: see that the aggregator runs, that "
                               "its enrolment port can be reached from here (name, firewall), and "
                               "that the token was made by this aggregator",
                               applicant_.token.enrolment_endpoint,
                               std::chrono::floor<std::chrono::seconds>(kAnswerWithin).count()));
  }

  std::optional<Decision> take_in() {
    while (const auto event = dealer_.next_event()) {
      if (auto decision = of_event(*event)) return decision;
    }
    while (const auto bytes = dealer_.receive()) {
      const auto message = protocol::decode(*bytes);
      if (!message) continue;
      if (auto decision = of_answer(message->body)) return decision;
    }
    return std::nullopt;
  }

  std::optional<Decision> of_event(net::LinkEvent event) const {
    const auto& endpoint = applicant_.token.enrolment_endpoint;
    switch (event) {
      case net::LinkEvent::connected:
      case net::LinkEvent::disconnected:
        return std::nullopt;
      case net::LinkEvent::refused:
        return refused(kRefused, fmt::format("{} refuses this host's key", endpoint));
      case net::LinkEvent::not_understood:
        return refused(kUnreachable,
                       fmt::format("what answers at {} is not an aggregator", endpoint));
    }
    return std::nullopt;
  }

  std::optional<Decision> of_answer(const protocol::Body& body) {
    if (const auto* accepted = std::get_if<protocol::EnrolAccepted>(&body)) {
      return of_acceptance(*accepted);
    }
    if (const auto* refusal = std::get_if<protocol::Refusal>(&body)) return of_refusal(*refusal);
    const auto* pending = std::get_if<protocol::EnrolPending>(&body);
    if (pending == nullptr || pending_since_) return std::nullopt;
    pending_since_ = clock_.steady();
    on_pending_(pending->next_command);
    return std::nullopt;
  }

  SystemClock clock_;
  const Applicant& applicant_;
  std::optional<Duration> wait_;
  const std::function<void(const std::string&)>& on_pending_;
  net::Dealer dealer_;
  net::Poller poller_;
  std::optional<Steady> pending_since_;
};

}  // namespace

Decision ask_to_enrol(const Applicant& applicant, std::optional<Duration> wait,
                      const std::function<void(const std::string&)>& on_pending) {
  const net::Context context;
  auto dealer = net::Dealer::connect(context, {.endpoint = applicant.token.enrolment_endpoint,
                                               .key = applicant.key,
                                               .server_key = applicant.token.server_key,
                                               .reconnect_every = kReconnectEvery,
                                               .linger = Duration::zero()});
  if (!dealer) return refused(kUnreachable, dealer.error().message);
  return Conversation(applicant, wait, on_pending, std::move(*dealer)).until_decided();
}

}  // namespace vaultbell::agent
