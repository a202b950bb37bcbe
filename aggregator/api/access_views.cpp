#include "aggregator/api/in_json.hpp"
#include "aggregator/api/views.hpp"

namespace vaultbell::api {

Json view_of(const core::Access& access) {
  return {{"id", access.id.value},
          {"kind", in_json(access.kind)},
          {"name", access.name},
          {"role", in_json(access.role)},
          {"created_by", access.created_by},
          {"created_at", in_json(access.created_at)},
          {"expires_at", in_json(access.expires_at)},
          {"opened_by", in_json(access.opened_by)}};
}

}  // namespace vaultbell::api
