// Outcome: how one attempt to deliver ended, whatever the channel.
#pragma once

#include <cstddef>
#include <string>

#include "aggregator/core/words.hpp"

namespace vaultbell::notify {

struct Outcome {
  core::AttemptResult result = core::AttemptResult::temporary_failure;
  std::string answer;  // of the server ("550 5.1.1 No such user"), or why there is none; one line
  bool is_about_recipient = false;  // it failed, and may fail at this address alone
  bool is_proven = false;           // the receiver gave back the code that it was sent (R5.2)

  bool operator==(const Outcome&) const = default;
};

inline constexpr std::size_t kAnswerBytesMax = 500;  // RFC 5321 allows 512 for an answer's line

}  // namespace vaultbell::notify
