// Comparison: what reading the declared objects, and comparing them with the store, came to.
#pragma once

#include <string>
#include <vector>

#include "aggregator/declared/plan.hpp"
#include "aggregator/declared/reading.hpp"

namespace vaultbell::declared {

struct Comparison {
  std::vector<std::string> mistakes;  // in the files; with one there is no plan
  Plan plan;

  // Whether the plan may be carried out.
  [[nodiscard]] bool is_good() const { return mistakes.empty() && plan.refusals.empty(); }
  // The mistakes, or else the refusals.
  [[nodiscard]] const std::vector<std::string>& troubles() const {
    return mistakes.empty() ? plan.refusals : mistakes;
  }
};

// `2 errors, nothing was changed; the first: ...`; empty where all is good.
std::string in_a_sentence(const Comparison& comparison);

}  // namespace vaultbell::declared
