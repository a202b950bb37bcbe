#include "aggregator/upkeep.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "aggregator/core/delivery_trouble.hpp"
#include "shared/base/duration.hpp"

namespace vaultbell::aggregator {

namespace {

constexpr double kMiB = 1U << 20U;

// Below one of the first two it is a problem, above both of the others it is over: a disk that
// swings by a little is one alert, not one a minute. The commits of a busy hour fit the least room.
constexpr double kDiskPercentMin = 5;
constexpr double kDiskMiBMin = 512;
constexpr double kDiskPercentWell = 7;
constexpr double kDiskMiBWell = 768;

// A store whose map is full can write nothing, not even erase.
constexpr double kStorePercentMax = 80;
constexpr double kStorePercentWell = 75;

double percent(std::uint64_t part, std::uint64_t all) {
  return all == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(all);
}

}  // namespace

std::optional<std::string> problem_of(const DiskRoom& room, const std::filesystem::path& where) {
  const auto share = percent(room.free_bytes, room.all_bytes);
  const auto free_mib = static_cast<double>(room.free_bytes) / kMiB;
  if (share > kDiskPercentWell && free_mib > kDiskMiBWell) return std::string();
  if (share >= kDiskPercentMin && free_mib >= kDiskMiBMin) return std::nullopt;
  return fmt::format(
      "only {} ({:.1f} %) are free in the file system of {}: make room there, more than {} % "
      "and {} MiB; when it is full the aggregator stops",
      size_in_words(room.free_bytes), share, where.string(), kDiskPercentWell, kDiskMiBWell);
}

std::optional<std::string> problem_of(const lmdb::Usage& store) {
  const auto share = percent(store.used_bytes, store.map_bytes);
  if (share < kStorePercentWell) return std::string();
  if (share <= kStorePercentMax) return std::nullopt;
  return fmt::format(
      "the store uses {:.1f} % of the {} that it may grow to: keep less history "
      "([retention]); when it is full the aggregator stops",
      share, size_in_words(store.map_bytes));
}

bool are_deliveries_failing(const core::State& state, Instant now) {
  const auto is_failing = [&](const auto& entry) {
    const auto since = core::undelivered_since(entry.second);
    return since && now - *since >= core::kChannelFailingMax;
  };
  return !state.channels.empty() && std::ranges::all_of(state.channels, is_failing);
}

Status Upkeep::turn(Steady now) {
  if (looked_at_ && now - *looked_at_ < kEvery) return {};
  looked_at_ = now;
  const auto disk = look_at_disk();
  const auto store = look_at_store();
  return disk ? store : disk;
}

Status Upkeep::look_at_disk() {
  std::error_code failed;
  const auto space = std::filesystem::space(footing_.folder, failed);
  if (failed) {
    return fail(fmt::format("the room in the file system of {} cannot be seen: {}",
                            footing_.folder.string(), failed.message()));
  }
  footing_.board.disk_free_bytes = space.available;
  footing_.board.disk_bytes = space.capacity;
  say("disk", problem_of(DiskRoom{space.available, space.capacity}, footing_.folder));
  return {};
}

Status Upkeep::look_at_store() {
  const auto usage = footing_.store.usage();
  if (!usage) return fail_within("how full the store is cannot be seen", usage.error());
  say("store", problem_of(*usage));
  return {};
}

void Upkeep::say(const char* topic, const std::optional<std::string>& problem) {
  // What finds no place in the inbox is said again in a minute.
  if (problem) (void)footing_.post(core::SelfChecked{.topic = topic, .problem = *problem});
}

}  // namespace vaultbell::aggregator
