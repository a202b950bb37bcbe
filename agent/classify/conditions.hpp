// What is wanted of a tool's output.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/pattern/pattern.hpp"

namespace vaultbell::agent::classify {

using pattern::Pattern;

enum class Stream : std::uint8_t { out, err };

// A line that matches, on one stream or (absent) on either.
struct LineCondition {
  std::optional<Stream> stream;
  Pattern pattern;
};

// A field of a JSON object whose text matches as a whole. `path`: names with dots between; a number
// is a place in a list ("0.archive.name").
struct FieldCondition {
  std::string path;
  Pattern pattern;
};
using FieldConditions = std::vector<FieldCondition>;  // all of them, in one object

}  // namespace vaultbell::agent::classify
