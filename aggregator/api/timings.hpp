// Timings: the times of a vault's or client's connections, as requests give them.
#pragma once

#include "aggregator/api/fields.hpp"
#include "aggregator/core/command.hpp"

namespace vaultbell::api {

core::TimingOverrides timing_in(Fields& body);

// What is left out stays as it is; what is null is inherited again.
core::TimingEdit timing_edit_in(Fields& body);

}  // namespace vaultbell::api
