// Canary: a mistake of the aggregator that a run makes on purpose, around the real code and never
// in it. The simulation must find each: a checker that finds nothing proves nothing.
#pragma once

#include <cstdint>

#include "shared/base/enum_text.hpp"

namespace vaultbell::simulation {

enum class Canary : std::uint8_t {
  mark_before_send,   // a message counts as delivered when its delivery begins
  ack_before_commit,  // a report is acknowledged when it arrives
  lose_commit,        // one of many commits is not written
  double_booking,     // a report that is sent again is taken for a new one
  wrong_client,       // a report is booked on another client
  send_again,         // a message that was delivered goes out once more
  new_message_id,     // a repeated message has another Message-ID
};

}  // namespace vaultbell::simulation

namespace vaultbell {

template <>
inline constexpr auto kEnumText<simulation::Canary> = std::to_array<EnumText<simulation::Canary>>({
    {simulation::Canary::mark_before_send, "mark_before_send"},
    {simulation::Canary::ack_before_commit, "ack_before_commit"},
    {simulation::Canary::lose_commit, "lose_commit"},
    {simulation::Canary::double_booking, "double_booking"},
    {simulation::Canary::wrong_client, "wrong_client"},
    {simulation::Canary::send_again, "send_again"},
    {simulation::Canary::new_message_id, "new_message_id"},
});

}  // namespace vaultbell
