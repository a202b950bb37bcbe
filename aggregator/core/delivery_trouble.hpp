// Delivery trouble: what deliveries say about addresses and channels, and the alerts that follow
// when somebody cannot be reached (R7.4). Such an alert is told by every other way there is.
#pragma once

#include <optional>

#include "aggregator/core/draft.hpp"
#include "aggregator/core/routing.hpp"

namespace vaultbell::core {

// How long a channel, or the one address that it is tried with, may fail before that is an alert.
inline constexpr Duration kChannelFailingMax = std::chrono::hours(1);

// Books what an attempt's end says; the notification is as it has become.
void note_delivered(Draft& draft, const Notification& notification);
// Which of both fails, the channel or the address, is decision 0029's matter.
void note_failing(Draft& draft, const Notification& notification, bool is_about_recipient);
void note_given_up(Draft& draft, const Notification& notification);

// Raises an alert for each channel that has failed for too long, or the one address.
void judge_channels(Draft& draft);

// When the first channel will have failed for too long; absent: none fails, or it is known.
std::optional<Instant> channels_judged_at(const State& state);

// Who is told of an alert of kind delivery_failing with this topic.
Routing route_failing(const Draft& draft, const std::string& topic);

// Since when the channel has delivered nothing, though it was tried: at all, or at the one address
// that there was to write to. Absent: it delivers, or was not tried.
std::optional<Instant> undelivered_since(const ChannelHealth& health);

}  // namespace vaultbell::core
