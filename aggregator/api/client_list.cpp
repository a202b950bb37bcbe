#include "aggregator/api/clients.hpp"
#include "aggregator/api/in_json.hpp"
#include "aggregator/api/lists.hpp"
#include "aggregator/api/name_part.hpp"

// The list of clients, the worst first: in the order of the store's index of their states.

namespace vaultbell::api {

// Whether a client has a word of its own on who is told.
enum class PolicyStanding : std::uint8_t { differs, same };

}  // namespace vaultbell::api

namespace vaultbell {

template <>
inline constexpr auto kEnumText<api::PolicyStanding> =
    std::to_array<EnumText<api::PolicyStanding>>({
        {api::PolicyStanding::differs, "differs"},
        {api::PolicyStanding::same, "same"},
    });

}  // namespace vaultbell

namespace vaultbell::api {

namespace {

using storage::ClientPlace;

constexpr std::size_t kPlaceNumbers = 3;  // of a cursor

Position position_of(const ClientPlace& place) {
  return {place.rank, storage::number_of(place.since), place.id.value};
}

std::optional<ClientPlace> place_behind(const Page& page,
                                        const std::optional<core::ClientState>& state) {
  if (const auto& at = page.behind()) {
    return ClientPlace{.rank = static_cast<std::uint8_t>(at->at(0)),
                       .since = storage::instant_of(at->at(1)),
                       .id = {at->at(2)}};
  }
  if (!state) return std::nullopt;
  return ClientPlace{.rank = storage::rank_of(*state)};  // before all that are in this state
}

PolicyStanding standing_of(const core::Client& client) {
  const bool is_same = client.policy.mode == core::PolicyMode::same_as_vault;
  return is_same ? PolicyStanding::same : PolicyStanding::differs;
}

// One list in the making.
class ClientList {
 public:
  ClientList(const Scene& scene, Fields& query)
      : scene_(scene),
        vault_(vault_filter(scene, query)),
        state_(query.choice<core::ClientState>("state")),
        part_(name_part_in(query)),
        policy_(query.choice<PolicyStanding>("policy")),
        stale_(query.duration("stale")),
        is_outdated_(query.boolean("outdated")),
        page_(query, kPlaceNumbers) {}

  Result<Answer> finish() {
    Status failed;
    const auto seen = scene_.snapshot.each_place(
        vault_, place_behind(page_, state_), [&](const ClientPlace& place, std::string_view name) {
          if (place.rank > last_rank()) return false;
          if (part_ && !part_->is_in(name)) return page_.pass_by(position_of(place));
          const auto client = scene_.snapshot.get<core::Client>(place.id);
          if (!client) failed = fail(client.error());
          return client && *client && add(place, **client);
        });
    if (!seen) return fail(seen.error());
    if (!failed) return fail(failed.error());
    return Answer(page_.finish());
  }

 private:
  // Those that are retired stand last, and are shown where they are asked for.
  [[nodiscard]] std::uint8_t last_rank() const {
    return storage::rank_of(state_.value_or(core::ClientState::online));
  }

  bool add(const ClientPlace& place, const core::Client& client) {
    bool passes = is_wanted(policy_, standing_of(client)) &&
                  is_wanted(is_outdated_, is_outdated(scene_, client));
    if (!passes) return page_.add(position_of(place), false, {});
    const auto jobs = jobs_of(scene_, client.id);
    page_.count_rows(jobs.count);
    passes = !stale_ || !jobs.last_good_at || *jobs.last_good_at < scene_.now - *stale_;
    return page_.add(position_of(place), passes,
                     [&] { return client_in_full(scene_, client, jobs); });
  }

  const Scene& scene_;
  std::optional<VaultId> vault_;
  std::optional<core::ClientState> state_;
  std::optional<NamePart> part_;
  std::optional<PolicyStanding> policy_;
  std::optional<Duration> stale_;
  std::optional<bool> is_outdated_;
  Page page_;
};

}  // namespace

Result<Answer> list_clients(const Scene& scene, Asked& asked) {
  ClientList list(scene, asked.query);
  if (auto ok = asked.query.finish(); !ok) return fail(ok.error());
  return list.finish();
}

}  // namespace vaultbell::api
