// World: the aggregator's core in a world that a test commands: two clocks, hosts, mail servers, a
// journal. Every decision is checked as it is made:
//
//   command -> decide (twice: equal) -> commit -> evolve -> invariants -> the State that the
//   journal gives when it is loaded equals the State -> effects
//
// With $VAULTBELL_TEST_JOURNAL=store the journal is an LMDB store in a temporary folder that is
// closed and opened again after every decision, and the independent auditor looks at it every
// minute and must agree; ctest runs every test both ways.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/auditor/verdict.hpp"
#include "aggregator/core/engine.hpp"
#include "aggregator/storage/store.hpp"
#include "tests/support/builders.hpp"
#include "tests/support/gateway.hpp"
#include "tests/support/host.hpp"
#include "tests/support/memory_journal.hpp"
#include "tests/support/receivers.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/words.hpp"

namespace vaultbell::support {

// A message that a mail server has accepted.
struct Mail {
  Instant at;
  std::string to;  // "ops"
  std::string text;

  bool operator==(const Mail&) const = default;
};

class World {
 public:
  // Begins in the night to 2026-03-01 with an empty store and a running aggregator.
  explicit World(core::Settings settings = ordinary_settings(), Instant begin = at("03-01 02:00"));
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // ---- time: in steps of a second, in each of which everybody does what is due

  [[nodiscard]] Instant now() const { return wall_; }
  [[nodiscard]] Steady steady() const { return steady_; }
  void pass(Duration duration);
  void pass_until(Instant wall);       // by the wall clock; not in the past
  void step_clock(Duration by);        // the wall clock alone
  void suspend(Duration duration);     // both clocks go on, nobody does anything
  void commits_take(Duration commit);  // a slow disk: effects come that much later

  // ---- the aggregator

  void stop();   // as by a power cut: what was not committed or performed is lost
  void start();  // loads what the journal holds
  void start_with(core::Settings settings);
  [[nodiscard]] bool is_running() const { return gateway_ != nullptr; }
  void reconfigure(core::Settings settings);
  [[nodiscard]] const core::Settings& settings() const { return settings_; }

  // Decides one command now, commits it and performs its effects.
  core::Decision submit(const core::Command& command);
  // Lets everything happen that is due at this moment.
  void settle();
  // Writes rows without a decision, to begin with many of them.
  void seed(const core::WriteSet& changes);

  [[nodiscard]] const core::State& state() const { return state_; }
  [[nodiscard]] const MemoryJournal& rows() const { return rows_; }

  // ---- people

  // Carries out an order of "alice" and returns what she is told.
  tl::expected<core::OrderDone, Error> order(decltype(core::Order::what) what,
                                             bool is_dry_run = false);
  VaultId vault(const std::string& name,
                core::PolicyMode mode = core::PolicyMode::default_recipients);

  // A contact whose addresses are verified; made if there is none of that name.
  ContactId contact(const std::string& name, const std::string& email,
                    const std::string& mobile = {}, const std::string& webhook = {});
  GroupId group(const std::string& name, const std::vector<ContactId>& members);

  bool greets_owners = false;  // whether new owners are greeted (R5.6)
  bool is_audited = true;      // until a test takes rows away that the auditor would miss

  // What a host that asks to be let in is told.
  decltype(core::AnswerEnrolment::answer) request_enrolment(
      const core::EnrolmentRequested& request);

  // ---- hosts

  // Enrols a host in a vault; it does not connect yet.
  Host& enrol(const std::string& name, const std::string& vault = "prod");
  // The host of that name; enrolled and connected if it is new.
  Host& host(const std::string& name);
  // Another host with the key of this one, which has its own spool; it does not connect yet.
  Host& clone(const Host& original, const std::string& name);
  // The host lost its disk and enrols anew, with a token for its client; it does not connect yet.
  void set_up_anew(Host& host);
  void connect(Host& host);  // on a new connection, with a hello
  // What the configuration of the host's agent declares; it is told again as often as it is asked
  // for. Returns how often it was told.
  int declare_jobs(const Host& host, const std::vector<AgentJob>& jobs);
  void beat_again(Host& host) { host.has_network = true; }
  void go_silent(Host& host) { host.has_network = false; }
  void say_goodbye(Host& host, GoodbyeReason reason = GoodbyeReason::stopped);
  // Keeps the report and, if it can, sends it.
  void report(Host& host, RunReport report);
  void spool_full(Host& host, bool is_full);

  // ---- what comes of it

  Receivers receivers;
  // The mails since the last call.
  std::vector<Mail> take_mails();
  // The same as "ops: critical: ..." lines.
  Lines take_mail_lines();
  [[nodiscard]] Lines alerts() const { return active_alerts(rows_); }
  // The newest alert of this kind, active or not.
  [[nodiscard]] std::optional<core::Alert> last_alert(core::AlertKind kind) const;
  [[nodiscard]] core::Client client(const Host& host) const;
  [[nodiscard]] core::Run last_run() const;
  // What the core wanted in the log since the last call.
  Lines take_notes();

  // Statements about every decision that were not true; a test must end without any.
  Lines take_faults();

 private:
  [[nodiscard]] core::WriteSet greetings_for(const std::vector<std::string>& owners) const;
  [[nodiscard]] Moment moment() const { return {wall_, steady_}; }
  void second();
  void let_host_act(Host& host);
  void send_kept(Host& host);
  Host* host_of(ClientId client);  // that said hello last
  Host* host_of(ClientId client, Uuid spool);
  void notice_clock_step();
  [[nodiscard]] bool is_due() const;
  bool turn();
  void check_state();
  void audit();
  core::Decision decide(const core::Command& command);
  void commit(const core::WriteSet& changes);
  void perform(const std::vector<core::Effect>& effects);
  void deliver(const core::Deliver& deliver);
  void fault(const std::string& sentence);

  struct Perform;

  core::Settings settings_;
  Instant wall_;
  Steady steady_;
  Duration commit_takes_{};
  Steady busy_until_;

  TemporaryFolder folder_;
  bool uses_store_;
  MemoryJournal rows_;
  std::unique_ptr<storage::Store> store_;
  core::State state_;
  core::State loaded_;  // as the journal gave it after the last commit
  std::unique_ptr<Gateway> gateway_;
  std::vector<core::Command> inbox_;
  std::vector<core::Effect> held_effects_;
  auditor::Judge judge_;
  Steady audited_at_;
  Duration clock_offset_{};  // the wall clock minus the steady one, as last seen

  std::map<std::string, Host> hosts_;
  std::map<ClientId, std::string> connected_;  // which of its hosts said hello last
  std::uint64_t last_number_ = 0;              // for identities
  std::set<NotificationId> open_deliveries_;
  std::optional<core::AnswerEnrolment> enrolment_answer_;
  std::vector<ClientId> asked_for_hello_;
  std::optional<core::Reply> reply_;
  std::vector<Mail> mails_;
  Lines notes_;
  Lines faults_;
};

}  // namespace vaultbell::support
