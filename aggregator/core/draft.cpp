#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

Decision Draft::finish() && {
  if (counters_ != state_.counters) put(counters_);
  return std::move(decision_);
}

}  // namespace vaultbell::core
