// Draft: a decision in the making, with working copies of all parts of the State.
#pragma once

#include <utility>

#include "agent/core/engine.hpp"

namespace vaultbell::agent::core {

struct Draft {
  Steady now;
  Instant wall;  // decides nothing
  Link link;
  Sending sending;
  Alone alone;
  std::vector<Effect> effects;

  void emit(Effect effect) { effects.push_back(std::move(effect)); }
  [[nodiscard]] bool is_up() const {
    return link.state == LinkState::greeting || link.state == LinkState::welcomed;
  }
};

}  // namespace vaultbell::agent::core
