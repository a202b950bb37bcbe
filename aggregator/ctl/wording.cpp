#include <algorithm>
#include <cctype>
#include <optional>

#include "aggregator/ctl/command.hpp"

namespace vaultbell::ctl {

namespace {

std::string as_field(std::string_view flag) {
  std::string field(flag);
  std::ranges::replace(field, '-', '_');
  return field;
}

// Whether the API means this flag by the word: a flag that may be given several times is a list
// there, and has the plural.
bool is_field_of(const Flag& flag, std::string_view word) {
  const auto usual = as_field(flag.name);
  return word == usual || word == usual + "s" || (!flag.field.empty() && word == flag.field);
}

const Flag* flag_of(std::string_view word, const Command& command) {
  const auto found = std::ranges::find_if(flags(), [&](const Flag& flag) {
    return takes(command, flag.name) && is_field_of(flag, word);
  });
  return found == flags().end() ? nullptr : &*found;
}

bool is_of_word(char c) {
  return std::islower(static_cast<unsigned char>(c)) != 0 || c == '_';
}

}  // namespace

std::string with_flags(std::string_view message, const Invocation& typed) {
  const auto spelled = [&](std::string_view word) {
    const auto* flag = flag_of(word, *typed.command);
    if (flag == nullptr) return std::string(word);
    // A single word may also be just a word: only "uses: ..." is a field for certain.
    const bool is_first = word.data() == message.data() && message.substr(word.size(), 1) == ":";
    const bool is_field =
        word.find('_') != std::string_view::npos || (is_first && typed.has(flag->name));
    return is_field ? typed.spelling(flag->name) : std::string(word);
  };
  std::string text;
  bool is_quoted = false;
  std::size_t begin = 0;
  while (begin < message.size()) {
    auto end = begin;
    while (end < message.size() && is_of_word(message[end])) ++end;
    const auto word = message.substr(begin, end - begin);
    text += is_quoted ? std::string(word) : spelled(word);
    if (end == message.size()) break;
    is_quoted = is_quoted != (message[end] == '"');
    text += message[end++];
    begin = end;
  }
  return text;
}

}  // namespace vaultbell::ctl
