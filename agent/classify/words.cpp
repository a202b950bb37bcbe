#include "agent/classify/words.hpp"

#include <algorithm>

namespace vaultbell::agent::classify {

namespace {

bool is_one_of(const std::string& word, const std::vector<std::string>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_one_of(const std::string& word, const std::vector<Pattern>& patterns) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const Pattern& one) { return one.is_whole(word); });
}

std::optional<Operation> operation_of_word(const Adapter& adapter, const std::string& word,
                                           bool is_first) {
  for (const auto& one : adapter.operations) {
    if (is_one_of(word, one.any_word)) return one.operation;
    if (is_first && is_one_of(word, one.first_word)) return one.operation;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Operation> operation_of(const Adapter& adapter,
                                      const std::vector<std::string>& arguments) {
  std::optional<Operation> operation;
  for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
    if (is_one_of(arguments[i], adapter.dry_run)) return Operation::configure;
    const auto found = operation_of_word(adapter, arguments[i], i == 0);
    const bool is_better = adapter.is_backup_first && found && is_backup(*found);
    if (!operation || is_better) operation = found;
    if (is_one_of(arguments[i], adapter.options_with_value)) ++i;
  }
  return operation;
}

}  // namespace vaultbell::agent::classify
