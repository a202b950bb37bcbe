#include "tests/support/host.hpp"

namespace vaultbell::support {

core::HelloReceived hello_of(const Host& host, Instant now) {
  const SpoolRange range{.spool = host.spool,
                         .first = host.kept.empty() ? host.sequence + 1 : host.kept.front().first,
                         .last = host.sequence};
  return {.client = host.client,
          .host = {.boot = host.boot,
                   .agent_version = "1.0",
                   .hostname = host.name,
                   .os = "Debian 12",
                   .address = host.address},
          .client_time = now,
          .spools = {range}};
}

void forget_acknowledged(Host& host, const SpoolAck& ack) {
  if (ack.spool != host.spool) return;
  while (!host.kept.empty() && host.kept.front().first <= ack.sequence) host.kept.pop_front();
}

}  // namespace vaultbell::support
