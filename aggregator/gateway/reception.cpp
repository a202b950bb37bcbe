#include "aggregator/gateway/reception.hpp"

#include <utility>

#include "shared/base/log.hpp"
#include "shared/crypto/keys.hpp"
#include "shared/protocol/codec.hpp"

namespace vaultbell::gateway {

namespace {

constexpr std::size_t kSilentPerSweepMax = 1000;  // the rest is found by the next sweep
constexpr std::size_t kEnrolmentCallsMax = 1000;  // that wait for the core's answer

Outgoing refusal(Door door, const std::string& route, std::uint64_t sequence,
                 protocol::RefusalCode code, std::string message) {
  return {door, route,
          protocol::encode({sequence, protocol::Refusal{code, std::move(message), std::nullopt}})};
}

protocol::RefusalCode code_of(core::EnrolmentRefusal why) {
  switch (why) {
    case core::EnrolmentRefusal::token_unknown:
      return protocol::RefusalCode::token_unknown;
    case core::EnrolmentRefusal::token_used:
      return protocol::RefusalCode::token_used;
    case core::EnrolmentRefusal::token_expired:
      return protocol::RefusalCode::token_expired;
    case core::EnrolmentRefusal::token_revoked:
      return protocol::RefusalCode::token_revoked;
    case core::EnrolmentRefusal::name_taken:
      return protocol::RefusalCode::name_taken;
    case core::EnrolmentRefusal::rejected:
      return protocol::RefusalCode::rejected;
    case core::EnrolmentRefusal::busy:
      return protocol::RefusalCode::busy;
  }
  return protocol::RefusalCode::busy;
}

protocol::Timing to_wire(const core::ClientTiming& timing) {
  return {timing.heartbeat_every, timing.disconnect_after};
}

template <class About>
core::HostFacts host_facts(const About& about, const std::string& address) {
  return {.boot = about.boot,
          .agent_version = about.agent_version,
          .hostname = about.hostname,
          .os = about.os,
          .address = address};
}

}  // namespace

Reception::Reception(const std::vector<KnownClient>& clients, std::string public_endpoint,
                     Post post, board::Board& board, Now now)
    : public_endpoint_(std::move(public_endpoint)), post_(std::move(post)), board_(board) {
  for (const auto& client : clients) {
    client_by_key_[crypto::to_text(client.public_key)] = client.id;
    if (client.silence_limit) silence_.watch(client.id, *client.silence_limit, true, now.steady);
  }
  silence_.resume(now.steady);
}

bool Reception::may_enter(Door door, const PublicKey& key) const {
  switch (door) {
    case Door::agents:
      return client_by_key_.contains(crypto::to_text(key));
    case Door::enrolment:
      return true;  // the token decides
  }
  return false;
}

std::optional<ClientId> Reception::client_of(const std::string& user_id) const {
  const auto found = client_by_key_.find(user_id);
  if (found == client_by_key_.end()) return std::nullopt;
  return found->second;
}

std::optional<Outgoing> Reception::receive(Door door, const Incoming& incoming, Now now) {
  auto message = protocol::decode(incoming.payload);
  if (!message) {
    ++board_.messages_refused;
    const auto& why = message.error();
    return refusal(door, incoming.route, why.sequence, why.code, why.message);
  }
  if (door == Door::enrolment) return enrol(incoming, *message);
  // The key alone says who it is, and it is asked for with every message: whatever let the
  // connection in, an unknown sender gets no further.
  const auto client = client_of(incoming.user_id);
  if (!client) {
    ++board_.messages_refused;
    return refusal(door, incoming.route, message->sequence, protocol::RefusalCode::not_enrolled,
                   "this key is not enrolled here");
  }
  return receive_from(*client, incoming, *message, now);
}

std::optional<Outgoing> Reception::receive_from(ClientId client, const Incoming& incoming,
                                                const protocol::Message& message, Now now) {
  const auto found = sessions_.find(client);
  const bool is_greeted = found != sessions_.end() && found->second.route == incoming.route;
  mark_heard(client, is_greeted ? &found->second : nullptr, now);
  if (const auto* said = std::get_if<protocol::Hello>(&message.body)) {
    return hello(client, incoming, message.sequence, *said);
  }
  // What follows need not come from the agent: the key says whose it is, a hello would not say
  // more.
  if (const auto* said = std::get_if<protocol::KeyOffer>(&message.body)) {
    return offer_key(client, incoming, message.sequence, *said);
  }
  if (const auto* said = std::get_if<protocol::Goodbye>(&message.body);
      said != nullptr && said->reason == GoodbyeReason::unenrolled) {
    // Not taken: the host says it again until its key is refused.
    [[maybe_unused]] const bool is_taken = post_goodbye(client, incoming, said->reason);
    return std::nullopt;
  }
  if (!is_greeted) {
    return refusal(Door::agents, incoming.route, message.sequence,
                   protocol::RefusalCode::hello_needed, "say hello first");
  }
  if (const auto* said = std::get_if<protocol::Heartbeat>(&message.body)) {
    return heartbeat(client, found->second, message.sequence, *said, now);
  }
  if (const auto* said = std::get_if<protocol::Report>(&message.body)) {
    report(client, message.sequence, *said);
    return std::nullopt;
  }
  if (const auto* said = std::get_if<protocol::Goodbye>(&message.body)) {
    if (!post_goodbye(client, incoming, said->reason)) {
      log::warning("the inbox is full: a goodbye of client {} was lost", client.value);
    }
    forget_route(incoming.route);
    return std::nullopt;
  }
  ++board_.messages_refused;
  return refusal(Door::agents, incoming.route, message.sequence, protocol::RefusalCode::unsupported,
                 "an agent does not send this");
}

bool Reception::post_goodbye(ClientId client, const Incoming& incoming, GoodbyeReason reason) {
  const auto own = crypto::parse_public_key(incoming.user_id);
  return own && post_(Lane::connections, core::GoodbyeReceived{client, *own, reason});
}

std::optional<Outgoing> Reception::offer_key(ClientId client, const Incoming& incoming,
                                             std::uint64_t sequence,
                                             const protocol::KeyOffer& offer) {
  const auto offered = crypto::to_text(offer.public_key);
  if (offered == incoming.user_id) {  // it came in with it: that it is accepted is durable
    return Outgoing{Door::agents, incoming.route,
                    protocol::encode({sequence, protocol::KeyAccepted{offer.public_key}})};
  }
  const auto own = crypto::parse_public_key(incoming.user_id);
  if (!own || client_of(offered)) {
    ++board_.messages_refused;
    return refusal(Door::agents, incoming.route, sequence, protocol::RefusalCode::rejected,
                   "this key is somebody's already; make another one");
  }
  // The answer is that the old key is refused. Not taken: the host asks again until then.
  [[maybe_unused]] const bool is_taken =
      post_(Lane::connections, core::KeyOffered{client, *own, offer.public_key});
  return std::nullopt;
}

void Reception::mark_heard(ClientId client, Session* session, Now now) {
  board_.last_heard.set(client, now.wall);
  const auto heard = silence_.heard(client, now.steady);
  // A client that comes back on a new connection says hello, which tells the core as well.
  if (heard != core::Silence::Heard::after_silence || session == nullptr) return;
  if (session->is_return_told) return;
  session->is_return_told = post_(Lane::connections, core::ClientHeard{client});
}

std::optional<Outgoing> Reception::hello(ClientId client, const Incoming& incoming,
                                         std::uint64_t sequence, const protocol::Hello& hello) {
  if (protocol::common_version(hello) == 0) {
    ++board_.messages_refused;
    return refusal(
        Door::agents, incoming.route, sequence, protocol::RefusalCode::version_unsupported,
        "no common protocol version: this aggregator speaks " +
            std::to_string(protocol::kVersionMin) + " to " + std::to_string(protocol::kVersionMax));
  }
  const bool is_taken =
      post_(Lane::connections, core::HelloReceived{.client = client,
                                                   .host = host_facts(hello, incoming.address),
                                                   .client_time = hello.client_time,
                                                   .spools = hello.spools}) &&
      post_(Lane::connections, core::AgentJobsReceived{client, hello.jobs});
  if (!is_taken) {
    return refusal(Door::agents, incoming.route, sequence, protocol::RefusalCode::busy,
                   "the aggregator is busy; say hello again later");
  }
  if (const auto old = sessions_.find(client); old != sessions_.end()) {
    client_by_route_.erase(old->second.route);
  }
  sessions_[client] = Session{.route = incoming.route};
  client_by_route_[incoming.route] = client;
  board_.clients_connected = sessions_.size();
  return std::nullopt;
}

std::optional<Outgoing> Reception::heartbeat(ClientId client, Session& session,
                                             std::uint64_t sequence,
                                             const protocol::Heartbeat& heartbeat, Now now) {
  ++board_.heartbeats;
  if (session.is_spool_full != heartbeat.is_spool_full &&
      post_(Lane::connections, core::SpoolFullChanged{client, heartbeat.is_spool_full})) {
    session.is_spool_full = heartbeat.is_spool_full;
  }
  return Outgoing{Door::agents, session.route,
                  protocol::encode({sequence, protocol::HeartbeatAck{now.wall}})};
}

void Reception::report(ClientId client, std::uint64_t sequence, const protocol::Report& report) {
  // Not taken: not acknowledged, so the agent sends it again.
  if (!post_(Lane::reports, core::ReportReceived{client, report.spool, sequence, report.report})) {
    ++board_.reports_postponed;
  }
}

std::optional<Outgoing> Reception::enrol(const Incoming& incoming,
                                         const protocol::Message& message) {
  const auto refuse = [&](protocol::RefusalCode code, std::string text) {
    ++board_.messages_refused;
    return refusal(Door::enrolment, incoming.route, message.sequence, code, std::move(text));
  };
  const auto* request = std::get_if<protocol::EnrolRequest>(&message.body);
  if (request == nullptr) {
    return refuse(protocol::RefusalCode::unsupported, "only enrolment requests are answered here");
  }
  const auto key = crypto::parse_public_key(incoming.user_id);
  if (!key) {
    return refuse(protocol::RefusalCode::not_enrolled, "the connection has no key");
  }
  const auto id = ++last_request_;
  const bool is_taken =
      enrolment_calls_.size() < kEnrolmentCallsMax &&
      post_(Lane::enrolments,
            core::EnrolmentRequested{.request = id,
                                     .token_hash = request->token_hash,
                                     .public_key = *key,
                                     .name = request->name,
                                     .host = host_facts(*request, incoming.address)});
  if (!is_taken) {
    return refuse(protocol::RefusalCode::busy, "the aggregator is busy; ask again later");
  }
  enrolment_calls_[id] = {incoming.route, message.sequence};
  return std::nullopt;
}

std::optional<Outgoing> Reception::to_client(ClientId client, std::uint64_t sequence,
                                             protocol::Body body) const {
  const auto session = sessions_.find(client);
  if (session == sessions_.end()) return std::nullopt;  // gone: it will say hello again
  return Outgoing{Door::agents, session->second.route,
                  protocol::encode({sequence, std::move(body)})};
}

std::optional<Outgoing> Reception::answer_enrolment(const core::AnswerEnrolment& answer) {
  const auto call = enrolment_calls_.find(answer.request);
  if (call == enrolment_calls_.end()) return std::nullopt;
  struct ToBody {
    const std::string& endpoint;
    protocol::Body operator()(const core::EnrolmentAccepted& accepted) const {
      return protocol::EnrolAccepted{accepted.client, accepted.vault, endpoint};
    }
    protocol::Body operator()(const core::EnrolmentWaits& waits) const {
      return protocol::EnrolPending{"vaultbell enrol approve " + waits.client};
    }
    protocol::Body operator()(const core::EnrolmentRefused& refused) const {
      return protocol::Refusal{code_of(refused.why), refused.message, std::nullopt};
    }
  };
  Outgoing outgoing{Door::enrolment, call->second.route,
                    protocol::encode({call->second.sequence,
                                      std::visit(ToBody{public_endpoint_}, answer.answer)})};
  enrolment_calls_.erase(call);
  return outgoing;
}

std::optional<Outgoing> Reception::carry_out(const Task& task, Now now) {
  struct CarryOut {
    Reception& self;
    Now now;

    std::optional<Outgoing> operator()(const core::SendWelcome& welcome) const {
      return self.to_client(welcome.client, 0,
                            protocol::Welcome{.client = welcome.name,
                                              .vault = welcome.vault,
                                              .timing = to_wire(welcome.timing),
                                              .server_time = now.wall,
                                              .acks = welcome.acks});
    }
    std::optional<Outgoing> operator()(const core::SendTiming& send) const {
      return self.to_client(send.client, 0, to_wire(send.timing));
    }
    std::optional<Outgoing> operator()(const core::AskForHello& ask) const {
      return self.to_client(
          ask.client, 0,
          protocol::Refusal{protocol::RefusalCode::hello_needed,
                            "say hello again: there is more to take in", std::nullopt});
    }
    std::optional<Outgoing> operator()(const core::SendAck& send) const {
      return self.to_client(send.client, 0, protocol::Ack{send.ack});
    }
    std::optional<Outgoing> operator()(const core::SendReportRefused& refused) const {
      const auto code = refused.is_out_of_order ? protocol::RefusalCode::out_of_order
                                                : protocol::RefusalCode::report_invalid;
      return self.to_client(refused.client, refused.sequence,
                            protocol::Refusal{code, refused.message, refused.ack});
    }
    std::optional<Outgoing> operator()(const core::Admit& admit) const {
      self.client_by_key_[crypto::to_text(admit.public_key)] = admit.client;
      return std::nullopt;
    }
    std::optional<Outgoing> operator()(const core::Expel& expel) const {
      self.client_by_key_.erase(crypto::to_text(expel.public_key));
      self.silence_.ignore(expel.client);
      const auto session = self.sessions_.find(expel.client);
      if (session != self.sessions_.end()) self.forget_route(std::string(session->second.route));
      return std::nullopt;
    }
    std::optional<Outgoing> operator()(const core::Watch& watch) const {
      if (watch.limit) {
        self.silence_.watch(watch.client, *watch.limit, watch.is_fresh, now.steady);
      } else {
        self.silence_.presume_silent(watch.client);
      }
      const auto session = self.sessions_.find(watch.client);
      if (session != self.sessions_.end()) session->second.is_return_told = false;
      return std::nullopt;
    }
    std::optional<Outgoing> operator()(const core::AnswerEnrolment& answer) const {
      return self.answer_enrolment(answer);
    }
  };
  return std::visit(CarryOut{*this, now}, task);
}

void Reception::forget_route(const std::string& route) {
  const auto found = client_by_route_.find(route);
  if (found == client_by_route_.end()) return;
  sessions_.erase(found->second);
  client_by_route_.erase(found);
  board_.clients_connected = sessions_.size();
}

bool Reception::sweep(Now now) {
  const auto silent = silence_.sweep(now.steady, kSilentPerSweepMax);
  bool is_taken = true;  // otherwise the inbox is full: the next sweep must not follow at once
  for (const auto client : silent) {
    const auto heard = silence_.last_heard(client).value_or(now.steady);
    const auto heard_at = now.wall - (now.steady - heard);
    if (post_(Lane::connections, core::ClientSilent{client, heard_at})) continue;
    silence_.unreport(client);
    is_taken = false;
  }
  return is_taken && silent.size() == kSilentPerSweepMax;
}

bool Reception::resume(Now now, Duration gap) {
  silence_.resume(now.steady);
  return post_(Lane::connections, core::ListeningResumed{gap});
}

}  // namespace vaultbell::gateway
