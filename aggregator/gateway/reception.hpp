// Reception: what the gateway does with each message, without sockets or threads. Knows the keys
// that may come in and the connections that stand; marks heartbeats; turns everything else into
// commands for the core and the core's effects into messages.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "aggregator/board/board.hpp"
#include "aggregator/core/command.hpp"
#include "aggregator/core/effect.hpp"
#include "aggregator/core/silence.hpp"
#include "shared/protocol/message.hpp"

namespace vaultbell::gateway {

// A client as the store knows it when the gateway starts.
struct KnownClient {
  ClientId id;
  PublicKey public_key;
  std::optional<Duration> silence_limit;  // absent: its silence is not watched
};

// What the core wants done, of all effects those that concern the gateway.
using Task = std::variant<core::SendWelcome, core::SendTiming, core::AskForHello, core::SendAck,
                          core::SendReportRefused, core::Admit, core::Expel, core::Watch,
                          core::AnswerEnrolment>;

// Where a command goes: connections first, so that a flood of reports cannot hide a goodbye.
enum class Lane : std::uint8_t { connections, reports, enrolments };

// False: the inbox is full, the command was not taken.
using Post = std::function<bool(Lane, core::Command)>;

enum class Door : std::uint8_t { agents, enrolment };  // the two sockets

struct Incoming {
  std::string route;
  std::string user_id;  // the key in text, as ZAP gave it
  std::string address;
  std::string payload;
};

struct Outgoing {
  Door door = Door::agents;
  std::string route;
  std::string payload;
};

struct Now {
  Instant wall;
  Steady steady;
};

// Belongs to the gateway thread.
class Reception {
 public:
  Reception(const std::vector<KnownClient>& clients, std::string public_endpoint, Post post,
            board::Board& board, Now now);

  // Whether this key may come in through this door (ZAP).
  [[nodiscard]] bool may_enter(Door door, const PublicKey& key) const;

  // Deals with one message; what it wants sent is returned.
  std::optional<Outgoing> receive(Door door, const Incoming& incoming, Now now);

  // Carries out an effect of the core.
  std::optional<Outgoing> carry_out(const Task& task, Now now);

  // The connection behind this route is gone.
  void forget_route(const std::string& route);

  // Tells the core of clients that have fallen silent. To be called only when everything that
  // waited at the agents' door has been received. True: there may be more of them,
  // and the inbox took these.
  bool sweep(Now now);

  // The sockets were not read for a while: nobody's silence counts (R2.6). False: the core could
  // not be told, call it again.
  [[nodiscard]] bool resume(Now now, Duration gap);

 private:
  struct Session {
    std::string route;
    std::optional<bool> is_spool_full;  // as the core was told
    bool is_return_told = false;        // the core was told that it is heard again
  };
  struct EnrolmentCall {
    std::string route;
    std::uint64_t sequence = 0;
  };

  std::optional<Outgoing> receive_from(ClientId client, const Incoming& incoming,
                                       const protocol::Message& message, Now now);
  std::optional<Outgoing> hello(ClientId client, const Incoming& incoming, std::uint64_t sequence,
                                const protocol::Hello& hello);
  std::optional<Outgoing> heartbeat(ClientId client, Session& session, std::uint64_t sequence,
                                    const protocol::Heartbeat& heartbeat, Now now);
  // False: the inbox is full.
  bool post_goodbye(ClientId client, const Incoming& incoming, GoodbyeReason reason);
  std::optional<Outgoing> offer_key(ClientId client, const Incoming& incoming,
                                    std::uint64_t sequence, const protocol::KeyOffer& offer);
  void report(ClientId client, std::uint64_t sequence, const protocol::Report& report);
  std::optional<Outgoing> enrol(const Incoming& incoming, const protocol::Message& message);
  void mark_heard(ClientId client, Session* session, Now now);
  std::optional<Outgoing> to_client(ClientId client, std::uint64_t sequence,
                                    protocol::Body body) const;
  std::optional<Outgoing> answer_enrolment(const core::AnswerEnrolment& answer);
  [[nodiscard]] std::optional<ClientId> client_of(const std::string& user_id) const;

  std::string public_endpoint_;
  Post post_;
  board::Board& board_;
  core::Silence silence_;
  std::unordered_map<std::string, ClientId> client_by_key_;  // key in text
  std::unordered_map<ClientId, Session> sessions_;
  std::unordered_map<std::string, ClientId> client_by_route_;
  std::map<core::RequestId, EnrolmentCall> enrolment_calls_;
  core::RequestId last_request_ = 0;
};

}  // namespace vaultbell::gateway
