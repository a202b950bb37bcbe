// What the properties about time zones share: random instants around changes of the clock, and a
// wall clock that is read minute by minute, straight from date-tz.
#pragma once

#include <string>

#include "shared/base/time.hpp"
#include "shared/domain/zone_row.hpp"

namespace date {
class time_zone;
}

namespace vaultbell::support {

// A number from 0 to `count` - 1, each as likely as the others from the first case on.
int below(int count);

// Somewhere, some time from 2005 to 2036; most often within a day of a change of its clock,
// or within two hours.
struct AnyPlace {
  std::string zone;
  Instant instant;
};
AnyPlace any_place();

class MinuteByMinute {
 public:
  explicit MinuteByMinute(const std::string& zone);

  // What the clock shows at the beginning of a minute of UTC.
  LocalMinute shown_at(Instant minute);

  // Whether it showed the same within the last hours.
  bool has_shown_before(Instant minute);

  // When it shows the same for the last time within the next hours; perhaps just now.
  Instant last_showing(Instant minute);

 private:
  const date::time_zone* zone_;
  Span now_{.begin = Instant::max()};  // what was asked last; nothing yet
};

inline constexpr Duration kMinute = std::chrono::minutes(1);
inline constexpr Duration kLongestPutBack = std::chrono::hours(4);

}  // namespace vaultbell::support
