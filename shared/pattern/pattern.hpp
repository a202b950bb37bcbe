// Regular expressions over bytes that somebody else wrote, in time linear in the text. The only
// user of RE2; its syntax is the one that administrators write.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"

namespace re2 {
class RE2;
}  // namespace re2

namespace vaultbell::pattern {

// A compiled expression. Copies share it.
class Pattern {
 public:
  // The error says what is wrong with it. `most_groups`: how many parentheses may catch something.
  static Result<Pattern> compile(std::string_view text, int most_groups = 1);

  [[nodiscard]] const std::string& text() const;

  [[nodiscard]] bool has_group() const;

  // What the first group catches in the first match, or the whole match where there is no group.
  // Points into `text`.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view text) const;

  // Whether all of it matches, from its first byte to its last.
  [[nodiscard]] bool is_whole(std::string_view text) const;

 private:
  explicit Pattern(std::shared_ptr<const re2::RE2> compiled);
  std::shared_ptr<const re2::RE2> compiled_;  // never changes, and adapters are copied
};

// Several patterns that are looked for at once: the time does not grow with their number.
class PatternSet {
 public:
  explicit PatternSet(const std::vector<Pattern>& patterns);
  PatternSet(PatternSet&&) noexcept;
  PatternSet& operator=(PatternSet&&) noexcept;
  ~PatternSet();

  // The places (from 0, ascending) of the patterns that match somewhere in the text.
  [[nodiscard]] std::vector<std::size_t> matching(std::string_view text) const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace vaultbell::pattern
