#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/changing.hpp"
#include "aggregator/ctl/listing.hpp"
#include "aggregator/ctl/showing.hpp"

namespace vaultbell::ctl {

namespace {

constexpr BodyField kVaultSettings[] = {
    {"policy", "policy"},
    {"heartbeat-every", "heartbeat_every", As::text, kInherit},
    {"disconnect-after", "disconnect_after", As::text, kInherit},
    {"offline-grace", "offline_grace", As::text, kInherit},
    {"warnings-as", "warning_counts_as", As::text, "none"}};

}  // namespace

Expected<ExitCode> list_vaults(Session& session) {
  return list(session,
              {.path = path_of({"vaults"}),
               .columns = {{"name", "name"},
                           {"policy", "policy"},
                           {"online", "clients.online", Kind::number},
                           {"disconnected", "clients.disconnected", Kind::number},
                           {"offline", "clients.offline", Kind::number},
                           {"invited", "clients.invited", Kind::number},
                           {"heartbeat_every", "timing.heartbeat_every", Kind::duration, true},
                           {"disconnect_after", "timing.disconnect_after", Kind::duration, true},
                           {"offline_grace", "timing.offline_grace", Kind::duration, true},
                           {"created_at", "created_at", Kind::time, true}},
               .none = "no vault; make the first one: vaultbell vault create NAME",
               .rank = by_words("name", {}),
               .then_by = "name"});
}

Expected<ExitCode> show_vault(Session& session) {
  return show(session, path_of({"vaults", session.argument(0)}),
              {{"name", "name"},
               {"policy", "policy"},
               {"online", "clients.online"},
               {"disconnected", "clients.disconnected"},
               {"offline", "clients.offline"},
               {"invited", "clients.invited"},
               {"heartbeat_every", "timing.heartbeat_every"},
               {"disconnect_after", "timing.disconnect_after"},
               {"offline_grace", "timing.offline_grace"},
               {"warnings_as", "warning_counts_as"},
               {"managed_by", "managed_by"},
               {"created_at", "created_at", Kind::time}});
}

Expected<ExitCode> create_vault(Session& session) {
  auto body = body_of(session.typed(), kVaultSettings);
  if (!body) return tl::unexpected<Failure>(body.error());
  (*body)["name"] = session.argument(0);
  return change(session, {"POST", path_of({"vaults"}), *body});
}

Expected<ExitCode> edit_vault(Session& session) {
  return edit(session, path_of({"vaults", session.argument(0)}), kVaultSettings);
}

Expected<ExitCode> rename_vault(Session& session) {
  return change(session, {"POST",
                          path_of({"vaults", session.argument(0), "rename"}),
                          {{"name", session.argument(1)}}});
}

Expected<ExitCode> delete_vault(Session& session) {
  return change(session, {"DELETE", path_of({"vaults", session.argument(0)}), Json::object()});
}

}  // namespace vaultbell::ctl
