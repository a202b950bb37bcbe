#include "aggregator/api/named.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace vaultbell::api {

namespace {

// Ordered, each once.
template <class R>
std::vector<typename R::Key> named_in(const Scene& scene, Fields& fields, std::string_view field,
                                      Result<R> (*find)(const Scene&, std::string_view)) {
  std::vector<typename R::Key> ids;
  for (const auto& name : fields.texts(field).value_or(Fields::Texts())) {
    const auto row = find(scene, name);
    if (row) {
      ids.push_back(row->id);
    } else {
      const auto& error = row.error();
      fields.complain({error.code, fmt::format("{}: {}", field, error.message)});
    }
  }
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

}  // namespace

std::vector<ContactId> contacts_in(const Scene& scene, Fields& fields, std::string_view field) {
  return named_in<core::Contact>(scene, fields, field, contact_named);
}

std::vector<GroupId> groups_in(const Scene& scene, Fields& fields, std::string_view field) {
  return named_in<core::Group>(scene, fields, field, group_named);
}

}  // namespace vaultbell::api
