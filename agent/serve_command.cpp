#include <filesystem>
#include <iostream>
#include <utility>

#include <fmt/format.h>

#include "agent/adapter_text.hpp"
#include "agent/commands.hpp"
#include "agent/configuration.hpp"
#include "agent/daemon.hpp"
#include "agent/exit_code.hpp"
#include "agent/state_folder.hpp"
#include "agent/watching.hpp"
#include "shared/base/log.hpp"

namespace vaultbell::agent {

const Syntax& serve_syntax() {
  static const Syntax instance{
      .command = "serve",
      .example = "vaultbell-agent serve --config /etc/vaultbell/agent.toml",
      .usage = "[options]",
      .about = "Runs the agent; systemd does this. Ends with 0 on SIGTERM or SIGINT.",
      .options = with_common({})};
  return instance;
}

const Syntax& check_syntax() {
  static const Syntax instance{
      .command = "check-config",
      .example = "vaultbell-agent check-config --config /etc/vaultbell/agent.toml",
      .usage = "[options]",
      .about =
          "Reads the configuration and the adapters and names every mistake in them; changes "
          "nothing.",
      .options = with_common({})};
  return instance;
}

namespace {

int exit_code_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::stale:
    case ErrorCode::refused:
      return kRefused;
    case ErrorCode::not_found:
    case ErrorCode::invalid:
      return kCannotServe;
    case ErrorCode::failed:
    case ErrorCode::full:
    case ErrorCode::unavailable:
      return kFailed;
  }
  return kFailed;
}

Status check_enrolment(const StateFolder& folder) {
  const auto enrolment = folder.load_enrolment();
  if (enrolment) return {};
  if (enrolment.error().code != ErrorCode::not_found) return fail(enrolment.error());
  return fail(ErrorCode::not_found,
              "this host is not enrolled; ask the administrator for a join token, then: "
              "vaultbell-agent enrol");
}

void warn_of_missing_program(const Loaded& loaded) {
  const auto& command = loaded.configuration.alone.command;
  if (command.empty()) return;
  const auto ok = check_program(command.front());
  if (!ok) log::warning("{}: command in [alone]: {}", loaded.file.string(), ok.error().message);
}

void add_mistakes_of_adapters(Loaded& loaded) {
  const auto shelf = loaded.configuration.adapters.shelf();
  std::error_code ignored;
  if (!std::filesystem::is_directory(shelf.shipped, ignored)) {
    loaded.mistakes.push_back(fmt::format(
        "{}: there is no folder {} with the adapters that come with the agent (shipped_folder in "
        "[adapters]): exit codes alone would count",
        loaded.file.string(), shelf.shipped.string()));
  }
  for (const auto& mistake : mistakes_in_watching(loaded.configuration)) {
    loaded.mistakes.push_back(fmt::format("{}: {}", loaded.file.string(), mistake));
  }
  for (const auto& file : shelf.files()) {
    const auto mistakes = adapters::read_adapter(file).mistakes;
    loaded.mistakes.insert(loaded.mistakes.end(), mistakes.begin(), mistakes.end());
  }
}

// No mistakes: a tool may have no adapter.
std::string warnings_of_tools(const Loaded& loaded) {
  std::string lines;
  const auto shelf = loaded.configuration.adapters.shelf();
  for (const auto& job : loaded.configuration.jobs) {
    const auto hint = job.tool.empty() ? std::string() : shelf.hint(job.tool);
    if (hint.empty()) continue;
    lines += fmt::format("{}: warning: tool in [[job]] \"{}\": {}\n", loaded.file.string(),
                         job.declared.name, no_adapter(job.tool, hint));
  }
  return lines;
}

Status serve(const Configuration& configuration, Daemon::Load load) {
  const auto folder = StateFolder::open(configuration.state_dir);
  if (!folder) return fail(folder.error());
  const auto lock = folder->lock();
  if (!lock) return fail(lock.error());
  if (auto ok = check_enrolment(*folder); !ok) return ok;
  const auto daemon = Daemon::open(configuration, *folder, std::move(load));
  if (!daemon) return fail(daemon.error());
  return (*daemon)->run();
}

}  // namespace

int serve_command(const Words& words) {
  const auto opening = open_command(serve_syntax(), words);
  if (!opening.arguments) return opening.exit_code;
  const auto loaded = load_configuration(*opening.arguments);
  if (!loaded.mistakes.empty()) {
    std::cerr << lines_of(loaded.mistakes);
    return kCannotServe;
  }
  log::start(loaded.configuration.log_level);
  warn_of_missing_program(loaded);
  const auto served =
      serve(loaded.configuration, [&] { return load_configuration(*opening.arguments); });
  if (served) return kDone;
  log::error("{}", served.error().message);
  return exit_code_of(served.error());
}

int check_config_command(const Words& words) {
  const auto opening = open_command(check_syntax(), words);
  if (!opening.arguments) return opening.exit_code;
  auto loaded = load_configuration(*opening.arguments, Depth::host);
  add_mistakes_of_adapters(loaded);
  std::cerr << warnings_of_tools(loaded);
  if (!loaded.mistakes.empty()) {
    std::cerr << lines_of(loaded.mistakes);
    return kWrongConfiguration;
  }
  std::cerr << loaded.file.string()
            << (loaded.is_there ? ": no mistakes\n" : " does not exist: the defaults count\n");
  return kDone;
}

}  // namespace vaultbell::agent
