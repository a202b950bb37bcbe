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

constexpr const char* kPositional = "(words)";  // nobody types that

std::vector<std::string_view> all_flags() {
  std::vector<std::string_view> names;
  for (const auto& flag : flags()) {
    names.push_back(flag.name);
    if (!flag.alias.empty()) names.push_back(flag.alias);
  }
  return names;
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
    if (!flag.alias.empty()) name += "," + std::string(flag.alias);
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
  std::map<std::string, GivenFlag, std::less<>> flags;
};

// What stands before the value of "--vault=prod"; the name, where a short one was typed.
std::string spelling_of(const po::option& option) {
  const auto& tokens = option.original_tokens;
  const auto typed = tokens.empty() ? std::string() : tokens.front();
  return typed.starts_with("--") ? typed.substr(0, typed.find('=')) : "--" + option.string_key;
}

void add(Parts& parts, const po::option& option) {
  if (option.position_key >= 0) {
    parts.words.insert(parts.words.end(), option.value.begin(), option.value.end());
    return;
  }
  auto& flag = parts.flags[option.string_key];
  flag.spelling = spelling_of(option);
  ++flag.count;
  flag.values.insert(flag.values.end(), option.value.begin(), option.value.end());
}

Expected<Parts> cut(const Words& typed) {
  po::positional_options_description positional;
  positional.add(kPositional, -1);
  namespace style = po::command_line_style;
  const auto all = options();
  const auto kStyle = style::unix_style & ~style::allow_guessing;
  try {
    const auto options =
        po::command_line_parser(typed).options(all).positional(positional).style(kStyle).run();
    Parts parts;
    for (const auto& option : options.options) add(parts, option);
    return parts;
  } catch (const po::unknown_option& error) {
    return unknown_flag(error.get_option_name());
  } catch (const po::error& error) {
    return wrong_usage(error.what(), "vaultbell help");
  }
}

// The first name or number that is empty: nothing has it, and in a path it would be no segment.
std::optional<std::string> empty_argument(const Invocation& invocation) {
  const auto places = words_in(invocation.command->arguments);
  for (std::size_t i = 0; i < invocation.arguments.size(); ++i) {
    if (!invocation.arguments[i].empty()) continue;
    const auto place = places[std::min(i, places.size() - 1)];
    if (place == "MODE") return "the mode is empty";
    if (place == "CODE") return "the code is empty";
    return place.starts_with("ID") ? "the ID is empty" : "the name is empty";
  }
  return std::nullopt;
}

// A flag that the command does not take, or not several times.
std::optional<Failure> wrong_flag(const Invocation& invocation) {
  const auto& command = *invocation.command;
  const auto taken = flags_of(command);
  for (const auto& [name, given] : invocation.flags) {
    if (!takes(command, name)) {
      return wrong_usage(fmt::format("\"{}\" does not take {}", command.words, given.spelling),
                         fmt::format("vaultbell help {}", command.words))
          .value();
    }
    const auto own = std::ranges::find(taken, name, &TakenFlag::name);
    const bool may_repeat = own != taken.end() && own->may_repeat;
    if (given.count > 1 && !may_repeat) {
      return wrong_usage(fmt::format("\"{}\" is given twice", given.spelling)).value();
    }
  }
  return std::nullopt;
}

// Whether "--quiet 22:00-07:00" was typed: the flag without a value, and hours behind it.
bool is_quiet_hours(const Invocation& invocation, std::string_view word) {
  constexpr std::string_view kForm = "hh:mm-hh:mm";
  return invocation.has("quiet") && takes(*invocation.command, "quiet-hours") &&
         word.size() == kForm.size() && word[2] == ':' && word[5] == '-';
}

Expected<Invocation> checked(Invocation invocation) {
  const auto& command = *invocation.command;
  if (const auto wrong = wrong_flag(invocation)) return tl::unexpected<Failure>(*wrong);
  const auto count = invocation.arguments.size();
  if (count < command.arguments_min) {
    return wrong_usage(fmt::format("\"{}\" needs {}", command.words, command.arguments),
                       std::string(command.example));
  }
  if (count > command.arguments_max) {
    const auto& word = invocation.arguments[command.arguments_max];
    return wrong_usage(fmt::format("\"{}\" takes no \"{}\"", command.words, word),
                       is_quiet_hours(invocation, word)
                           ? fmt::format("did you mean --quiet-hours {}?", word)
                           : std::string(command.example));
  }
  if (const auto wrong = empty_argument(invocation)) {
    return wrong_usage(*wrong, std::string(command.example));
  }
  return invocation;
}

}  // namespace

const Flag* flag_named(std::string_view typed) {
  if (!typed.starts_with("--")) return nullptr;
  const auto name = typed.substr(2);
  const auto flag = std::ranges::find_if(flags(), [&](const Flag& one) {
    return one.name == name || (!name.empty() && one.alias == name);
  });
  return flag == flags().end() ? nullptr : &*flag;
}

const Flag* flag_awaiting_value(std::string_view typed) {
  if (typed.starts_with("--")) {
    const auto* flag = flag_named(typed);
    return flag != nullptr && !flag->value.empty() ? flag : nullptr;
  }
  for (std::size_t i = 1; i < typed.size(); ++i) {
    const auto flag = std::ranges::find(flags(), typed.substr(i, 1), &Flag::short_name);
    if (flag == flags().end()) return nullptr;
    if (!flag->value.empty()) return i + 1 == typed.size() ? &*flag : nullptr;
  }
  return nullptr;
}

Expected<Invocation> understand(const std::vector<std::string>& typed) {
  if (const auto wrong = not_utf8(typed)) return tl::unexpected<Failure>(*wrong);
  auto parts = cut(typed);
  if (!parts) return tl::unexpected<Failure>(parts.error());
  // Only the words of the command have other spellings; what follows are names.
  auto words = usual(parts->words);
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
    if (flag_awaiting_value(word) != nullptr) ++i;
  }
  return {};
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

}  // namespace vaultbell::ctl
