#include "aggregator/core/rows.hpp"
#include "aggregator/core/telling.hpp"
#include "aggregator/storage/snapshot.hpp"
#include "aggregator/storage/store.hpp"
#include "aggregator/board/board.hpp"
#include "shared/lmdb/environment.hpp"

bool is_due(const core::Alert& alert, const core::Settings& settings) {
  const auto hold = notify_after(settings, {}, {}, alert.kind);
  return core::held(alert, {}).has_value() || settings.notify_after < hold;
}
