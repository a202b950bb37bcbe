// Journal: the port through which decisions become durable. One machine: one LMDB transaction
// (aggregator/storage). Later: one fenced transaction of a replicated engine. The core does not
// know which.
#pragma once

#include <cstdint>

#include "aggregator/core/change.hpp"
#include "shared/base/result.hpp"

namespace vaultbell::core {

enum class Committed : std::uint8_t {
  durable,  // it will survive a power cut
  fenced,   // somebody else owns this state now: nothing was written, stop acting
  unknown,  // no answer: commit the same write set again, it is applied at most once
};

class Journal {
 public:
  Journal() = default;
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  virtual ~Journal() = default;

  // Writes all of it or nothing; Remember changes are skipped. Blocks until it is decided. An error
  // means that nothing can be promised any more: the process ends and starts again.
  virtual Result<Committed> commit(const WriteSet& changes) = 0;

  // Whether effects may touch the world now; asked before each delivery.
  [[nodiscard]] virtual bool may_act() const = 0;
};

}  // namespace vaultbell::core
