#include "aggregator/core/nights.hpp"

#include <fmt/format.h>

#include "aggregator/api/answers.hpp"
#include "aggregator/api/in_json.hpp"

// How the backups of each vault ended, night by night.

namespace vaultbell::api {

namespace {

constexpr std::uint64_t kNightsShown = 14;

// "2026-03-01"
std::string date_of(std::uint32_t day) {
  const Instant midnight{std::chrono::days(day)};
  return to_iso(midnight).substr(0, std::string_view("2026-03-01").size());
}

}  // namespace

Result<Answer> follow_events(const Scene&, Asked&) {
  return Answer(EventsAsked{});
}

Result<Answer> list_nights(const Scene& scene, Asked& asked) {
  const auto name = asked.query.text("vault");
  const auto nights = asked.query.number("nights").value_or(kNightsShown);
  if (nights == 0 || nights > core::kNightsKept) {
    asked.query.complain("nights", fmt::format("is not within 1 to {}", core::kNightsKept));
  }
  if (auto ok = asked.query.finish(); !ok) return fail(ok.error());
  std::optional<VaultId> wanted;
  if (name) {
    const auto vault = vault_named(scene, *name);
    if (!vault) return fail(vault.error());
    wanted = vault->id;
  }
  const auto today = core::day_of(scene.facts.settings, scene.now);
  const auto first = today - std::min<std::uint64_t>(today, nights - 1);
  Json items = Json::array();
  const auto see = [&](const core::Night& night) {
    const bool is_wanted = (!wanted || night.vault == *wanted) && night.day >= first;
    if (!is_wanted) return true;
    items.push_back({{"vault", scene.rows.name_of(night.vault)},
                     {"day", date_of(night.day)},
                     {"succeeded", night.succeeded},
                     {"warning", night.warning},
                     {"failed", night.failed},
                     {"cancelled", night.cancelled},
                     {"missed", night.missed}});
    return true;
  };
  const auto seen = scene.snapshot.each<core::Night>(storage::Order::ascending, std::nullopt, see);
  if (!seen) return fail(seen.error());
  return Answer(Json{{"today", date_of(today)}, {"items", std::move(items)}, {"next", nullptr}});
}

}  // namespace vaultbell::api
