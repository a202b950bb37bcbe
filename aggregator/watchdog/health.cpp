#include "aggregator/watchdog/health.hpp"

namespace vaultbell::watchdog {

bool is_well(const board::Board& board, Steady now) {
  const auto is_recent = [&](const std::atomic<std::int64_t>& at_ms, Duration within) {
    const auto at = at_ms.load();
    return at != 0 && now - Steady(Duration(at)) <= within;  // 0: never yet
  };
  return is_recent(board.last_turn_at_ms, kTurnedWithin) &&
         is_recent(board.listened_at_ms, kTurnedWithin) && !board.are_deliveries_failing &&
         is_recent(board.auditor_agreed_at_ms, kAgreedWithin) && !board.does_auditor_disagree;
}

}  // namespace vaultbell::watchdog
