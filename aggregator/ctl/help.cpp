#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/command.hpp"
#include "shared/base/check.hpp"

namespace vaultbell::ctl {

namespace {

std::string heading(const Command& command) {
  auto text = "vaultbell " + std::string(command.words);
  if (!command.arguments.empty()) text += " " + std::string(command.arguments);
  return text;
}

const Flag& flag_of(const TakenFlag& taken) {
  const auto found = std::ranges::find(flags(), taken.name, &Flag::name);
  check(found != flags().end(), "a command takes only flags that there are");
  return *found;
}

// "-o, --output FORMAT", with dots where it may be given several times.
std::string form_of(const TakenFlag& taken) {
  const auto& flag = flag_of(taken);
  const auto dash = flag.short_name.empty() ? "    " : fmt::format("-{}, ", flag.short_name);
  const auto value = flag.value.empty() ? "" : fmt::format(" {}", flag.value);
  return fmt::format("  {}--{}{}{}", dash, flag.name, value, taken.may_repeat ? "..." : "");
}

std::string help_of_flags(std::span<const TakenFlag> taken) {
  std::size_t width = 0;
  for (const auto& one : taken) width = std::max(width, form_of(one).size());
  std::string text;
  for (const auto& one : taken) {
    const auto& flag = flag_of(one);
    const auto alias = flag.alias.empty() ? "" : fmt::format(" (or --{})", flag.alias);
    text += fmt::format("{:<{}}  {}{}\n", form_of(one), width, flag.help, alias);
  }
  return text;
}

std::string help_of_global_flags() {
  std::vector<TakenFlag> taken;
  for (const auto name : global_flags()) taken.push_back({name});
  return help_of_flags(taken);
}

std::string help_of(const Command& command) {
  auto text =
      fmt::format("Example: {}\n\n{}: {}\n", command.example, heading(command), command.help);
  if (!command.flags.empty()) text += "\n" + help_of_flags(flags_of(command));
  return text + "\nFlags of every command: vaultbell help\n";
}

}  // namespace

Expected<std::string> help_for(const std::vector<std::string>& typed) {
  const auto words = usual(typed);
  const auto [exact, count] = find_command(words);
  if (exact != nullptr && count == words.size()) return help_of(*exact);
  const auto begin = fmt::format("{} ", fmt::join(words, " "));
  std::string list;
  std::string_view example;
  for (const auto& command : commands()) {
    const bool is_part = words.empty() || command.words.starts_with(begin);
    if (!is_part) continue;
    if (example.empty()) example = command.example;
    list += fmt::format("  {:<34}{}\n", heading(command).substr(10), command.help);
  }
  if (list.empty()) return no_such_command(words);
  return fmt::format("Example: {}\n\n{}\nFlags of every command:\n{}", example, list,
                     help_of_global_flags());
}

Expected<ExitCode> show_version(Session& session) {
  if (session.manner().is_json()) {
    session.print_json({{"api_version", 1}, {"version", VAULTBELL_VERSION}});
  } else {
    session.print(fmt::format("vaultbell {}\n", VAULTBELL_VERSION));
  }
  return ExitCode::done;
}

Expected<ExitCode> show_help(Session& session) {
  const auto text = help_for(session.typed().arguments);
  if (!text) return tl::unexpected<Failure>(text.error());
  if (session.manner().is_json()) {
    session.print_json({{"api_version", 1}, {"help", *text}});
  } else {
    session.print(*text);
  }
  return ExitCode::done;
}

}  // namespace vaultbell::ctl
