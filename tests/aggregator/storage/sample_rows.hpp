// One row of every type with every field set, so that a field that is not stored is noticed.
#pragma once

#include <string>
#include <vector>

#include "aggregator/core/change.hpp"

namespace vaultbell::storage {

struct Sample {
  std::string name;   // of its golden file
  std::string words;  // what the row says
  core::Row row;
};

std::vector<Sample> sample_rows();

}  // namespace vaultbell::storage
