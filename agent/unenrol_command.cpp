#include <iostream>
#include <optional>
#include <thread>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "agent/commands.hpp"
#include "agent/configuration.hpp"
#include "agent/exchange.hpp"
#include "agent/exit_code.hpp"
#include "agent/local_socket.hpp"
#include "agent/state_folder.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::agent {

const Syntax& unenrol_syntax() {
  static const Syntax instance{
      .command = "unenrol",
      .example = "vaultbell-agent unenrol --yes",
      .usage = "[options]",
      .about =
          "Ends this host's life as a client: tells the aggregator, which retires it and tells\n"
          "people of that, stops the agent, and removes enrolment and key. Its history stays at\n"
          "the aggregator.",
      .options = with_common({
          {"yes", "", "do not ask"},
          {"discard-reports", "", "also where reports wait to be sent; they are lost"},
      })};
  return instance;
}

namespace {

constexpr Duration kDaemonAnswersWithin = std::chrono::seconds(5);
constexpr Duration kDaemonStopsWithin =
    std::chrono::seconds(15);  // a local command has 12 s to end
constexpr Duration kLookAgainEvery = std::chrono::milliseconds(100);

struct Leaver {
  StateFolder folder;
  Configuration configuration;
  Enrolment enrolment;
  bool does_discard = false;
  bool has_left = false;  // an earlier run has told the aggregator, and did not come to its end
};

// What came of the goodbye.
struct Told {
  std::string why_not;  // empty: there is nothing more to tell
  std::string outcome;
};

// What would be lost; empty: nothing.
Result<std::string> waiting_in(const StateFolder& folder, const Configuration& configuration) {
  const auto is_there = folder.has_spool();
  if (!is_there) return fail(is_there.error());
  if (!*is_there) return std::string();
  const auto spool = folder.open_spool(configuration.spool_max_bytes);
  if (!spool) return fail(spool.error());
  const auto usage = spool->usage();
  if (!usage) return fail(usage.error());
  if (usage->reports == 0 && usage->open_runs == 0) return std::string();
  return fmt::format("{} report(s) wait to be sent and {} run(s) have not ended", usage->reports,
                     usage->open_runs);
}

int check_nothing_is_lost(const Leaver& leaver) {
  if (leaver.does_discard) return kDone;
  const auto waiting = waiting_in(leaver.folder, leaver.configuration);
  if (!waiting) {
    complain(waiting.error().message);
    return kFailed;
  }
  if (waiting->empty()) return kDone;
  complain(fmt::format(
      "{}; let the agent send them (vaultbell-agent status tells when that is done), or lose them "
      "with --discard-reports",
      *waiting));
  return kRefused;
}

int confirm(const Arguments& arguments, const std::string& client) {
  if (arguments.has("yes")) return kDone;
  if (isatty(STDIN_FILENO) != 1) {
    complain("nobody is there to be asked whether this host is to be unenrolled: add --yes");
    return kUsage;
  }
  std::cerr << fmt::format("this host is client \"{}\"; type that name to unenrol it: ", client)
            << std::flush;
  std::string line;
  std::getline(std::cin, line);
  if (trimmed(line) == client) return kDone;
  complain("that is not its name; nothing was changed");
  return kFailed;
}

Told not_told(std::string why) {
  return {.why_not = std::move(why), .outcome = {}};
}

// Until the aggregator knows this host's key no more: from then on the goodbye is durable there. A
// goodbye that arrives twice does no harm.
Told say_goodbye(const Leaver& leaver) {
  const auto key = leaver.folder.load_key();
  if (!key) return not_told(key.error().message);
  const protocol::Goodbye goodbye{.reason = GoodbyeReason::unenrolled};
  auto replied = ask_aggregator(leaver.enrolment, *key, goodbye);
  bool was_let_in = replied.was_let_in;
  const auto next = leaver.folder.load_next_key();
  if (replied.is_key_refused && next) {
    replied = ask_aggregator(leaver.enrolment, *next, goodbye);
    was_let_in |= replied.was_let_in;
  }
  if (replied.is_key_refused && was_let_in) {
    return {.outcome = "the aggregator has retired it; what it knows of it stays there"};
  }
  if (replied.is_key_refused) {
    return {.outcome = fmt::format(
                "the aggregator does not know the key of this host (any more): vaultbell client "
                "show {} tells there whether somebody must retire it",
                leaver.enrolment.client)};
  }
  if (!replied.body) return not_told(replied.no_answer);
  const auto* refusal = std::get_if<protocol::Refusal>(&*replied.body);
  return not_told(refusal != nullptr ? refusal->message : "its answer makes no sense");
}

// Tells the aggregator, unless an earlier run has. That it is done outlasts an interruption: this
// host cannot ask again once its key is gone.
Result<Told> tell(const Leaver& leaver) {
  if (leaver.has_left)
    return Told{.outcome = "the aggregator refused that key in an earlier run already"};
  auto told = say_goodbye(leaver);
  if (!told.why_not.empty()) return told;
  if (const auto ok = leaver.folder.mark_left(); !ok) return fail(ok.error());
  return told;
}

// The daemon has gone, and none starts while the result lives.
Result<InstanceLock> stop_daemon(const Leaver& leaver) {
  const auto answer = ask(leaver.configuration.socket_path(), "leave", kDaemonAnswersWithin);
  const SystemClock clock;
  const auto end = clock.steady() + (answer ? kDaemonStopsWithin : Duration::zero());
  while (true) {
    auto lock = leaver.folder.lock();
    if (lock || lock.error().code != ErrorCode::refused) return lock;
    if (clock.steady() >= end) {
      return fail("the agent does not stop (systemctl stop vaultbell-agent)");
    }
    std::this_thread::sleep_for(kLookAgainEvery);
  }
}

// What nobody waits for any more goes; a report that came while we left stays on disk.
Result<std::string> clear_folder(const Leaver& leaver) {
  const auto waiting = leaver.does_discard ? Result<std::string>(std::string())
                                           : waiting_in(leaver.folder, leaver.configuration);
  if (!waiting) return waiting;
  if (waiting->empty()) {
    if (const auto ok = leaver.folder.remove_spool(); !ok) return fail(ok.error());
  }
  if (const auto ok = leaver.folder.forget_enrolment(); !ok) return fail(ok.error());
  return waiting;
}

// `left` waits in the spool, empty: nothing.
int say_how_it_ended(const Leaver& leaver, const Told& told, const std::string& left) {
  const auto& client = leaver.enrolment.client;
  std::cout << fmt::format("this host is no longer client \"{}\"; its key is gone\n", client);
  if (!left.empty()) {
    std::cout << fmt::format("left in {}: {}\n", (leaver.folder.path() / "spool").string(), left);
  }
  if (told.why_not.empty()) {
    std::cout << told.outcome
              << "\nnext: systemctl disable --now vaultbell-agent vaultbell-poll.timer\n";
    return kDone;
  }
  complain(
      fmt::format("the aggregator could not be told: {}; it will miss this host until "
                  "somebody types there: vaultbell client retire {}",
                  told.why_not, client));
  return kUnreachable;
}

int leave(const Leaver& leaver) {
  // A rotate-key beside this could put a key back.
  const auto key_lock = leaver.folder.lock_next_key();
  if (!key_lock) {
    const bool is_busy = key_lock.error().code == ErrorCode::refused;
    complain(is_busy ? "another process changes or removes the key of this host"
                     : key_lock.error().message);
    return is_busy ? kRefused : kFailed;
  }
  const auto told = tell(leaver);
  const auto lock = told ? stop_daemon(leaver) : Result<InstanceLock>(fail(told.error()));
  const auto left = lock ? clear_folder(leaver) : Result<std::string>(fail(lock.error()));
  if (!left) {
    complain(fmt::format("{}; run unenrol again when that is mended", left.error().message));
    return kFailed;
  }
  return say_how_it_ended(leaver, *told, *left);
}

}  // namespace

int unenrol_command(const Words& words) {
  const auto opening = open_command(unenrol_syntax(), words);
  if (!opening.arguments) return opening.exit_code;
  const auto loaded = load_configuration(*opening.arguments);
  if (!loaded.mistakes.empty()) {
    std::cerr << lines_of(loaded.mistakes);
    return kWrongConfiguration;
  }
  const auto folder = StateFolder::find(loaded.configuration.state_dir);
  auto enrolment = folder ? folder->load_enrolment() : Result<Enrolment>(fail(folder.error()));
  // An earlier run was interrupted behind the goodbye: it was confirmed, and cannot be undone.
  const bool is_missing = !enrolment && enrolment.error().code == ErrorCode::not_found;
  const bool may_have_left = folder && is_missing;
  if (may_have_left) enrolment = folder->load_left();
  if (!enrolment && enrolment.error().code == ErrorCode::not_found) {
    std::cout << "this host is not enrolled; there is nothing to do\n";
    return kDone;
  }
  if (!enrolment) {
    complain(enrolment.error().message);
    return kFailed;
  }
  const Leaver leaver{.folder = *folder,
                      .configuration = loaded.configuration,
                      .enrolment = *enrolment,
                      .does_discard = opening.arguments->has("discard-reports"),
                      .has_left = may_have_left};
  if (leaver.has_left) return leave(leaver);
  if (const int code = check_nothing_is_lost(leaver); code != kDone) return code;
  if (const int code = confirm(*opening.arguments, enrolment->client); code != kDone) return code;
  return leave(leaver);
}

}  // namespace vaultbell::agent
