// Attention: what is done about alerts when it is due: telling of them, telling again, telling
// others, and that they are over. When that is, is deadlines.hpp's matter.
#pragma once

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

// Decides who is told of an alert whose hold has ended, and queues their notifications.
void notify(Draft& draft, Alert alert);

// Does what is due for alerts: within the rows of one decision.
void attend_due_alerts(Draft& draft);

// A slice of telling those who were told of alerts that these are over.
void tell_recoveries(Draft& draft);

}  // namespace vaultbell::core
