#include <iostream>

#include "agent/commands.hpp"
#include "agent/configuration.hpp"
#include "agent/exit_code.hpp"
#include "agent/local_socket.hpp"
#include "agent/state_folder.hpp"
#include "agent/status.hpp"
#include "shared/base/clock.hpp"

namespace vaultbell::agent {

const Syntax& status_syntax() {
  static const Syntax instance{
      .command = "status",
      .example = "vaultbell-agent status -o json",
      .usage = "[options]",
      .about =
          "Shows whether the agent is connected, and what waits to be sent. Exits with 0 when it\n"
          "is connected, with 1 when it is not or does not run, with 3 when agent.toml has a\n"
          "mistake.",
      .options = with_common({{"output", "FORMAT", "text (default) or json", "o"}})};
  return instance;
}

namespace {

constexpr Duration kStatusWithin = std::chrono::seconds(5);

Status look_at_spool(const StateFolder& folder, const Configuration& configuration,
                     StatusFacts& facts) {
  facts.spool.max_bytes = configuration.spool_max_bytes;
  const auto is_there = folder.has_spool();
  if (!is_there) return fail(is_there.error());
  if (!*is_there) return {};
  const auto spool = folder.open_spool(configuration.spool_max_bytes);
  if (!spool) return fail(spool.error());
  const auto usage = spool->usage();
  if (!usage) return fail(usage.error());
  facts.spool = *usage;
  auto last = spool->last_set_aside();
  if (!last) return fail(last.error());
  facts.last_set_aside = std::move(*last);
  return {};
}

// What the state folder tells where no daemon answers.
Result<std::string> look_at_folder(const Configuration& configuration) {
  const auto folder = StateFolder::find(configuration.state_dir);
  if (!folder) return fail(folder.error());
  StatusFacts facts{.at = SystemClock().wall(), .looked_in = folder->path().string()};
  auto enrolment = folder->load_enrolment();
  if (!enrolment && enrolment.error().code != ErrorCode::not_found) return fail(enrolment.error());
  if (enrolment) facts.enrolment = std::move(*enrolment);
  if (const auto key = folder->load_key()) facts.fingerprint = crypto::fingerprint(key->public_key);
  if (auto ok = look_at_spool(*folder, configuration, facts); !ok) return fail(ok.error());
  return to_json(facts);
}

// With a mistake in the file it is not sure which folder is meant: only a daemon is believed then.
Result<std::string> find_out(const Loaded& loaded) {
  auto answer = ask(loaded.configuration.socket_path(), "status", kStatusWithin);
  if (answer || answer.error().code != ErrorCode::unavailable) return answer;
  return loaded.mistakes.empty() ? look_at_folder(loaded.configuration) : answer;
}

}  // namespace

int status_command(const Words& words) {
  const auto opening = open_command(status_syntax(), words);
  if (!opening.arguments) return opening.exit_code;
  const auto format = opening.arguments->choice("output", OutputFormat::text);
  if (!format) return complain_of_usage(status_syntax(), format.error());
  const auto loaded = load_configuration(*opening.arguments);
  const bool is_good = loaded.mistakes.empty();
  if (!is_good) std::cerr << lines_of(loaded.mistakes);
  const auto json = find_out(loaded);
  const auto shown = json ? show(*json) : Result<Shown>(fail(json.error()));
  if (shown) {
    std::cout << (*format == OutputFormat::json ? *json + "\n" : shown->words);
  } else {
    complain(shown.error().message);
  }
  if (!is_good) return kWrongConfiguration;
  return shown && shown->is_connected ? kDone : kFailed;
}

}  // namespace vaultbell::agent
