// What the local command is told: the facts as environment variables for a script, and as one
// paragraph for a person.
#pragma once

#include <string>
#include <vector>

#include "agent/core/effect.hpp"

namespace vaultbell::agent::alone {

struct Facts {
  core::RunAloneCommand call;
  std::string client;
  std::string aggregator;  // its endpoint
  std::string hostname;
  std::string trouble;  // why the aggregator does not let us in; empty: nothing is known
};

// VAULTBELL_EVENT, _SINCE (ISO 8601), _FOR (whole seconds), _CLIENT and _AGGREGATOR.
std::vector<std::string> environment_of(const Facts& facts);

// Lines of at most 72 bytes (a longer word has one of its own), each ended.
std::string paragraph_of(const Facts& facts);

}  // namespace vaultbell::agent::alone
