// The things that a list of names in a request names.
#pragma once

#include <vector>

#include "aggregator/api/fields.hpp"
#include "aggregator/api/scene.hpp"

namespace vaultbell::api {

// Empty: the field is not given. A name that there is not is a mistake of the request.
std::vector<ContactId> contacts_in(const Scene& scene, Fields& fields, std::string_view field);
std::vector<GroupId> groups_in(const Scene& scene, Fields& fields, std::string_view field);

}  // namespace vaultbell::api
