// Exchange: one question of a command to the aggregator, on a connection of its own beside the
// daemon's. The key alone says who asks, so that it needs no hello.
#pragma once

#include <optional>
#include <string>

#include "agent/state_folder.hpp"
#include "shared/crypto/keys.hpp"
#include "shared/protocol/message.hpp"

namespace vaultbell::agent {

// What came of it: exactly one of the first three is set.
struct Replied {
  std::optional<protocol::Body> body;
  bool is_key_refused = false;  // the aggregator does not know this key (any more)
  std::string no_answer;        // why there was none
  bool was_let_in = false;      // with this key, at least at first
};

// Asks the aggregator of this enrolment until there is an answer, for at most 15 s. The question is
// sent again every second, so it must do no harm when it arrives more than once. What only a
// connected agent is told, and that the aggregator is busy, is no answer.
Replied ask_aggregator(const Enrolment& enrolment, const crypto::KeyPair& key,
                       const protocol::Body& question);

}  // namespace vaultbell::agent
