// Arguments: what one of the program's commands was given, and its help. The only user of
// Boost.Program_options here.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/enum_text.hpp"
#include "shared/base/result.hpp"

namespace vaultbell::agent {

struct Option {
  std::string name;        // "job"
  std::string value_name;  // "JOB"; empty: a switch
  std::string text;
  std::string letter{};  // "o", or none
  bool is_repeatable = false;
};

struct Syntax {
  std::string command;
  std::string example;  // the whole line
  std::string usage;    // what follows the command
  std::string about;
  std::vector<Option> options;   // besides --help
  std::size_t operands_max = 0;  // words that are no options
  // What is said of a word that is no option, where the word itself might be a secret.
  std::string no_words{};
};

// Options that every command has that touches the state.
std::vector<Option> with_common(std::vector<Option> options);

// Begins with the example.
std::string help_of(const Syntax& syntax);

class Arguments {
 public:
  // `given`: what followed the command on the command line. Errors say which option, and what was
  // meant.
  static Result<Arguments> parse(const Syntax& syntax, const std::vector<std::string>& given);

  [[nodiscard]] bool has(const std::string& name) const { return values_.contains(name); }
  [[nodiscard]] std::optional<std::string> value(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> values(const std::string& name) const;
  // The words that are no options, at most Syntax::operands_max.
  [[nodiscard]] std::vector<std::string> operands() const;

  // The value of an option that is a word of a closed list; `otherwise` where it is not given.
  template <HasText E>
  [[nodiscard]] Result<E> choice(const std::string& name, E otherwise) const {
    const auto text = value(name);
    return text ? parse_enum<E>("--" + name, *text) : Result<E>(otherwise);
  }

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

}  // namespace vaultbell::agent
