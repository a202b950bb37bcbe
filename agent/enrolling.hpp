// The conversation of a host that wants to become a client (R2.1, R2.9).
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "agent/exit_code.hpp"
#include "agent/uplink/host.hpp"
#include "shared/base/time.hpp"
#include "shared/crypto/join_token.hpp"
#include "shared/protocol/message.hpp"

namespace vaultbell::agent {

struct Applicant {
  crypto::JoinToken token;
  crypto::KeyPair key;
  std::string name;
  uplink::HostFacts host;
};

// Either the aggregator's yes, or why not and with what to exit.
struct Decision {
  std::optional<protocol::EnrolAccepted> accepted;
  ExitCode exit_code = kDone;
  std::string why_not;
};

// Asks until there is a decision; where an administrator must approve, for at most `wait` (absent:
// for ever), and `on_pending` is told once what is to be typed there.
Decision ask_to_enrol(const Applicant& applicant, std::optional<Duration> wait,
                      const std::function<void(const std::string&)>& on_pending);

}  // namespace vaultbell::agent
