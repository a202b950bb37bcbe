// Events: tells those who look on which things have changed (GET /api/v1/events). What they are now
// is asked for as anything else; who has missed something is told to look at everything again.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/api/event_stream.hpp"
#include "aggregator/board/change_feed.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::api {

// Of the server's thread.
class Events {
 public:
  // Numbers of events are those of one run of the aggregator: `started_at` is part of them.
  Events(const board::ChangeFeed& feed, Instant started_at);

  // For somebody whose last event was this; empty: for somebody new.
  std::shared_ptr<EventStream> open(std::string_view last_event_id, Steady now);

  // Tells everybody what has changed since the last time.
  void tell(Steady now);

  [[nodiscard]] std::size_t readers() const { return readers_.size(); }

  static constexpr Duration kTellEvery = std::chrono::milliseconds(250);
  static constexpr Duration kQuietMax = std::chrono::seconds(15);  // then a comment: still here
  static constexpr std::size_t kNamedMax = 500;  // of one telling; more: look at everything

 private:
  struct Reader {
    std::shared_ptr<EventStream> stream;
    std::uint64_t told = 0;  // of the feed
    Steady spoken_at;
  };
  void tell(Reader& reader, Steady now) const;
  [[nodiscard]] std::string id_of(std::uint64_t number) const;
  [[nodiscard]] std::string snapshot_at(std::uint64_t number) const;

  const board::ChangeFeed& feed_;
  const std::string run_;
  std::vector<Reader> readers_;
};

}  // namespace vaultbell::api
