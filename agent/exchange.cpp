#include "agent/exchange.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "shared/base/clock.hpp"
#include "shared/net/dealer.hpp"
#include "shared/net/poller.hpp"
#include "shared/protocol/codec.hpp"

namespace vaultbell::agent {

namespace {

constexpr Duration kAskAgainEvery = std::chrono::seconds(1);
constexpr Duration kReplyWithin = std::chrono::seconds(15);  // as enrolment waits
constexpr Duration kConnectAgainEvery = std::chrono::seconds(1);

std::optional<Replied> reply_in(const protocol::Body& body) {
  const auto* refusal = std::get_if<protocol::Refusal>(&body);
  if (refusal == nullptr) return Replied{.body = body};
  switch (refusal->code) {
    case protocol::RefusalCode::not_enrolled:
      return Replied{.is_key_refused = true};
    case protocol::RefusalCode::busy:
      return std::nullopt;
    case protocol::RefusalCode::hello_needed:
    case protocol::RefusalCode::version_unsupported:
    case protocol::RefusalCode::unsupported:
    case protocol::RefusalCode::malformed:
    case protocol::RefusalCode::out_of_order:
    case protocol::RefusalCode::report_invalid:
    case protocol::RefusalCode::token_unknown:
    case protocol::RefusalCode::token_used:
    case protocol::RefusalCode::token_expired:
    case protocol::RefusalCode::token_revoked:
    case protocol::RefusalCode::name_taken:
    case protocol::RefusalCode::rejected:
      return Replied{.body = body};
  }
  return Replied{.body = body};
}

std::optional<Replied> reply_of(net::LinkEvent event, const std::string& endpoint) {
  switch (event) {
    case net::LinkEvent::connected:
    case net::LinkEvent::disconnected:
      return std::nullopt;
    case net::LinkEvent::refused:
      return Replied{.is_key_refused = true};
    case net::LinkEvent::not_understood:
      return Replied{.no_answer =
                         fmt::format("what answers at {} is not the aggregator that this host is "
                                     "enrolled with",
                                     endpoint)};
  }
  return std::nullopt;
}

std::optional<Replied> take_reply(net::Dealer& dealer, const std::string& endpoint,
                                  bool& was_let_in) {
  // Messages first: what was answered before the connection was refused still counts.
  while (const auto bytes = dealer.receive()) {
    was_let_in = true;
    const auto message = protocol::decode(*bytes);
    if (!message) continue;
    if (auto reply = reply_in(message->body)) return reply;
  }
  while (const auto event = dealer.next_event()) {
    was_let_in |= event == net::LinkEvent::connected;
    if (auto reply = reply_of(*event, endpoint)) return reply;
  }
  return std::nullopt;
}

}  // namespace

Replied ask_aggregator(const Enrolment& enrolment, const crypto::KeyPair& key,
                       const protocol::Body& question) {
  const net::Context context;
  auto dealer = net::Dealer::connect(context, {.endpoint = enrolment.endpoint,
                                               .key = key,
                                               .server_key = enrolment.server_key,
                                               .reconnect_every = kConnectAgainEvery,
                                               .linger = Duration::zero()});
  if (!dealer) return {.no_answer = dealer.error().message};
  net::Poller poller;
  poller.add(*dealer);
  const SystemClock clock;
  const auto end = clock.steady() + kReplyWithin;
  auto ask_at = clock.steady();
  bool was_let_in = false;
  for (auto now = ask_at; now < end; now = clock.steady()) {
    if (now >= ask_at) {
      // A full queue holds the same question already.
      [[maybe_unused]] const bool is_queued = dealer->send(protocol::encode({0, question}));
      ask_at = now + kAskAgainEvery;
    }
    poller.wait(std::min(ask_at, end) - now);
    if (auto reply = take_reply(*dealer, enrolment.endpoint, was_let_in)) {
      reply->was_let_in = was_let_in;
      return std::move(*reply);
    }
  }
  return {.no_answer = fmt::format("no answer from {} within {} s", enrolment.endpoint,
                                   std::chrono::floor<std::chrono::seconds>(kReplyWithin).count())};
}

}  // namespace vaultbell::agent
