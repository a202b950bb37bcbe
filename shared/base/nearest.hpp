// "did you mean": the nearest of the words that would have been right.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vaultbell {

// The candidate with the fewest single-character edits to `word`, if it needs at most one, or a
// third of the word's length, of them; ties go to the first. Letter case counts as no edit.
std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates);

// `; did you mean "x"?`, or nothing where nothing is near.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace vaultbell
