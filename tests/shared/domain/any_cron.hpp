// Random cron expressions, and what they mean, worked out in the plainest way.
#pragma once

#include <array>
#include <set>
#include <string>

#include "shared/domain/cron.hpp"
#include "shared/domain/zone_row.hpp"

namespace vaultbell::support {

// A text and, worked out without parse_cron, which values it means.
struct AnyField {
  std::string text;
  std::set<unsigned> values;
};

struct AnyCron {
  std::array<AnyField, 5> fields;
  std::string text;
  Cron cron;  // what parse_cron made of the text

  // By the fields.
  [[nodiscard]] bool matches(LocalMinute local) const;
};

// Any expression that can match; more often than not within a few days, and in the small hours,
// when clocks are changed.
AnyCron any_cron();

}  // namespace vaultbell::support
