#include "aggregator/declared/outcome.hpp"

#include "shared/config/toml_file.hpp"

namespace vaultbell::declared {

std::string in_a_sentence(const Outcome& outcome) {
  const auto& troubles = outcome.troubles();
  if (troubles.empty()) return {};
  return config::count_of(troubles) + "; the first: " + troubles.front();
}

}  // namespace vaultbell::declared
