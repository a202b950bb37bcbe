#include "aggregator/api/in_json.hpp"
#include "aggregator/api/lists.hpp"
#include "aggregator/api/named.hpp"
#include "aggregator/api/uses.hpp"
#include "aggregator/api/views.hpp"

namespace vaultbell::api {

namespace {

Json group_in_full(const Scene& scene, const core::Group& group, const Uses& uses) {
  auto json = view_of(group, scene.rows);
  json["uses"] = uses.of(group.id).size();
  return json;
}

}  // namespace

Result<Answer> list_groups(const Scene& scene, Asked& asked) {
  const auto uses = Uses::find(scene);
  if (!uses) return fail(uses.error());
  return page_of<core::Group>(
      scene, asked.query, oldest_first(), passes_all<core::Group>,
      [&](const core::Group& group) { return group_in_full(scene, group, *uses); });
}

Result<Answer> show_group(const Scene& scene, Asked& asked) {
  const auto group = group_named(scene, asked.names[0]);
  if (!group) return fail(group.error());
  const auto uses = Uses::find(scene);
  if (!uses) return fail(uses.error());
  return Answer(group_in_full(scene, *group, *uses));
}

Result<Answer> show_group_uses(const Scene& scene, Asked& asked) {
  const auto group = group_named(scene, asked.names[0]);
  if (!group) return fail(group.error());
  const auto uses = Uses::find(scene);
  if (!uses) return fail(uses.error());
  Json list = Json::array();
  for (const auto& use : uses->of(group->id)) list.push_back(view_of(use));
  return Answer(Json{{"uses", std::move(list)}});
}

Result<Answer> create_group(const Scene& scene, Asked& asked) {
  const auto name = asked.body.required_text("name");
  return Answer(OrderAsked{core::CreateGroup{name, contacts_in(scene, asked.body, "members")}, {}});
}

Result<Answer> edit_group(const Scene& scene, Asked& asked) {
  const auto group = group_named(scene, asked.names[0]);
  if (!group) return fail(group.error());
  auto& body = asked.body;
  return Answer(OrderAsked{core::EditGroup{.group = group->id,
                                           .name = body.text("name"),
                                           .add = contacts_in(scene, body, "add"),
                                           .remove = contacts_in(scene, body, "remove")},
                           {}});
}

Result<Answer> delete_group(const Scene& scene, Asked& asked) {
  const auto group = group_named(scene, asked.names[0]);
  if (!group) return fail(group.error());
  return Answer(OrderAsked{core::DeleteGroup{group->id}, {}});
}

}  // namespace vaultbell::api
