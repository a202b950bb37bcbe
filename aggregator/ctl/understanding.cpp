#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

#include <boost/program_options.hpp>
#include <fmt/format.h>

#include "aggregator/ctl/command.hpp"
#include "shared/base/nearest.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::ctl {

namespace {

namespace po = boost::program_options;
using Words = std::vector<std::string>;

constexpr std::size_t kWordsMax = 3;            // of a command: "enrol token create"
constexpr const char* kPositional = "(words)";  // nobody types that

// Other spellings of the first words of commands.
constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
    {"clients", "client"}, {"vaults", "vault"},     {"jobs", "job"},
    {"runs", "run"},       {"alerts", "alert"},     {"deliveries", "delivery"},
    {"tokens", "token"},   {"policies", "policy"},  {"enroll", "enrol"},
    {"enrols", "enrol"},   {"enrollment", "enrol"}, {"enrolment", "enrol"},
};

std::string usual(const std::string& word) {
  for (const auto& [alias, name] : kAliases) {
    if (alias == word) return std::string(name);
  }
  return word;
}

std::string joined(const Words& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

std::vector<std::string_view> all_flags() {
  std::vector<std::string_view> names;
  for (const auto& flag : flags()) names.push_back(flag.name);
  return names;
}

bool takes(const Command& command, std::string_view flag) {
  const auto own = words_in(command.flags);
  return std::ranges::find(global_flags(), flag) != global_flags().end() ||
         std::ranges::find(own, flag) != own.end();
}

tl::unexpected<Failure> unknown_flag(std::string_view typed) {
  const auto name = typed.substr(std::min(typed.find_first_not_of('-'), typed.size()));
  const auto found = nearest(name, all_flags());
  return wrong_usage(fmt::format("unknown flag \"{}\"", typed),
                     found ? fmt::format("did you mean \"--{}\"?", *found) : "vaultbell help");
}

po::options_description options() {
  po::options_description all;
  for (const auto& flag : flags()) {
    auto name = std::string(flag.name);
    if (!flag.short_name.empty()) name += "," + std::string(flag.short_name);
    if (flag.value.empty()) {
      all.add_options()(name.c_str(), "");
    } else {
      all.add_options()(name.c_str(), po::value<std::string>(), "");
    }
  }
  all.add_options()(kPositional, po::value<Words>(), "");
  return all;
}

// Names, texts and paths all end up in JSON or in a query, which are UTF-8.
std::optional<Failure> not_utf8(const Words& typed) {
  const auto found = std::ranges::find_if_not(typed, is_utf8);
  if (found == typed.end()) return std::nullopt;
  return wrong_usage(fmt::format("argument {}, \"{}\", is not UTF-8", found - typed.begin() + 1,
                                 one_line(*found)),
                     "every argument must be UTF-8")
      .value();
}

// What was typed, cut into words and flags.
struct Parts {
  Words words;
  std::map<std::string, std::string, std::less<>> flags;
};

Expected<Parts> cut(const Words& typed) {
  po::positional_options_description positional;
  positional.add(kPositional, -1);
  namespace style = po::command_line_style;
  const auto all = options();
  const auto kStyle = style::unix_style & ~style::allow_guessing;
  try {
    po::variables_map map;
    po::store(
        po::command_line_parser(typed).options(all).positional(positional).style(kStyle).run(),
        map);
    Parts parts;
    if (map.contains(kPositional)) parts.words = map[kPositional].as<Words>();
    for (const auto& flag : flags()) {
      const std::string name(flag.name);
      if (!map.contains(name)) continue;
      parts.flags[name] = flag.value.empty() ? "" : map[name].as<std::string>();
    }
    return parts;
  } catch (const po::unknown_option& error) {
    return unknown_flag(error.get_option_name());
  } catch (const po::multiple_occurrences& error) {
    return wrong_usage(fmt::format("\"{}\" is given twice", error.get_option_name()));
  } catch (const po::error& error) {
    return wrong_usage(error.what(), "vaultbell help");
  }
}

// The command that these words begin with, the longest; how many words it has.
std::pair<const Command*, std::size_t> find_command(const Words& words) {
  for (auto count = std::min(words.size(), kWordsMax); count > 0; --count) {
    const auto begin = joined({words.begin(), words.begin() + static_cast<std::ptrdiff_t>(count)});
    const auto found = std::ranges::find(commands(), begin, &Command::words);
    if (found != commands().end()) return {&*found, count};
  }
  return {nullptr, 0};
}

// The words that can follow `begin` ("" for the first): of "enrol", "token", "pending", ...
std::vector<std::string_view> next_words(const std::string& begin) {
  std::vector<std::string_view> next;
  for (const auto& command : commands()) {
    auto rest = command.words;
    if (!begin.empty()) {
      if (!rest.starts_with(begin + " ")) continue;
      rest.remove_prefix(begin.size() + 1);
    }
    const auto word = rest.substr(0, rest.find(' '));
    if (std::ranges::find(next, word) == next.end()) next.push_back(word);
  }
  return next;
}

// Nothing begins with these words: which one is wrong, or what is missing.
tl::unexpected<Failure> no_such_command(const Words& words) {
  std::string begin;
  for (const auto& word : words) {
    const auto next = next_words(begin);
    auto whole = begin;
    if (!whole.empty()) whole += ' ';
    whole += word;
    if (std::ranges::find(next, word) == next.end()) {
      const auto near = nearest(word, next);
      return wrong_usage(fmt::format("unknown command \"{}\"", whole),
                         near ? fmt::format("did you mean \"{}\"?", *near)
                              : fmt::format("one of: {}", fmt::join(next, ", ")));
    }
    begin = std::move(whole);
  }
  if (begin.empty()) return wrong_usage("no command was given", "vaultbell help");
  return wrong_usage(fmt::format("\"{}\" is not a whole command", begin),
                     fmt::format("one of: {}", fmt::join(next_words(begin), ", ")));
}

// The first name or number that is empty: nothing has it, and in a path it would be no segment.
std::optional<std::string> empty_argument(const Invocation& invocation) {
  const auto places = words_in(invocation.command->arguments);
  for (std::size_t i = 0; i < invocation.arguments.size(); ++i) {
    if (!invocation.arguments[i].empty()) continue;
    const auto place = places[std::min(i, places.size() - 1)];
    if (place == "POLICY") return "the policy is empty";
    return place.starts_with("ID") ? "the ID is empty" : "the name is empty";
  }
  return std::nullopt;
}

Expected<Invocation> checked(Invocation invocation) {
  const auto& command = *invocation.command;
  for (const auto& [name, value] : invocation.flags) {
    if (takes(command, name)) continue;
    return wrong_usage(fmt::format("\"{}\" does not take --{}", command.words, name),
                       fmt::format("vaultbell help {}", command.words));
  }
  const auto count = invocation.arguments.size();
  if (count < command.arguments_min) {
    return wrong_usage(fmt::format("\"{}\" needs {}", command.words, command.arguments),
                       std::string(command.example));
  }
  if (count > command.arguments_max) {
    return wrong_usage(fmt::format("\"{}\" takes no \"{}\"", command.words,
                                   invocation.arguments[command.arguments_max]),
                       std::string(command.example));
  }
  if (const auto wrong = empty_argument(invocation)) {
    return wrong_usage(*wrong, std::string(command.example));
  }
  return invocation;
}

// Whether this is a flag whose value is the next that was typed: "--timeout", "-o", "-qo".
bool awaits_value(std::string_view typed) {
  if (typed.starts_with("--")) {
    const auto flag = std::ranges::find(flags(), typed.substr(2), &Flag::name);
    return flag != flags().end() && !flag->value.empty();
  }
  for (std::size_t i = 1; i < typed.size(); ++i) {
    const auto flag = std::ranges::find(flags(), typed.substr(i, 1), &Flag::short_name);
    if (flag == flags().end()) return false;
    if (!flag->value.empty()) return i + 1 == typed.size();
  }
  return false;
}

std::string heading(const Command& command) {
  auto text = "vaultbell " + std::string(command.words);
  if (!command.arguments.empty()) text += " " + std::string(command.arguments);
  return text;
}

std::string help_of_flags(std::span<const std::string_view> names) {
  std::string text;
  for (const auto& flag : flags()) {
    if (std::ranges::find(names, flag.name) == names.end()) continue;
    const auto dash = flag.short_name.empty() ? "    " : fmt::format("-{}, ", flag.short_name);
    text += fmt::format("  {}{:<28}{}\n", dash, fmt::format("--{} {}", flag.name, flag.value),
                        flag.help);
  }
  return text;
}

std::string help_of(const Command& command) {
  auto text =
      fmt::format("Example: {}\n\n{}: {}\n", command.example, heading(command), command.help);
  if (!command.flags.empty()) text += "\n" + help_of_flags(words_in(command.flags));
  return text + "\nFlags of every command: vaultbell help\n";
}

}  // namespace

std::vector<std::string_view> words_in(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::string Invocation::value(std::string_view flag) const {
  const auto found = flags.find(flag);
  return found == flags.end() ? std::string() : found->second;
}

Expected<Invocation> understand(const std::vector<std::string>& typed) {
  if (const auto wrong = not_utf8(typed)) return tl::unexpected<Failure>(*wrong);
  auto parts = cut(typed);
  if (!parts) return tl::unexpected<Failure>(parts.error());
  // Only the words of the command have other spellings; what follows are names.
  auto words = parts->words;
  for (std::size_t i = 0; i < std::min(words.size(), kWordsMax); ++i) words[i] = usual(words[i]);
  const auto [command, count] = find_command(words);
  if (parts->flags.contains("help")) {
    if (command != nullptr) words.resize(count);
    return Invocation{find_command({"help"}).first, words, parts->flags};
  }
  if (parts->flags.contains("version")) {
    return Invocation{find_command({"version"}).first, {}, parts->flags};
  }
  if (command == nullptr) return no_such_command(words);
  parts->words.erase(parts->words.begin(),
                     parts->words.begin() + static_cast<std::ptrdiff_t>(count));
  return checked({command, std::move(parts->words), std::move(parts->flags)});
}

std::string first_word(const std::vector<std::string>& typed) {
  for (std::size_t i = 0; i < typed.size(); ++i) {
    const auto& word = typed[i];
    if (word == "--") return i + 1 < typed.size() ? typed[i + 1] : std::string();
    if (word == "-" || !word.starts_with('-')) return word;
    if (awaits_value(word)) ++i;
  }
  return {};
}

std::string with_flags(std::string_view message, const Invocation& typed) {
  const auto flag_of = [&](std::string_view field) -> std::optional<std::string> {
    if (field == "expires_in") return "--expires";
    std::string name(field);
    std::ranges::replace(name, '_', '-');
    // A single word may also be just a word: only "uses: ..." is a field for certain.
    const bool is_first = field.data() == message.data() && message.substr(field.size(), 1) == ":";
    const bool is_field = field.find('_') != std::string_view::npos ? takes(*typed.command, name)
                                                                    : is_first && typed.has(name);
    if (!is_field) return std::nullopt;
    return "--" + name;
  };
  const auto is_of_word = [](char c) {
    return std::islower(static_cast<unsigned char>(c)) != 0 || c == '_';
  };
  std::string text;
  std::size_t begin = 0;
  const auto quote = std::min(message.find('"'), message.size());
  while (begin < quote) {
    std::size_t end = begin;
    while (end < quote && is_of_word(message[end])) ++end;
    const auto word = message.substr(begin, end - begin);
    text += flag_of(word).value_or(std::string(word));
    if (end < quote) text += message[end++];
    begin = end;
  }
  return text + std::string(message.substr(quote));
}

bool wants_json(const std::vector<std::string>& typed) {
  static const std::set<std::string, std::less<>> kWhole = {"-ojson", "-ondjson", "--output=json",
                                                            "--output=ndjson"};
  for (std::size_t i = 0; i < typed.size(); ++i) {
    if (kWhole.contains(typed[i])) return true;
    const bool is_flag = typed[i] == "-o" || typed[i] == "--output";
    if (is_flag && i + 1 < typed.size() && typed[i + 1].ends_with("json")) return true;
  }
  return false;
}

Expected<std::string> help_for(const std::vector<std::string>& typed) {
  auto words = typed;
  std::ranges::transform(words, words.begin(), usual);
  const auto [exact, count] = find_command(words);
  if (exact != nullptr && count == words.size()) return help_of(*exact);
  std::string list;
  std::string_view example;
  for (const auto& command : commands()) {
    const bool is_part = words.empty() || command.words.starts_with(joined(words) + " ");
    if (!is_part) continue;
    if (example.empty()) example = command.example;
    list += fmt::format("  {:<34}{}\n", heading(command).substr(10), command.help);
  }
  if (list.empty()) return no_such_command(words);
  return fmt::format("Example: {}\n\n{}\nFlags of every command:\n{}", example, list,
                     help_of_flags(global_flags()));
}

}  // namespace vaultbell::ctl
