// Daemon: every part of the aggregator, put together: the store and the loop on the main thread,
// the gateway, the delivery workers and the API beside it. The only place that knows every part.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "aggregator/api/server.hpp"
#include "aggregator/auditor/auditor.hpp"
#include "aggregator/board/board.hpp"
#include "aggregator/configuration.hpp"
#include "aggregator/declaring.hpp"
#include "aggregator/gateway/gateway.hpp"
#include "aggregator/inbox.hpp"
#include "aggregator/loop.hpp"
#include "aggregator/notify/workers.hpp"
#include "aggregator/storage/store.hpp"
#include "aggregator/sweeper.hpp"
#include "aggregator/upkeep.hpp"
#include "aggregator/watchdog/pinger.hpp"
#include "aggregator/web_door.hpp"
#include "shared/base/bounded_queue.hpp"
#include "shared/base/instance_lock.hpp"
#include "shared/base/wake_up.hpp"
#include "shared/service/signals.hpp"

namespace vaultbell::aggregator {

class Daemon {
 public:
  // Opens everything, in the order in which it can be promised: store, sockets, API. The threads of
  // gateway, workers and API run; nothing is decided before run(). The error says what could not be
  // opened and what would be right.
  static Result<std::unique_ptr<Daemon>> open(Configuration configuration,
                                              std::filesystem::path configuration_file);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  // Runs until a signal ends it. The error ends the process: what was not committed was not
  // acknowledged.
  Status run();

 private:
  struct Opened;   // what open() has ready for the constructor
  struct Perform;  // one function for each kind of effect
  Daemon(Configuration configuration, std::filesystem::path configuration_file, Opened opened);

  static api::Facts facts_of(const Configuration& configuration, const Opened& opened, Instant now);
  void perform(const core::Effect& effect);
  void deliver(const core::Deliver& order);
  Status open_api();
  void open_web();  // as soon as it can be
  void start_workers();
  void stop_workers(Duration patience);
  void start_pinger();
  void start_auditor();
  void take(const auditor::Verdict& verdict);  // in the auditor's thread
  // Reads the configuration and the declared objects again. The error is that of a commit.
  Result<declared::Comparison> reload(const declared::Options& options, const std::string& actor);
  void take_configuration(Configuration fresh);
  Status apply_at_start();
  Status answer_requests();  // of the API, to apply what is declared
  bool take_signals();       // false: stop
  void look_after();         // now and then: checkpoint, watchdog, the line in `systemctl status`
  void show_status();        // that line
  Status checkpoint();       // when clients were last heard, for display
  Status stop();

  Configuration configuration_;
  std::filesystem::path configuration_file_;
  SystemClock clock_;
  board::Board board_;
  Inbox inbox_;
  service::Signals signals_;
  InstanceLock lock_;
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<net::Context> context_;
  crypto::SecretKey code_key_;
  api::Facts facts_;
  Loop loop_;
  Declaring declaring_;
  BoundedQueue<api::ApplyRequest> apply_requests_{16};  // people who wait; more would wait in vain
  WakeUp apply_wake_up_;
  bool wants_reload_ = false;    // by a signal
  bool has_new_client_ = false;  // since the declared objects were looked at
  std::unique_ptr<gateway::Gateway> gateway_;
  // Of each channel its own, so that one that hangs delays no other (R7.5).
  std::map<core::Channel, std::unique_ptr<notify::Workers>> workers_;
  std::unique_ptr<api::Server> api_;
  std::unique_ptr<auditor::Auditor> auditor_;
  std::unique_ptr<watchdog::Pinger> pinger_;  // none where no url is configured
  Sweeper sweeper_;
  Upkeep upkeep_;
  WebDoor web_door_;
  Steady next_checkpoint_;
  Steady next_status_;
};

}  // namespace vaultbell::aggregator
