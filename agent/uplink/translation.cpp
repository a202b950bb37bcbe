#include "agent/uplink/translation.hpp"

namespace vaultbell::agent::uplink {

namespace {

core::Command to_command(const protocol::Refusal& refusal, std::uint64_t sequence) {
  using Code = protocol::RefusalCode;
  switch (refusal.code) {
    case Code::hello_needed:
      return core::HelloWanted{};
    case Code::out_of_order:
      if (!refusal.ack) return core::Heard{};
      return core::OutOfOrder{sequence, *refusal.ack};
    case Code::report_invalid:
      if (!refusal.ack) return core::NotUnderstood{sequence, refusal.message};
      return core::ReportRefused{sequence, *refusal.ack, refusal.message};
    case Code::malformed:
    case Code::unsupported:
      return core::NotUnderstood{sequence, refusal.message};
    case Code::version_unsupported:
    case Code::not_enrolled:
      return core::TurnedAway{refusal.message};
    case Code::busy:
    case Code::token_unknown:  // the rest belong to enrolment
    case Code::token_used:
    case Code::token_expired:
    case Code::token_revoked:
    case Code::name_taken:
    case Code::rejected:
      return core::Heard{};
  }
  return core::Heard{};
}

struct ToCommand {
  std::uint64_t sequence;
  Instant now;

  core::Command operator()(const protocol::Welcome& welcome) const {
    return core::Welcomed{.client = welcome.client,
                          .vault = welcome.vault,
                          .heartbeat_every = welcome.timing.heartbeat_every,
                          .clock_ahead = now - welcome.server_time,
                          .acks = welcome.acks};
  }
  core::Command operator()(const protocol::Timing& timing) const {
    return core::Retimed{timing.heartbeat_every};
  }
  core::Command operator()(const protocol::HeartbeatAck& ack) const {
    return core::HeartbeatAnswered{now - ack.server_time};
  }
  core::Command operator()(const protocol::Ack& ack) const { return core::Acknowledged{ack.ack}; }
  core::Command operator()(const protocol::Refusal& refusal) const {
    return to_command(refusal, sequence);
  }
  // Enrolment's answers, and what only agents send.
  template <class T>
  core::Command operator()(const T&) const {
    return core::Heard{};
  }
};

}  // namespace

core::Command to_command(const protocol::Message& message, Instant now) {
  return std::visit(ToCommand{message.sequence, now}, message.body);
}

}  // namespace vaultbell::agent::uplink
