// Publishing: names what a commit has changed, for those who look on.
#pragma once

#include "aggregator/board/change_feed.hpp"
#include "aggregator/core/change.hpp"

namespace vaultbell::aggregator {

void publish(const core::WriteSet& changes, board::ChangeFeed& feed);

}  // namespace vaultbell::aggregator
