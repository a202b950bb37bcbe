#include "aggregator/board/board.hpp"

namespace vaultbell::board {

LastHeard::LastHeard() = default;

LastHeard::~LastHeard() {
  for (auto& chunk : chunks_) delete chunk.load();
}

void LastHeard::set(ClientId client, Instant at) {
  const auto index = client.value / kChunk;
  if (index >= kChunks) return;  // shown as "not known"; nothing depends on it
  auto* chunk = chunks_[index].load(std::memory_order_relaxed);
  if (chunk == nullptr) {
    chunk = std::make_unique<Chunk>().release();  // owned by chunks_, freed by the destructor
    for (auto& entry : *chunk) entry.store(0, std::memory_order_relaxed);
    chunks_[index].store(chunk, std::memory_order_release);
  }
  (*chunk)[client.value % kChunk].store(at.time_since_epoch().count(), std::memory_order_relaxed);
  if (client.value > highest()) highest_.store(client.value, std::memory_order_relaxed);
}

std::optional<Instant> LastHeard::get(ClientId client) const {
  const auto index = client.value / kChunk;
  if (index >= kChunks) return std::nullopt;
  const auto* chunk = chunks_[index].load(std::memory_order_acquire);
  if (chunk == nullptr) return std::nullopt;
  const auto at = (*chunk)[client.value % kChunk].load(std::memory_order_relaxed);
  if (at == 0) return std::nullopt;
  return Instant(Duration(at));
}

}  // namespace vaultbell::board
