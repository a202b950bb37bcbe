#include <chrono>
#include <iostream>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include "agent/commands.hpp"
#include "agent/exit_code.hpp"
#include "agent/local_socket.hpp"
#include "agent/reach.hpp"
#include "agent/reporting.hpp"
#include "agent/state_folder.hpp"
#include "agent/status.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/duration.hpp"
#include "shared/base/local_time.hpp"
#include "shared/domain/name.hpp"
#include "shared/protocol/message.hpp"

namespace vaultbell::agent {

const Syntax& test_syntax() {
  static const Syntax instance{
      .command = "test",
      .example = "vaultbell-agent test --fail",
      .usage = "[options]",
      .about =
          "Goes the whole way of a report, step by step: the configuration, the enrolment, the\n"
          "network, the running agent, and a report that the aggregator must acknowledge. It is a\n"
          "run of a job of its own. With --fail it is a failed backup, of which people are told; "
          "the\n"
          "next test without it is the recovery.",
      .options = with_common({{"fail", "", "report a failed backup: does the alarm ring?"},
                              {"job", "JOB", "the job that is reported (default: vaultbell-test)"},
                              {"wait", "TIME", "for each step (default: 30s)"},
                              {"output", "FORMAT", "text (default) or json", "o"}})};
  return instance;
}

namespace {

constexpr const char* kTestJob = "vaultbell-test";
constexpr Duration kStepWithin = std::chrono::seconds(30);
constexpr Duration kConnectWithin = std::chrono::seconds(5);
constexpr Duration kAnswerOfAgentWithin = std::chrono::seconds(5);
constexpr Duration kLookEvery = std::chrono::milliseconds(100);
constexpr std::size_t kReadAtOnce = 64;

// The way of a report. Each step says what it found; the first that fails ends the test.
class Test {
 public:
  Test(const Loaded& loaded, Duration wait) : loaded_(loaded), wait_(wait) {}

  Result<std::string> check_configuration() {
    if (!loaded_.mistakes.empty()) return fail(ErrorCode::invalid, loaded_.mistakes.front());
    const auto file = loaded_.file.string();
    return file + (loaded_.is_there ? " has no mistakes" : " does not exist: the defaults count");
  }

  Result<std::string> check_enrolment() {
    const auto folder = StateFolder::find(loaded_.configuration.state_dir);
    if (!folder) return fail(folder.error());
    auto enrolment = folder->load_enrolment();
    if (!enrolment) return fail_within("this host is not enrolled", enrolment.error());
    enrolment_ = std::move(*enrolment);
    return fmt::format("client \"{}\" of vault \"{}\"", enrolment_.client, enrolment_.vault);
  }

  Result<std::string> check_network() {
    const auto reached = reach(enrolment_.endpoint, std::min(wait_, kConnectWithin));
    if (!reached) {
      return fail(ErrorCode::unavailable,
                  fmt::format("{} cannot be reached: {}; see that the aggregator runs, and that no "
                              "firewall is between",
                              enrolment_.endpoint, reached.error().message));
    }
    return fmt::format("{} answers at {}", enrolment_.endpoint, *reached);
  }

  Result<std::string> check_agent() {
    std::string trouble = "it is not connected";
    const bool is_connected = comes_true([&] {
      const auto answer = ask(loaded_.configuration.socket_path(), "status", kAnswerOfAgentWithin);
      const auto shown = answer ? show(*answer) : Result<Shown>(fail(answer.error()));
      if (!shown) {
        trouble = "it does not run; start it: systemctl start vaultbell-agent";
        return false;
      }
      trouble = shown->words.substr(0, shown->words.find('\n'));
      return shown->is_connected;
    });
    if (is_connected) return trouble;
    return fail(ErrorCode::unavailable, trouble);
  }

  Result<std::string> check_report(const std::string& job, bool is_failure) {
    const auto now = clock_.wall();
    RunReport report{.run = random_uuid(), .job = job, .trigger = Trigger::user};
    report.outcome = is_failure ? Outcome::failed : Outcome::succeeded;
    if (is_failure) report.reason = OutcomeReason::error;
    report.ended_at = now;
    report.utc_offset_minutes = utc_offset_at(now);
    report.message = is_failure ? "a test: vaultbell-agent test --fail" : "a test";
    if (auto ok = vaultbell::check_report(report); !ok) return fail(ok.error());
    const auto kept =
        with_spool(loaded_, [&](spool::Spool& spool) { return spool.append(report); });
    if (!kept) return fail(kept.error());
    const auto begun = clock_.steady();
    std::optional<Error> trouble;
    const bool is_over = comes_true([&] {
      const auto waits = is_waiting(report.run);
      if (!waits) trouble = waits.error();
      return trouble || !*waits;
    });
    if (trouble) return fail(*trouble);
    if (!is_over) {
      return fail(ErrorCode::unavailable,
                  fmt::format("it was not acknowledged within {}; it is kept, and sent when it can "
                              "be (vaultbell-agent status)",
                              to_text(wait_)));
    }
    return fmt::format("{} run of job \"{}\" was acknowledged after {}",
                       is_failure ? "a failed" : "a good", job, to_text(clock_.steady() - begun));
  }

  [[nodiscard]] const std::string& client() const { return enrolment_.client; }

 private:
  bool comes_true(const std::function<bool()>& condition) const {
    const auto end = clock_.steady() + wait_;
    while (!condition()) {
      if (clock_.steady() >= end) return false;
      std::this_thread::sleep_for(kLookEvery);
    }
    return true;
  }

  // Without waking the agent each time.
  Status look(const std::function<Status(const spool::Spool&)>& what) const {
    const auto folder = StateFolder::find(loaded_.configuration.state_dir);
    if (!folder) return fail(folder.error());
    const auto spool = folder->open_spool(loaded_.configuration.spool_max_bytes);
    if (!spool) return fail(spool.error());
    return what(*spool);
  }

  // Whether that report is still in the spool. An error: the aggregator will never take it.
  Result<bool> is_waiting(const Uuid& run) const {
    bool is_there = false;
    const auto looked = look([&](const spool::Spool& spool) -> Status {
      const auto ranges = spool.ranges();
      if (!ranges) return fail(ranges.error());
      is_there = ranges->size() >= protocol::kSpoolsPerHelloMax;  // there may be more behind
      for (const auto& range : *ranges) {
        const auto found = holds(spool, range, run);
        if (!found) return fail(found.error());
        is_there |= *found;
      }
      const auto last = spool.last_set_aside();
      if (!last) return fail(last.error());
      if (*last && (*last)->report && (*last)->report->run == run) {
        return fail("the aggregator does not take it: " + (*last)->reason);
      }
      return {};
    });
    if (!looked) return fail(looked.error());
    return is_there;
  }

  static Result<bool> holds(const spool::Spool& spool, const SpoolRange& range, const Uuid& run) {
    SpoolAck behind{range.spool, range.first - 1};
    while (true) {
      const auto kept = spool.read(behind, kReadAtOnce);
      if (!kept) return fail(kept.error());
      if (kept->empty()) return false;
      for (const auto& one : *kept) {
        if (one.report.run == run) return true;
      }
      behind.sequence = kept->back().sequence;
    }
  }

  SystemClock clock_;
  const Loaded& loaded_;
  Duration wait_;
  Enrolment enrolment_;
};

// Shows each step when it is done, and keeps them for the end.
class Protocol {
 public:
  explicit Protocol(OutputFormat format) : format_(format) {}

  // Whether it went well.
  bool note(const char* step, const Result<std::string>& result) {
    steps_.push_back({step, result.has_value(), result ? *result : result.error().message});
    if (format_ == OutputFormat::text) {
      const auto& last = steps_.back();
      std::cout << fmt::format("{:<7}{:<15}{}\n", last.is_good ? "ok" : "FAILED", step, last.text)
                << std::flush;
    }
    return result.has_value();
  }
  void finish() const {
    if (format_ == OutputFormat::json) std::cout << to_json(steps_) << '\n';
  }

 private:
  OutputFormat format_;
  std::vector<TestStep> steps_;
};

bool go_the_way(Test& test, Protocol& protocol, const std::string& job, bool is_failure) {
  return protocol.note("configuration", test.check_configuration()) &&
         protocol.note("enrolment", test.check_enrolment()) &&
         protocol.note("network", test.check_network()) &&
         protocol.note("agent", test.check_agent()) &&
         protocol.note("report", test.check_report(job, is_failure));
}

void say_what_follows(const std::string& client, const std::string& job, bool is_failure) {
  if (!is_failure) return;
  std::cout << fmt::format(
      "\nPeople are told as the policy of the client says; who and when, on the aggregator:\n"
      "  vaultbell alert list --client {0}\n"
      "  vaultbell explain client {0}\n"
      "The recovery: vaultbell-agent test. To forget the job then: vaultbell job forget {0} {1}\n",
      client, job);
}

}  // namespace

int test_command(const Words& words) {
  const auto opening = open_command(test_syntax(), words);
  if (!opening.arguments) return opening.exit_code;
  const auto& arguments = *opening.arguments;
  const auto format = arguments.choice("output", OutputFormat::text);
  if (!format) return complain_of_usage(test_syntax(), format.error());
  const auto wait = parse_duration(arguments.value("wait").value_or(to_text(kStepWithin)));
  if (!wait) {
    return complain_of_usage(test_syntax(), {wait.error().code, "--wait: " + wait.error().message});
  }
  const auto job = arguments.value("job").value_or(kTestJob);
  const auto loaded = load_configuration(arguments);
  if (auto ok = check_name("job name", job); !ok) {
    return complain_of_usage(test_syntax(), {ErrorCode::invalid, "--job: " + ok.error().message});
  }
  if (loaded.configuration.job_named(job) != nullptr) {
    return complain_of_usage(
        test_syntax(),
        {ErrorCode::invalid,
         fmt::format("--job {}: agent.toml declares it, and a test would count as its backup",
                     job)});
  }
  Test test(loaded, *wait);
  Protocol protocol(*format);
  const bool is_failure = arguments.has("fail");
  const bool is_good = go_the_way(test, protocol, job, is_failure);
  protocol.finish();
  if (is_good && *format == OutputFormat::text) say_what_follows(test.client(), job, is_failure);
  return is_good ? kDone : kFailed;
}

}  // namespace vaultbell::agent
