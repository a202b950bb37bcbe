#include "agent/uplink/uplink.hpp"

#include <utility>

#include "agent/core/state.hpp"
#include "agent/uplink/translation.hpp"
#include "shared/base/log.hpp"
#include "shared/net/limits.hpp"
#include "shared/protocol/codec.hpp"

namespace vaultbell::agent::uplink {

static_assert(protocol::kMessageBytesMax <= net::kMessageBytesMax);
static_assert(core::kWindowMax == protocol::kReportsInFlightMax);

namespace {

constexpr int kUnreadableMax = 100;  // in one call; the rest waits for the next turn

}  // namespace

Status Uplink::open() {
  auto dealer = net::Dealer::connect(context_, {.endpoint = ends_.endpoint,
                                                .key = ends_.own_key,
                                                .server_key = ends_.server_key,
                                                .reconnect_every = ends_.reconnect_every});
  if (!dealer) return fail(dealer.error());
  dealer_ = std::move(*dealer);
  return {};
}

void Uplink::add_to(net::Poller& poller) const {
  if (dealer_) poller.add(*dealer_);
}

void Uplink::send(std::uint64_t sequence, protocol::Body body) {
  if (!dealer_) return;
  if (!dealer_->send(protocol::encode({sequence, std::move(body)}))) {
    log::warning("a message to the aggregator could not be queued: it does not read");
  }
}

void Uplink::send(const core::SendHello& hello, Instant now) {
  send(0, protocol::Hello{.boot = host_.boot,
                          .agent_version = host_.agent_version,
                          .hostname = host_.hostname,
                          .os = host_.os,
                          .client_time = now,
                          .spools = hello.spools,
                          .jobs = host_.jobs});
}

void Uplink::send(const core::SendHeartbeat& heartbeat, Instant now) {
  send(0, protocol::Heartbeat{now, heartbeat.spool_used_bytes, heartbeat.is_spool_full});
}

void Uplink::send(const core::SendGoodbye& goodbye) {
  send(0, protocol::Goodbye{goodbye.reason});
}

void Uplink::send(const SpoolAck& position, const RunReport& report) {
  send(position.sequence, protocol::Report{position.spool, report});
}

std::optional<core::Command> Uplink::next_event() {
  const auto event = dealer_->next_event();
  if (!event) return std::nullopt;
  switch (*event) {
    case net::LinkEvent::connected:
      return core::LinkUp{};
    case net::LinkEvent::disconnected:
      return core::LinkDown{};
    case net::LinkEvent::refused:
      return core::LinkRefused{"this host's key is not enrolled there"};
    case net::LinkEvent::not_understood:
      return core::LinkRefused{"what answers at " + ends_.endpoint +
                               " is not the aggregator that this host is enrolled with"};
  }
  return std::nullopt;
}

std::optional<core::Command> Uplink::next(Instant now) {
  if (!dealer_) return std::nullopt;
  if (auto event = next_event()) return event;
  for (int i = 0; i < kUnreadableMax; ++i) {
    const auto bytes = dealer_->receive();
    if (!bytes) return std::nullopt;
    const auto message = protocol::decode(*bytes);
    if (message) return to_command(*message, now);
    log::warning("ignored a message of the aggregator: {}", message.error().message);
  }
  return std::nullopt;
}

}  // namespace vaultbell::agent::uplink
