// Pattern: the form of a statement in a scenario file, and what a line of the file says by it.
//
//   CLIENT reports [OPERATION of] JOB OUTCOME [because REASON] ["TEXT"]
//
// Words in capitals stand for one word of the line, in quotes for a quoted text, REST for all that
// follows; brackets may be left out; everything else stands for itself.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"

namespace vaultbell::scenarios {

struct Word {
  std::string text;
  bool is_quoted = false;
};

// The words of a line; a "#" ends it. Error: a quote that is not closed.
Result<std::vector<Word>> split(std::string_view line);

// What the words in capitals stand for, by their name.
using Match = std::map<std::string, std::string>;

class Pattern {
 public:
  explicit Pattern(std::string_view form);

  [[nodiscard]] const std::string& form() const { return form_; }
  [[nodiscard]] std::optional<Match> match(const std::vector<Word>& words) const;
  // The words that stand for themselves.
  [[nodiscard]] std::vector<std::string> keywords() const;

 private:
  using Variant = std::vector<std::string>;  // without brackets
  static std::optional<Match> match(const Variant& variant, const std::vector<Word>& words);

  std::string form_;
  std::vector<Variant> variants_;
};

}  // namespace vaultbell::scenarios
