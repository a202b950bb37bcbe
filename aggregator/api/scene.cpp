#include "aggregator/api/scene.hpp"

#include <charconv>
#include <vector>

#include <fmt/format.h>

#include "aggregator/core/alerts.hpp"
#include "aggregator/core/deadlines.hpp"
#include "shared/base/nearest.hpp"

namespace vaultbell::api {

namespace {

using storage::TableNumber;

constexpr std::size_t kNamesComparedMax = 5000;  // for a "did you mean": some milliseconds

// What a name is looked for in.
struct NamePlace {
  std::string_view what;
  TableNumber index;
  std::optional<std::uint64_t> under;
};

tl::unexpected<Error> no_such_name(const Scene& scene, const NamePlace& place,
                                   std::string_view name) {
  std::vector<std::string> names;
  scene.snapshot.each_name(place.index, place.under, [&](std::string_view known, std::uint64_t) {
    names.emplace_back(known);
    return names.size() < kNamesComparedMax;
  });
  const std::vector<std::string_view> words(names.begin(), names.end());
  return fail(ErrorCode::not_found,
              fmt::format("there is no {} \"{}\"{}", place.what, name, did_you_mean(name, words)));
}

// The row that an index entry names.
template <class R>
Result<R> row_of(const Scene& scene, const std::optional<typename R::Key>& id,
                 const NamePlace& place, std::string_view name) {
  if (!id) return no_such_name(scene, place, name);
  auto row = scene.snapshot.get<R>(*id);
  if (!row) return fail(row.error());
  if (!*row) return no_such_name(scene, place, name);
  return std::move(**row);
}

}  // namespace

Result<core::Vault> vault_named(const Scene& scene, std::string_view name) {
  return row_of<core::Vault>(scene, scene.snapshot.vault_by_name(name),
                             {"vault", TableNumber::vault_by_name, std::nullopt}, name);
}

Result<core::Client> client_named(const Scene& scene, std::string_view name) {
  return row_of<core::Client>(scene, scene.snapshot.client_by_name(name),
                              {"client", TableNumber::client_by_name, std::nullopt}, name);
}

Result<core::Job> job_named(const Scene& scene, const core::Client& client, std::string_view name) {
  return row_of<core::Job>(scene, scene.snapshot.job_by_name(client.id, name),
                           {"job", TableNumber::job_by_client, client.id.value}, name);
}

Result<core::Contact> contact_named(const Scene& scene, std::string_view name) {
  return row_of<core::Contact>(scene, scene.snapshot.contact_by_name(name),
                               {"contact", TableNumber::contact_by_name, std::nullopt}, name);
}

Result<core::Group> group_named(const Scene& scene, std::string_view name) {
  return row_of<core::Group>(scene, scene.snapshot.group_by_name(name),
                             {"group", TableNumber::group_by_name, std::nullopt}, name);
}

core::ClientTiming timing_of(const Scene& scene, const core::Client& client) {
  const auto* vault = scene.rows.find<core::Vault>(client.vault);
  return core::resolve(scene.facts.settings.timing,
                       vault == nullptr ? core::TimingOverrides() : vault->timing, client.timing);
}

Policies policies_of(const Scene& scene, VaultId vault_id, ClientId client_id) {
  Policies policies;
  const auto* client = scene.rows.find<core::Client>(client_id);
  if (client != nullptr) policies.client = client->policy;
  const auto* vault = scene.rows.find<core::Vault>(client == nullptr ? vault_id : client->vault);
  if (vault != nullptr) policies.vault = vault->policy;
  return policies;
}

std::optional<Instant> last_heard(const Scene& scene, ClientId client) {
  const auto now = scene.board.last_heard.get(client);
  return now ? now : scene.snapshot.last_heard(client);
}

std::optional<core::Held> held(const Scene& scene, const core::Alert& alert) {
  const auto published = scene.board.listening_since_ms.load();
  const auto since = published == 0 ? scene.facts.started_at : Instant(Duration(published));
  const auto* client = scene.rows.find<core::Client>(alert.client);
  const auto timing = client == nullptr ? scene.facts.settings.timing : timing_of(scene, *client);
  const auto policies = policies_of(scene, alert.vault, alert.client);
  return core::held(alert, {.settings = scene.facts.settings,
                            .vault_policy = policies.vault,
                            .client_policy = policies.client,
                            .vault = client == nullptr ? alert.vault : client->vault,
                            .client = client,
                            .outage = scene.rows.find<core::Outage>(alert.vault),
                            .maintenances = scene.rows.maintenances(),
                            .listening = {since, since + core::settling_time(timing)}});
}

std::optional<Instant> notifies_at(const Scene& scene, const core::Alert& alert) {
  const auto held_now = held(scene, alert);
  return held_now ? held_now->until : std::nullopt;
}

Result<std::uint64_t> parse_number(std::string_view what, std::string_view text) {
  std::uint64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec == std::errc{} && parsed.ptr == end) return number;
  return fail(ErrorCode::invalid, fmt::format("{} \"{}\" is not a number", what, text));
}

tl::unexpected<Error> no_such(std::string_view what, std::uint64_t number) {
  return fail(ErrorCode::not_found, fmt::format("there is no {} {}", what, number));
}

}  // namespace vaultbell::api
