// Timeline: what happened to one client, of every kind, as one list in the order of time. Here is
// where each moment stands in it; timeline.cpp gathers and shows them.
#pragma once

#include <compare>
#include <cstdint>

#include "aggregator/api/page.hpp"
#include "aggregator/storage/schema.hpp"
#include "shared/base/enum_text.hpp"

namespace vaultbell::api {

enum class MomentKind : std::uint8_t { run = 1, alert = 2, delivery = 3, change = 4 };

// What happened to an alert; 0 of everything else, which happens once.
enum class AlertMoment : std::uint8_t { none = 0, raised = 1, acknowledged = 2, inactivated = 3 };

// The later one is the greater one; among those of the same millisecond some order that stays.
struct MomentPlace {
  Instant at;
  MomentKind kind = MomentKind::run;
  std::uint64_t id = 0;  // of the run, the alert, ...
  AlertMoment moment = AlertMoment::none;

  auto operator<=>(const MomentPlace&) const = default;
};

inline constexpr std::size_t kMomentNumbers = 4;  // of a cursor

inline Position position_of(const MomentPlace& place) {
  return {storage::number_of(place.at), static_cast<std::uint64_t>(place.kind), place.id,
          static_cast<std::uint64_t>(place.moment)};
}

inline MomentPlace moment_at(const Position& position) {
  return {.at = storage::instant_of(position.at(0)),
          .kind = static_cast<MomentKind>(position.at(1)),
          .id = position.at(2),
          .moment = static_cast<AlertMoment>(position.at(3))};
}

}  // namespace vaultbell::api

namespace vaultbell {

template <>
inline constexpr auto kEnumText<api::MomentKind> = std::to_array<EnumText<api::MomentKind>>({
    {api::MomentKind::run, "run"},
    {api::MomentKind::alert, "alert"},
    {api::MomentKind::delivery, "delivery"},
    {api::MomentKind::change, "change"},
});

template <>
inline constexpr auto kEnumText<api::AlertMoment> = std::to_array<EnumText<api::AlertMoment>>({
    {api::AlertMoment::none, "none"},
    {api::AlertMoment::raised, "raised"},
    {api::AlertMoment::acknowledged, "acknowledged"},
    {api::AlertMoment::inactivated, "inactivated"},
});

}  // namespace vaultbell
