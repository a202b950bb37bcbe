#include "aggregator/ctl/run.hpp"

#include <ostream>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/completing.hpp"

namespace vaultbell::ctl {

namespace {

constexpr auto kCannotSay = static_cast<ExitCode>(3);  // the Nagios plugin contract

Expected<ExitCode> try_to_run(const std::vector<std::string>& typed, const Streams& streams) {
  auto invocation = understand(typed);
  if (!invocation) return tl::unexpected<Failure>(invocation.error());
  const auto* command = invocation->command;
  auto session = Session::open(std::move(*invocation), streams);
  if (!session) return tl::unexpected<Failure>(session.error());
  auto exit = command->run(*session);
  if (!exit) exit.error().message = with_flags(exit.error().message, session->typed());
  return exit;
}

// A monitor calls it so. Whatever goes wrong then means "cannot say": the exit codes of other
// commands would mean something else to it.
bool is_for_monitor(const std::vector<std::string>& typed) {
  return first_word(typed) == "check";
}

ExitCode tell(const Failure& failure, const std::vector<std::string>& typed,
              const Streams& streams) {
  if (wants_json(typed)) {
    streams.err << for_programs(failure);
  } else if (is_for_monitor(typed)) {
    streams.out << for_monitor("UNKNOWN", failure.message) << std::endl;
  } else {
    streams.err << for_people(failure);
  }
  return is_for_monitor(typed) ? kCannotSay : failure.exit;
}

}  // namespace

ExitCode run(const std::vector<std::string>& typed, const Streams& streams) {
  if (!typed.empty() && typed.front() == kCompleteWord) {
    complete(std::span(typed).subspan(1), streams);
    return ExitCode::done;
  }
  const auto exit = try_to_run(typed, streams);
  streams.out.flush();
  if (!exit) return tell(exit.error(), typed, streams);
  // What could not be written was not done: a full disk must not look like an empty list. But who
  // stops reading has seen enough.
  const bool has_reader_left = streams.has_reader_left != nullptr && streams.has_reader_left();
  return streams.out.good() || has_reader_left ? *exit : ExitCode::failed;
}

}  // namespace vaultbell::ctl
