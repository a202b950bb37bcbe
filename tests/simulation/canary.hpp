// Canary: a mistake of the aggregator that a run makes on purpose, around the real code and never
// in it. The simulation must find each: a checker that finds nothing proves nothing.
#pragma once

#include <cstdint>

#include "shared/base/enum_text.hpp"

namespace vaultbell::simulation {

enum class Canary : std::uint8_t {
  mark_before_send,       // a message counts as delivered when its delivery begins
  ack_before_commit,      // a report is acknowledged when it arrives
  lose_commit,            // one of many commits is not written
  double_booking,         // a report that is sent again is taken for a new one
  wrong_client,           // a report is booked on another client
  send_again,             // a message that was delivered goes out once more
  new_message_id,         // a repeated message has another Message-ID
  empty_digest,           // a digest does not say what was gathered into it
  recovery_to_everybody,  // also to those who were not told of the alert
  hold_ignored,           // alerts are told at once
  deadline_forgotten,     // nothing is done when it is due, unless something else arrives
  step_as_silence,        // a step of the wall clock counts as the silence of every host
  restart_as_silence,     // so does the time in which the aggregator did not run
  policy_forgotten,       // whom to tell is answered with "done" and not kept
  limit_ignored,          // receivers get as many messages as there are
  window_cut_short,       // a maintenance ends after two minutes
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
    {simulation::Canary::empty_digest, "empty_digest"},
    {simulation::Canary::recovery_to_everybody, "recovery_to_everybody"},
    {simulation::Canary::hold_ignored, "hold_ignored"},
    {simulation::Canary::deadline_forgotten, "deadline_forgotten"},
    {simulation::Canary::step_as_silence, "step_as_silence"},
    {simulation::Canary::restart_as_silence, "restart_as_silence"},
    {simulation::Canary::policy_forgotten, "policy_forgotten"},
    {simulation::Canary::limit_ignored, "limit_ignored"},
    {simulation::Canary::window_cut_short, "window_cut_short"},
});

}  // namespace vaultbell
