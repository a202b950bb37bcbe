// vaultbell-agent: the program on every backup host. Finds the command and hands over the rest.
#include <algorithm>
#include <array>
#include <fcntl.h>
#include <iostream>
#include <unistd.h>

#include <fmt/format.h>

#include "agent/commands.hpp"
#include "agent/exit_code.hpp"
#include "shared/base/nearest.hpp"
#include "shared/crypto/keys.hpp"

namespace vaultbell::agent {

namespace {

constexpr std::string_view kCompleteWord = "__complete";
constexpr std::string_view kTokenBegins = "vb1.";  // a secret: not to be repeated

int help_command(const Words& words);
int version_command(const Words& words);

struct Command {
  std::string_view name;
  int (*carry_out)(const Words&);
  std::string_view text;                // empty: an alias
  const Syntax& (*syntax)() = nullptr;  // of those that take options
};

constexpr std::array kCommands = {
    Command{"serve", serve_command, "run the agent; systemd does this (the default)", serve_syntax},
    Command{"run", run_command, "run a backup and report how it went", run_syntax},
    Command{"report", report_command, "report a run that something else carries out",
            report_syntax},
    Command{"hook", hook_command, "report what systemd or a backup tool says to a hook",
            hook_syntax},
    Command{"poll", poll_command, "look for backups that nobody reports", poll_syntax},
    Command{"status", status_command, "whether the agent is connected, and what waits to be sent",
            status_syntax},
    Command{"test", test_command, "whether a report arrives, and whether the alarm rings",
            test_syntax},
    Command{"enrol", enrol_command, "make this host a client of an aggregator", enrol_syntax},
    Command{"enroll", enrol_command, "", enrol_syntax},
    Command{"rotate-key", rotate_key_command, "give this host a new key", rotate_key_syntax},
    Command{"unenrol", unenrol_command, "end this host's life as a client", unenrol_syntax},
    Command{"unenroll", unenrol_command, "", unenrol_syntax},
    Command{"check-config", check_config_command, "name every mistake in the configuration",
            check_syntax},
    Command{"adapter", adapter_command, "what is known of backup tools, and to try it out",
            adapter_syntax},
    Command{"version", version_command, "print the version"},
    Command{"help", help_command, "print this, or the help of a command"},
};

const Command* find(std::string_view name) {
  for (const auto& command : kCommands) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

int complain_of_command(std::string_view name) {
  if (name.starts_with(kTokenBegins)) {
    complain("a join token is no command: vaultbell-agent enrol reads it from standard input");
    return kUsage;
  }
  std::array<std::string_view, kCommands.size()> names;
  for (std::size_t i = 0; i < names.size(); ++i) names.at(i) = kCommands.at(i).name;
  complain(fmt::format("unknown command \"{}\"{}", name, did_you_mean(name, names)));
  std::cerr << "try: vaultbell-agent help\n";
  return kUsage;
}

int help_command(const Words& words) {
  if (!words.empty()) {
    const auto* command = find(words.front());
    if (command == nullptr) return complain_of_command(words.front());
    if (command->name != "help" && command->name != "version") {
      return command->carry_out({"--help"});
    }
  }
  std::cout << "Example: vaultbell-agent run --job nightly -- restic backup /srv\n\n"
               "Usage: vaultbell-agent COMMAND [options]\n\n";
  for (const auto& command : kCommands) {
    if (!command.text.empty())
      std::cout << fmt::format("  {:<13} {}\n", command.name, command.text);
  }
  std::cout << "\nvaultbell-agent COMMAND --help tells more about a command.\n";
  return kDone;
}

int version_command(const Words&) {
  std::cout << "vaultbell-agent " << VAULTBELL_VERSION << '\n';
  return kDone;
}

// A closed standard stream would give its number to the next file that is opened.
void open_missing_streams() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (fcntl(fd, F_GETFD) < 0) open("/dev/null", O_RDWR);
  }
}

// The words in front of the command: what every command knows may stand there, too.
Words::const_iterator skip_common_options(const Words& words) {
  auto at = words.begin();
  while (at != words.end()) {
    if (*at == "--config" || *at == "--state-dir") {
      if (++at != words.end()) ++at;
    } else if (at->starts_with("--config=") || at->starts_with("--state-dir=")) {
      ++at;
    } else {
      break;
    }
  }
  return at;
}

void print_candidate(std::string_view word, std::string_view text, std::string_view typed) {
  if (word.starts_with(typed)) std::cout << fmt::format("{}\t{}\n", word, text);
}

void complete_options(const Command& command, const Words& before, std::string_view typed) {
  if (command.syntax == nullptr) return;
  for (const auto& option : command.syntax().options) {
    const bool awaits_value = !before.empty() && before.back() == "--" + option.name;
    if (!awaits_value || option.value_name.empty()) continue;
    if (option.value_name == "FILE" || option.value_name == "FOLDER") std::cout << '\n';
    return;
  }
  for (const auto& option : command.syntax().options) {
    print_candidate("--" + option.name, option.text, typed);
  }
}

// For the completion scripts of shells (completion/): what can stand for the last word, one a line,
// behind a tab what it is; an empty line stands for the names of files.
int complete_command(const Words& words) {
  if (words.empty()) return kDone;
  const Words before(words.begin(), words.end() - 1);
  const auto name = skip_common_options(before);
  if (std::find(before.begin(), before.end(), "--") != before.end()) {
    std::cout << '\n';
  } else if (name == before.end() || *name == "help") {
    for (const auto& command : kCommands) {
      if (!command.text.empty()) print_candidate(command.name, command.text, words.back());
    }
  } else if (const auto* command = find(*name)) {
    complete_options(*command, before, words.back());
  }
  return kDone;
}

int main(const Words& words) {
  open_missing_streams();
  crypto::start();
  const auto name = skip_common_options(words);
  if (name == words.end()) return serve_command(words);
  if (*name == kCompleteWord) return complete_command({name + 1, words.end()});
  if (*name == "--help" || *name == "-h") return help_command({});
  if (*name == "--version") return version_command({});
  if (name->starts_with('-')) return serve_command(words);
  const auto* command = find(*name);
  if (command == nullptr) return complain_of_command(*name);
  Words rest(words.begin(), name);
  rest.insert(rest.end(), name + 1, words.end());
  return command->carry_out(rest);
}

}  // namespace

void complain(std::string_view text) {
  std::cerr << "vaultbell-agent: " << text << '\n';
}

int complain_of_usage(const Syntax& syntax, const Error& error) {
  complain(error.message);
  std::cerr << "try: vaultbell-agent " << syntax.command << " --help\n";
  return kUsage;
}

Opening open_command(const Syntax& syntax, const Words& words) {
  auto arguments = Arguments::parse(syntax, words);
  if (!arguments) return {std::nullopt, complain_of_usage(syntax, arguments.error())};
  if (arguments->has("help")) {
    std::cout << help_of(syntax);
    return {std::nullopt, kDone};
  }
  return {std::move(*arguments), kDone};
}

}  // namespace vaultbell::agent

int main(int argc, char** argv) {
  return vaultbell::agent::main(vaultbell::agent::Words(argv + 1, argv + argc));
}
