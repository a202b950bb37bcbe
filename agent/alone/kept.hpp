// The bytes of the file `alone`: what a restart must not forget (docs/agent.md shows an example).
// MessagePack maps with small integer keys; a number is never reused.
#pragma once

#include <string>
#include <string_view>

#include "agent/core/state.hpp"
#include "shared/base/result.hpp"
#include "shared/base/uuid.hpp"

namespace vaultbell::agent::alone {

struct Kept {
  Uuid boot;  // of the kernel that was running when it was written
  core::AloneRow row;

  bool operator==(const Kept&) const = default;
};

std::string encode(const Kept& kept);
// Error: not what encode() writes.
Result<Kept> decode(std::string_view bytes);

}  // namespace vaultbell::agent::alone
