#include "aggregator/watchdog/health.hpp"

namespace vaultbell::watchdog {

bool is_well(const board::Board& board, Steady now) {
  const auto is_recent = [&](const std::atomic<std::int64_t>& at_ms) {
    const auto at = at_ms.load();
    return at != 0 && now - Steady(Duration(at)) <= kTurnedWithin;  // 0: never yet
  };
  return is_recent(board.last_turn_at_ms) && is_recent(board.listened_at_ms);
}

}  // namespace vaultbell::watchdog
