// Scene: what one answer may look at: one moment of the store, the board's figures, the facts. And
// the questions that several answers ask of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aggregator/api/facts.hpp"
#include "aggregator/api/rows.hpp"
#include "aggregator/board/board.hpp"
#include "aggregator/core/telling.hpp"
#include "aggregator/storage/snapshot.hpp"
#include "shared/lmdb/environment.hpp"

namespace vaultbell::api {

// Rows that one answer may walk over; the rest is for the next page. Keeps an answer under about
// 50 ms, since one thread gives them all.
inline constexpr std::size_t kRowsWalkedMax = 10'000;

struct Scene {
  const storage::Snapshot& snapshot;
  Rows& rows;
  const Facts& facts;
  const board::Board& board;
  lmdb::Usage usage;
  Instant now;
  Steady steady;
};

// The row of that name. Error not_found with the nearest name that exists.
Result<core::Vault> vault_named(const Scene& scene, std::string_view name);
Result<core::Client> client_named(const Scene& scene, std::string_view name);
Result<core::Job> job_named(const Scene& scene, const core::Client& client, std::string_view name);
Result<core::Contact> contact_named(const Scene& scene, std::string_view name);
Result<core::Group> group_named(const Scene& scene, std::string_view name);

// A row by the number in a path; `what` names it in the message.
template <class R>
Result<R> numbered(const Scene& scene, std::string_view what, const std::string& text);

core::ClientTiming timing_of(const Scene& scene, const core::Client& client);

// The policies that count for a client, or (without one) for a vault alone.
struct Policies {
  core::Policy vault;
  core::Policy client{.mode = core::PolicyMode::same_as_vault};
};
Policies policies_of(const Scene& scene, VaultId vault, ClientId client);

// By the board; before its client was heard in this process, by the last checkpoint.
std::optional<Instant> last_heard(const Scene& scene, ClientId client);

// What a held alert waits for, and until when; absent if it is decided or over.
std::optional<core::Held> held(const Scene& scene, const core::Alert& alert);

// When a held alert will be told, if it is still active then; absent if it is decided, or if no
// time says when.
std::optional<Instant> notifies_at(const Scene& scene, const core::Alert& alert);

// ---- only the template's body below

Result<std::uint64_t> parse_number(std::string_view what, std::string_view text);
tl::unexpected<Error> no_such(std::string_view what, std::uint64_t number);

template <class R>
Result<R> numbered(const Scene& scene, std::string_view what, const std::string& text) {
  const auto number = parse_number(what, text);
  if (!number) return fail(number.error());
  auto row = scene.snapshot.get<R>({*number});
  if (!row) return fail(row.error());
  if (!*row) return no_such(what, *number);
  return std::move(**row);
}

}  // namespace vaultbell::api
