#include "aggregator/core/outages.hpp"

#include <algorithm>

#include "aggregator/core/alerts.hpp"

namespace vaultbell::core {

namespace {

constexpr std::size_t kRowsPerOutage = 2;

std::size_t online_in(const State& state, VaultId vault) {
  const auto found = state.online_in.find(vault);
  return found == state.online_in.end() ? 0 : found->second;
}

// Whether so many of so many are the share that makes an outage.
bool is_outage(const Settings& settings, std::size_t silent, std::size_t all) {
  return silent >= kOutageClientsMin &&
         silent * 100 >= all * static_cast<std::size_t>(settings.outage_share_percent);
}

Subject subject_of(VaultId vault) {
  return {.kind = AlertKind::vault_outage, .topic = "vault " + std::to_string(vault.value)};
}

std::optional<Outage> active_outage(const Draft& draft, VaultId vault) {
  auto outage = draft.get<Outage>(vault);
  if (outage && outage->over_at) outage.reset();
  return outage;
}

void begin(Draft& draft, VaultId vault, std::size_t silent, std::size_t all) {
  const auto raised =
      raise(draft,
            {.subject = subject_of(vault),
             .message = std::to_string(silent) + " of " + std::to_string(all) +
                        " clients that were online fell silent within " +
                        std::to_string(draft.before().settings.outage_window.count() / 1000) + " s",
             .vault = vault});
  draft.put(Outage{.vault = vault,
                   .alert = raised.alert,
                   .silent_from = draft.now() - draft.before().settings.outage_window,
                   .affected = silent});
}

// Where an outage may just be beginning, a client's own alert without hold waits until it is known.
void wait_for_the_others(Draft& draft, AlertId id) {
  auto alert = draft.get<Alert>(id);
  if (!alert || alert->decision) return;
  alert->not_before = draft.now() + draft.before().settings.outage_window;
  draft.put(std::move(*alert));
}

void end(Draft& draft, Outage outage) {
  outage.over_at = draft.now();
  recover(draft, subject_of(outage.vault),
          {.reason = InactiveReason::condition_over, .at = draft.now()});
  draft.put(std::move(outage));
}

// Whether so few are still away that the outage is not one any more.
bool is_calm(const Settings& settings, const Outage& outage, std::size_t away) {
  return away * 100 < outage.affected * static_cast<std::size_t>(settings.outage_share_percent);
}

}  // namespace

std::size_t away_since(const State& state, VaultId vault, Instant since) {
  const auto found = state.disconnects_in.find(vault);
  if (found == state.disconnects_in.end()) return 0;
  std::size_t count = 0;
  const auto from = std::chrono::floor<std::chrono::seconds>(since);
  for (auto entry = found->second.lower_bound(from); entry != found->second.end(); ++entry) {
    count += entry->second;
  }
  return count;
}

// The State does not know of this decision's own changes: one more is silent, one less is online.
void note_silence(Draft& draft, const Client& client, AlertId alert) {
  const auto& state = draft.before();
  if (auto outage = active_outage(draft, client.vault)) {
    ++outage->affected;
    outage->calm_since.reset();
    return draft.put(std::move(*outage));
  }
  const auto since = draft.now() - state.settings.outage_window;
  const auto silent = away_since(state, client.vault, since) + 1;
  const bool was_online = state.clients.at(client.id).state == ClientState::online;
  const auto all = online_in(state, client.vault) + silent - (was_online ? 1 : 0);
  if (is_outage(state.settings, silent, all)) return begin(draft, client.vault, silent, all);
  if (silent > 1 && all >= kOutageClientsMin) wait_for_the_others(draft, alert);
}

void note_return(Draft& draft, VaultId vault) {
  auto outage = active_outage(draft, vault);
  if (!outage) return;
  const auto& state = draft.before();
  const auto away = away_since(state, vault, outage->silent_from);
  const auto still_away = away - std::min<std::size_t>(away, 1);
  if (still_away == 0) return end(draft, std::move(*outage));
  if (outage->calm_since || !is_calm(state.settings, *outage, still_away)) return;
  outage->calm_since = draft.now();
  draft.put(std::move(*outage));
}

std::optional<Instant> outage_over_at(const State& state, const Outage& outage) {
  if (outage.over_at || !outage.calm_since) return std::nullopt;
  return *outage.calm_since + state.settings.outage_window;
}

void end_due_outages(Draft& draft) {
  for (const auto& [at, vault] : draft.before().outages_due.in_order()) {
    if (at > draft.now() || !draft.has_room_for(kRowsPerOutage)) return;
    end(draft, *draft.get<Outage>(vault));
  }
}

}  // namespace vaultbell::core
