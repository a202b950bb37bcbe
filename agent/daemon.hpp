// Daemon: the loop of `serve`. One thread: it waits for the wire, the local socket, signals and the
// next deadline, gives the core commands and carries out its effects.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "agent/alone_caller.hpp"
#include "agent/configuration.hpp"
#include "agent/core/engine.hpp"
#include "agent/local_socket.hpp"
#include "agent/ping_book.hpp"
#include "agent/pings/server.hpp"
#include "agent/spool/settlement.hpp"
#include "agent/spool/spool.hpp"
#include "agent/state_folder.hpp"
#include "agent/status.hpp"
#include "agent/uplink/uplink.hpp"
#include "agent/watching.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"
#include "shared/net/context.hpp"
#include "shared/net/poller.hpp"
#include "shared/service/signals.hpp"

namespace vaultbell::agent {

class Daemon {
 public:
  // What the configuration says now; asked again with SIGHUP.
  using Load = std::function<Loaded()>;

  // Errors: not_found (not enrolled), refused (somebody else is at work here), and what the files
  // say. The caller holds the folder's InstanceLock.
  static Result<std::unique_ptr<Daemon>> open(const Configuration& configuration,
                                              const StateFolder& folder, Load load);

  // Until SIGTERM or SIGINT. An error means that the spool cannot be used any more: nothing was
  // lost, and the process must end and start again.
  Status run();

 private:
  struct Parts {
    service::Signals signals;
    spool::Spool spool;
    Enrolment enrolment;
    crypto::KeyPair key;
    uplink::HostFacts host;
    LocalSocket socket;
    StateFolder folder;
    Configuration configuration;
    Load load;
  };
  explicit Daemon(Parts parts);

  void wait();
  void turn();
  void take_signals();
  void reload();
  void sweep();
  // Where pings are to be taken and are not yet: the address may be somebody else's for now.
  void listen_for_pings();
  pings::Answer take_ping(const pings::Request& request);
  void read_logs();
  void take_from_uplink();
  // With which of the keys on disk the next socket is made: while one takes the place of the other
  // the aggregator knows either of them, so that after a refusal it is the other's turn.
  void choose_key();
  // The aggregator has welcomed the new key: the old one is worth nothing any more.
  void adopt_key();
  void tell_systemd();
  [[nodiscard]] Duration patience() const;

  void do_(const core::Command& command);
  void carry_out(const core::OpenLink& effect);
  void carry_out(const core::CloseLink& effect);
  void carry_out(const core::SendHello& effect);
  void carry_out(const core::SendHeartbeat& effect);
  void carry_out(const core::SendReports& effect);
  void carry_out(const core::SendGoodbye& effect);
  void carry_out(const core::Discard& effect);
  void carry_out(const core::SetAside& effect);
  void carry_out(const core::Renew& effect);
  void carry_out(const core::KeepAlone& effect);
  void carry_out(const core::RunAloneCommand& effect);
  void carry_out(const core::Note& effect);

  // After the commands of a turn: what was acknowledged or refused goes, then the core sees what is
  // left. What a full disk did not take is tried again with the next sweep.
  void settle_spool();
  // A full disk passes; anything else ends the process.
  void note(const Error& error);
  [[nodiscard]] Result<core::SpoolView> look() const;
  [[nodiscard]] std::string status() const;
  [[nodiscard]] AloneFacts alone_facts() const;
  [[nodiscard]] Instant to_wall(Steady then) const;

  SystemClock clock_;
  Parts parts_;
  net::Context context_;
  uplink::Uplink uplink_;
  net::Poller poller_;
  core::State state_;
  std::deque<core::Command> commands_;  // of the daemon's own, for the end of the turn
  spool::Settlement settlement_;
  AloneCaller alone_caller_;
  std::optional<pings::Server> pings_;
  PingBook ping_book_;
  Steady lost_ping_noted_at_{-std::chrono::hours(1)};  // long ago
  std::string pings_trouble_;                          // why there is none, as it was last logged
  JobLogs job_logs_;
  bool is_disk_full_ = false;  // since the last sweep
  bool must_look_ = false;
  std::optional<Error> failure_;
  Steady sweep_at_;  // at the latest
  Steady swept_at_;
  Instant started_at_;
  std::optional<Duration> alive_every_;
  Steady alive_at_;
  std::string last_status_;
  bool is_next_key_used_ = false;  // the socket has the key that is to take the place of `key`
};

}  // namespace vaultbell::agent
