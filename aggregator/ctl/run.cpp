#include "aggregator/ctl/run.hpp"

#include <ostream>

namespace vaultbell::ctl {

namespace {

Expected<ExitCode> try_to_run(const std::vector<std::string>& typed, const Streams& streams) {
  auto invocation = understand(typed);
  if (!invocation) return tl::unexpected<Failure>(invocation.error());
  const auto* command = invocation->command;
  auto session = Session::open(std::move(*invocation), streams);
  if (!session) return tl::unexpected<Failure>(session.error());
  return command->run(*session);
}

}  // namespace

ExitCode run(const std::vector<std::string>& typed, const Streams& streams) {
  const auto exit = try_to_run(typed, streams);
  streams.out.flush();
  if (!exit) {
    streams.err << (wants_json(typed) ? for_programs(exit.error()) : for_people(exit.error()));
    return exit.error().exit;
  }
  // What could not be written was not done: a full disk must not look like an empty list.
  return streams.out.good() ? *exit : ExitCode::failed;
}

}  // namespace vaultbell::ctl
