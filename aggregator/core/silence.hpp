// Silence: which clients were heard when, and which have been silent for too long (R2.5, R2.6).
// A flat table and a sweep: heartbeats touch one number each and nothing durable. Pure data, owned
// by the gateway thread; the core is told only of transitions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "shared/base/ids.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::core {

class Silence {
 public:
  // Watches a client with this limit. Fresh: it counts as heard now; otherwise the limit alone
  // changes for a client that is being watched (or was found silent) already. Client ids are small
  // numbers given in order, so the table is as long as the highest of them.
  void watch(ClientId client, Duration limit, bool is_fresh, Steady now);

  // It is known to be silent: nothing more is found, but heard() tells of its return.
  void presume_silent(ClientId client);

  // It is a client no more.
  void ignore(ClientId client);

  enum class Heard : std::uint8_t {
    as_expected,
    after_silence,  // it was found or presumed silent; tell the core, then watch() it again
    unwatched,
  };
  Heard heard(ClientId client, Steady now);

  // The watched clients that have been silent for longer than their limit, each reported once, in
  // the order of their ids, at most `count_max` a call.
  std::vector<ClientId> sweep(Steady now, std::size_t count_max);

  // The caller could not pass on that this client was found silent: find it again.
  void unreport(ClientId client);

  // After a gap in which nothing could be heard: everybody gets a full limit again (R2.6), and
  // nobody is found before kReturnWithin has passed.
  void resume(Steady now);

  // When a client was last heard; absent if it is not watched.
  [[nodiscard]] std::optional<Steady> last_heard(ClientId client) const;

 private:
  enum class Watching : std::uint8_t { no, yes, found_silent };

  // One entry a client; parallel arrays, so that the sweep reads as little memory as possible.
  std::vector<Steady> last_heard_;
  std::vector<Duration> limit_;
  std::vector<Watching> watching_;
  Steady settled_at_ = Steady::min();
  // Nobody exceeds a limit before: a sweep until then needs to look at nobody.
  Steady earliest_ = Steady::min();

  [[nodiscard]] bool knows(ClientId client) const { return client.value < watching_.size(); }
};

}  // namespace vaultbell::core
