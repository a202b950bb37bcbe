#include "aggregator/declared/comparison.hpp"

#include "shared/config/toml_file.hpp"

namespace vaultbell::declared {

std::string in_a_sentence(const Comparison& comparison) {
  const auto& troubles = comparison.troubles();
  if (troubles.empty()) return {};
  return config::count_of(troubles) + "; the first: " + troubles.front();
}

}  // namespace vaultbell::declared
