// SmallAggregator: an aggregator without network and without delivery, for tests of what stands on
// its API: the real core, the real store in a folder of its own, the real API on a real socket, and
// a clock that only the test moves.
#pragma once

#include <atomic>
#include <filesystem>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "aggregator/api/server.hpp"
#include "aggregator/board/board.hpp"
#include "aggregator/core/engine.hpp"
#include "aggregator/storage/store.hpp"
#include "shared/base/bounded_queue.hpp"
#include "shared/base/clock.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::support {

class TestClock final : public Clock {
 public:
  [[nodiscard]] Instant wall() const override { return kBegin + Duration(passed_ms_.load()); }
  [[nodiscard]] Steady steady() const override {
    return Steady(kSteady + Duration(passed_ms_.load()));
  }
  void advance(Duration by) { passed_ms_ += by.count(); }

  static constexpr Instant kBegin = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1) +
                                    std::chrono::hours(2);  // 2026-03-01T02:00:00Z

 private:
  static constexpr Duration kSteady = std::chrono::hours(5);  // up for so long at the beginning
  std::atomic<std::int64_t> passed_ms_{0};
};

// How a run ends that a test reports.
struct Ended {
  std::string job = "nightly";
  Outcome outcome = Outcome::succeeded;
  Operation operation = Operation::backup;
  std::string message;
  std::optional<OutcomeReason> reason;
  Trigger trigger = Trigger::scheduled;
  std::string output;
};

class SmallAggregator {
 public:
  SmallAggregator();
  explicit SmallAggregator(api::Facts facts, const api::HttpOptions& options = {});
  ~SmallAggregator();
  SmallAggregator(const SmallAggregator&) = delete;
  SmallAggregator& operator=(const SmallAggregator&) = delete;

  // What the API is told at its start unless a test says otherwise: one owner, mail, enrolment.
  static api::Facts usual_facts();

  [[nodiscard]] const std::filesystem::path& socket() const { return socket_; }
  // Where it looks for declared objects, when it is asked to; empty at first.
  [[nodiscard]] std::filesystem::path conf_dir() const { return folder_.path() / "conf.d"; }
  [[nodiscard]] TestClock& clock() { return clock_; }
  [[nodiscard]] board::Board& board() { return board_; }
  [[nodiscard]] api::Server& server() { return *server_; }
  [[nodiscard]] storage::Store& store() { return *store_; }

  // Decides and commits as the daemon's loop does; back when it is durable.
  std::vector<core::Effect> carry_out(core::Command command);

  // Lets time pass, and everything happen that is due then.
  void pass(Duration time);

  // Orders are no longer taken (the inbox is full), or taken and never answered.
  void refuse_orders() { takes_orders_ = false; }
  void ignore_orders() { answers_orders_ = false; }

  // ---- a little fleet, in words

  VaultId add_vault(const std::string& name,
                    core::PolicyMode policy = core::PolicyMode::default_recipients);
  ClientId enrol(const std::string& name, const std::string& vault);
  // Enrols a host and lets it connect.
  ClientId add_client(const std::string& name, const std::string& vault);
  // Enrols a host with a token that needs approval; it waits.
  void ask_to_enrol(const std::string& name, const std::string& vault);
  void say_hello(ClientId client, Duration clock_skew = {});
  void fall_silent(ClientId client);
  void report(ClientId client, const Ended& ended);
  // The code that was sent to the address, as its message has it.
  [[nodiscard]] std::string code_for(const core::AddressKey& place) const;
  // What a delivery worker would report of the attempt under way.
  void end_delivery(NotificationId delivery, core::AttemptResult result, const std::string& answer);

 private:
  struct Item {
    core::Command command;
    std::promise<std::vector<core::Effect>>* done = nullptr;
    std::optional<api::ApplyRequest> apply = {};  // instead of a command
  };
  void run();
  void apply(const api::ApplyRequest& request);
  std::vector<core::Effect> turn(const core::Command& command);
  core::TokenHash add_token(const std::string& vault, bool needs_approval);
  core::Reply give(decltype(core::Order::what) what);
  core::EnrolmentRequested request_of(const std::string& name, const core::TokenHash& token);

  TemporaryFolder folder_;
  std::filesystem::path socket_;
  TestClock clock_;
  board::Board board_;
  std::unique_ptr<storage::Store> store_;
  core::State state_;  // of the thread
  std::atomic<bool> is_something_due_{false};
  std::atomic<bool> takes_orders_{true};
  std::atomic<bool> answers_orders_{true};
  BoundedQueue<Item> inbox_{1000};
  std::unique_ptr<api::Server> server_;
  std::thread thread_;
  std::map<ClientId, Uuid> spools_;
  std::map<ClientId, std::uint64_t> sequences_;
  std::uint8_t last_secret_ = 0;
};

}  // namespace vaultbell::support
