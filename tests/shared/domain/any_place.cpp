#include "tests/shared/domain/any_place.hpp"

#include <vector>

#include <date/tz.h>
#include <rapidcheck.h>

namespace vaultbell::support {

namespace {

using std::chrono::days;

const std::vector<std::string>& zones() {
  static const std::vector<std::string> kZones = {
      "Europe/Berlin",     "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu",
      "Africa/Casablanca", "America/St_Johns", "Pacific/Apia",        "UTC",
  };
  return kZones;
}

}  // namespace

int below(int count) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, count));
}

AnyPlace any_place() {
  constexpr int kYears = 32;
  const auto name = *rc::gen::elementOf(zones());
  const auto begin = std::chrono::sys_days(std::chrono::year(2005) / 1 / 1);
  Instant instant = begin + std::chrono::seconds(below(kYears * 365 * 86'400));
  if (name == "Pacific/Apia" && below(3) == 0) {
    instant = std::chrono::sys_days(std::chrono::year(2011) / 12 / 20);
  }
  const auto info = date::locate_zone(name)->get_info(instant);
  const int around_ms = below(2) == 0 ? 86'400'000 : 2 * 3'600'000;
  if (below(4) != 0 && info.end < begin + days(kYears * 366)) {
    instant = info.end - Duration(around_ms);
  }
  return {.zone = name, .instant = instant + Duration(below(2 * around_ms))};
}

MinuteByMinute::MinuteByMinute(const std::string& zone) : zone_(date::locate_zone(zone)) {}

LocalMinute MinuteByMinute::shown_at(Instant minute) {
  if (minute < now_.begin || minute >= now_.end) {
    const auto info = zone_->get_info(minute);
    now_ = {.begin = info.begin, .end = info.end, .offset = info.offset};
  }
  return std::chrono::floor<std::chrono::minutes>(
      std::chrono::local_time<Duration>(minute.time_since_epoch() + now_.offset));
}

bool MinuteByMinute::has_shown_before(Instant minute) {
  const auto shown = shown_at(minute);
  if (minute - kLongestPutBack >= now_.begin) return false;
  for (auto before = minute - kMinute; before >= minute - kLongestPutBack; before -= kMinute) {
    if (shown_at(before) == shown) return true;
  }
  return false;
}

Instant MinuteByMinute::last_showing(Instant minute) {
  const auto shown = shown_at(minute);
  if (minute + kLongestPutBack < now_.end) return minute;
  auto last = minute;
  for (auto later = minute; later <= minute + kLongestPutBack; later += kMinute) {
    if (shown_at(later) == shown) last = later;
  }
  return last;
}

}  // namespace vaultbell::support
