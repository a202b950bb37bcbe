// Verdict: what the rounds of the auditor amount to. A gap counts when two rounds have found it: a
// round may come between an order and what follows from it. Pure.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "aggregator/auditor/audit.hpp"

namespace vaultbell::auditor {

enum class Agreement : std::uint8_t {
  agrees,
  says_nothing,  // a gap was found for the first time, or the round was not conclusive
  disagrees,
};

struct Verdict {
  Agreement agreement = Agreement::says_nothing;
  std::string problem;  // where it disagrees: what is missing, in one sentence

  bool operator==(const Verdict&) const = default;
};

// Judges one round after the other.
class Judge {
 public:
  Verdict judge(const Result<Findings>& round);

 private:
  std::set<std::string> suspected_;  // what the last conclusive round missed
};

}  // namespace vaultbell::auditor
