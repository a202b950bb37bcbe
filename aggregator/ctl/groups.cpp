#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/changing.hpp"
#include "aggregator/ctl/listing.hpp"
#include "aggregator/ctl/showing.hpp"

namespace vaultbell::ctl {

namespace {

// PATCH with the contacts behind the group's name as `field`.
Expected<ExitCode> move_members(Session& session, const std::string& field) {
  const auto& arguments = session.typed().arguments;
  const std::vector<std::string> contacts(arguments.begin() + 1, arguments.end());
  return change(session, {"PATCH", path_of({"groups", session.argument(0)}), {{field, contacts}}});
}

}  // namespace

Expected<ExitCode> list_groups(Session& session) {
  const auto rank = [](const Json& group) -> std::size_t {
    return number_at(group, "member_count") == 0 ? 0 : 1;
  };
  return list(session, {.path = path_of({"groups"}),
                        .columns = {{"name", "name"},
                                    {"count", "member_count", Kind::number},
                                    {"members", "members"},
                                    {"uses", "uses", Kind::number},
                                    {"managed_by", "managed_by", Kind::text, true},
                                    {"created_at", "created_at", Kind::time, true}},
                        .none = "no group; make the first one: vaultbell group create NAME "
                                "--member CONTACT",
                        .rank = rank,
                        .then_by = "name"});
}

Expected<ExitCode> show_group(Session& session) {
  return show(session, path_of({"groups", session.argument(0)}),
              {{"name", "name"},
               {"members", "members"},
               {"uses", "uses"},
               {"managed_by", "managed_by"},
               {"created_at", "created_at", Kind::time}});
}

Expected<ExitCode> create_group(Session& session) {
  constexpr BodyField kFields[] = {{"member", "members", As::texts}};
  auto body = body_of(session.typed(), kFields);
  if (!body) return tl::unexpected<Failure>(body.error());
  (*body)["name"] = session.argument(0);
  return change(session, {"POST", path_of({"groups"}), *body});
}

Expected<ExitCode> edit_group(Session& session) {
  constexpr BodyField kFields[] = {{"name", "name"}};
  return edit(session, path_of({"groups", session.argument(0)}), kFields);
}

Expected<ExitCode> add_members(Session& session) {
  return move_members(session, "add");
}

Expected<ExitCode> remove_members(Session& session) {
  return move_members(session, "remove");
}

Expected<ExitCode> delete_group(Session& session) {
  return change(session, {"DELETE", path_of({"groups", session.argument(0)}), Json::object()});
}

Expected<ExitCode> show_group_uses(Session& session) {
  return show_uses(session, "groups",
                   "the group is used nowhere; a policy can name it: vaultbell policy set");
}

}  // namespace vaultbell::ctl
