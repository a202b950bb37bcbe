#include "aggregator/core/accesses.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "aggregator/core/refusals.hpp"
#include "shared/base/duration.hpp"
#include "shared/domain/name.hpp"

namespace vaultbell::core {

namespace {

// Of those that a decision takes away besides what it is about.
constexpr std::size_t kTakenAwayMax = kRowsPerDecisionMax / 2;

// Tokens stay until somebody revokes them: who wonders why a program fails finds it there.
bool is_forgotten(const Access& access, Instant now) {
  return access.kind != AccessKind::api_token && access.expires_at <= now;
}

// Takes away what has expired and, where that is not enough, the session that is oldest.
Status make_room(Draft& draft) {
  const auto& rows = draft.before().accesses;
  std::size_t taken = 0;
  const Access* oldest = nullptr;
  for (const auto& [id, row] : rows) {
    if (is_forgotten(row, draft.now()) && taken < kTakenAwayMax) {
      draft.erase(id);
      ++taken;
    } else if (row.kind == AccessKind::session && oldest == nullptr) {
      oldest = &row;
    }
  }
  if (rows.size() - taken < kAccessesMax) return {};
  if (oldest == nullptr) {
    return fail(ErrorCode::full,
                "there are already " + std::to_string(kAccessesMax) + " tokens and links");
  }
  draft.erase(oldest->id);
  return {};
}

Duration longest_life(AccessKind kind) {
  return kind == AccessKind::login_link ? kLoginLinkLifeMax : kApiTokenLifeMax;
}

Status check_times(const CreateAccess& order, Instant now) {
  if (order.expires_at <= now) return fail(ErrorCode::invalid, "it would already have expired");
  if (order.expires_at <= now + longest_life(order.kind)) return {};
  return fail(ErrorCode::invalid, "it would be good for longer than " +
                                      to_text(longest_life(order.kind)) +
                                      "; choose an earlier end, and make another one then");
}

// The name says who did it: that of a token belongs to it alone.
Status check_free(const Draft& draft, const CreateAccess& order) {
  if (order.kind != AccessKind::api_token) return {};
  for (const auto& [id, row] : draft.before().accesses) {
    if (row.kind != AccessKind::api_token || row.name != order.name) continue;
    return fail(ErrorCode::refused, "there is already an API token \"" + order.name +
                                        "\"; choose another name, or revoke that one");
  }
  return {};
}

}  // namespace

Result<std::string> create_access(Draft& draft, const std::string& actor,
                                  const CreateAccess& order) {
  if (order.kind == AccessKind::session) {
    return fail(ErrorCode::invalid, "a session is opened by a token or a login link");
  }
  if (auto ok = check_name("name", order.name); !ok) return fail(ok.error());
  if (auto ok = check_times(order, draft.now()); !ok) return fail(ok.error());
  if (auto ok = check_free(draft, order); !ok) return fail(ok.error());
  if (auto ok = make_room(draft); !ok) return fail(ok.error());
  draft.put(Access{.id = draft.next_access(),
                   .kind = order.kind,
                   .name = order.name,
                   .role = order.role,
                   .hash = order.hash,
                   .created_by = actor,
                   .created_at = draft.now(),
                   .expires_at = order.expires_at});
  return std::string();
}

Instant session_ends_at(const Access& key, Instant now) {
  const auto ends_at = now + kSessionLife;
  const bool is_link = key.kind == AccessKind::login_link;  // which is used up
  return is_link ? ends_at : std::min(ends_at, key.expires_at);
}

Result<std::string> open_session(Draft& draft, const std::string& actor, const OpenSession& order) {
  const auto key = draft.get<Access>(order.access);
  const bool is_good = key && key->kind != AccessKind::session && draft.now() < key->expires_at;
  if (!is_good) {
    return fail(ErrorCode::refused, "it is good no more; ask an administrator for another one");
  }
  if (auto ok = make_room(draft); !ok) return fail(ok.error());
  const bool is_link = key->kind == AccessKind::login_link;
  if (is_link) draft.erase(key->id);
  draft.put(Access{.id = draft.next_access(),
                   .kind = AccessKind::session,
                   .name = key->name,
                   .role = key->role,
                   .hash = order.hash,
                   .created_by = actor,
                   .created_at = draft.now(),
                   .expires_at = session_ends_at(*key, draft.now()),
                   .opened_by = is_link ? AccessId{} : key->id});
  return std::string();
}

Result<std::string> revoke_access(Draft& draft, const RevokeAccess& order) {
  if (!draft.get<Access>(order.access)) {
    return there_is_no("API token, login link or session", order.access.value);
  }
  draft.erase(order.access);
  for (const auto& [id, row] : draft.before().accesses) {
    if (row.opened_by == order.access && draft.has_room_for(2)) draft.erase(id);
  }
  return std::string();
}

}  // namespace vaultbell::core
