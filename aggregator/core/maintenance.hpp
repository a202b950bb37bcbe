// Maintenance: times in which alerts are raised and listed, but not told (R4.7). Orders about them,
// and their end; what they cover is telling.hpp's matter.
#pragma once

#include <string>

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

inline constexpr std::size_t kMaintenancesMax = 1'000;  // that are not over
inline constexpr Duration kMaintenanceMax = std::chrono::hours(24 * 366);

Result<std::string> start_maintenance(Draft& draft, const std::string& actor,
                                      const StartMaintenance& order);
Result<std::string> extend_maintenance(Draft& draft, const ExtendMaintenance& order);
Result<std::string> end_maintenance(Draft& draft, const std::string& actor,
                                    const EndMaintenance& order);

void end_due_maintenances(Draft& draft);

}  // namespace vaultbell::core
