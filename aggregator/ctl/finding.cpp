#include <algorithm>

#include <fmt/format.h>

#include "aggregator/ctl/command.hpp"
#include "shared/base/nearest.hpp"

namespace vaultbell::ctl {

namespace {

using Words = std::vector<std::string>;

constexpr std::size_t kWordsMax = 3;  // of a command: "enrol token create"

// Other spellings of the words of commands.
struct Alias {
  std::string_view typed;
  std::string_view word;
};
constexpr Alias kAliases[] = {
    {"clients", "client"},   {"vaults", "vault"},
    {"jobs", "job"},         {"runs", "run"},
    {"alerts", "alert"},     {"deliveries", "delivery"},
    {"tokens", "token"},     {"policies", "policy"},
    {"contacts", "contact"}, {"groups", "group"},
    {"digests", "digest"},   {"channels", "channel"},
    {"audits", "audit"},     {"maintenances", "maintenance"},
    {"enroll", "enrol"},     {"enrols", "enrol"},
    {"enrollment", "enrol"}, {"enrolment", "enrol"},
    {"acknowledge", "ack"},
};

std::string joined(const Words& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

}  // namespace

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

std::vector<std::string_view> words_in(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::vector<TakenFlag> flags_of(const Command& command) {
  std::vector<TakenFlag> taken;
  for (auto name : words_in(command.flags)) {
    const bool may_repeat = name.ends_with('+');
    if (may_repeat) name.remove_suffix(1);
    taken.push_back({name, may_repeat});
  }
  return taken;
}

bool takes(const Command& command, std::string_view flag) {
  const auto own = flags_of(command);
  return std::ranges::find(global_flags(), flag) != global_flags().end() ||
         std::ranges::find(own, flag, &TakenFlag::name) != own.end();
}

std::string Invocation::value(std::string_view flag) const {
  const auto given = values(flag);
  return given.empty() ? std::string() : given.front();
}

std::vector<std::string> Invocation::values(std::string_view flag) const {
  const auto found = flags.find(flag);
  return found == flags.end() ? Words() : found->second.values;
}

std::string Invocation::spelling(std::string_view flag) const {
  const auto found = flags.find(flag);
  return found == flags.end() ? "--" + std::string(flag) : found->second.spelling;
}

std::vector<std::string> usual(std::vector<std::string> words) {
  for (auto& word : words) {
    const auto* found = std::ranges::find(kAliases, word, &Alias::typed);
    if (found != std::end(kAliases)) word = found->word;
  }
  return words;
}

std::pair<const Command*, std::size_t> find_command(const Words& words) {
  for (auto count = std::min(words.size(), kWordsMax); count > 0; --count) {
    const auto begin = joined({words.begin(), words.begin() + static_cast<std::ptrdiff_t>(count)});
    const auto found = std::ranges::find(commands(), begin, &Command::words);
    if (found != commands().end()) return {&*found, count};
  }
  return {nullptr, 0};
}

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

}  // namespace vaultbell::ctl
