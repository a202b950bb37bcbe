// Settlement: what the aggregator has said about reports and the spool does not show yet. The core
// says each thing once; here it stays until it is on disk.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include "agent/spool/spool.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/base/uuid.hpp"
#include "shared/domain/spool.hpp"

namespace vaultbell::agent::spool {

// Holds no more than the spool: one number for each incarnation, one entry for each report that is
// to be set aside. For one thread.
class Settlement {
 public:
  void discard_through(const SpoolAck& ack);
  void set_aside(const SpoolAck& position, std::string reason, Instant now);

  [[nodiscard]] bool is_empty() const { return set_asides_.empty() && acks_.empty(); }

  // Sets aside first, in order: what is discarded could not be set aside any more. Ends with the
  // first error, and keeps what is not done for the next call. Blocks on the disk.
  Status settle(Spool& spool);

 private:
  struct Refused {
    SpoolAck position;
    std::string reason;
    Instant at;
  };
  std::deque<Refused> set_asides_;
  std::map<Uuid, std::uint64_t> acks_;
};

}  // namespace vaultbell::agent::spool
