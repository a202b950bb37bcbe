// Schema: what may stand in a file of declared objects, as a JSON Schema, for editors that complete
// and check while somebody types.
#pragma once

#include <string>

namespace vaultbell::declared {

std::string json_schema();

}  // namespace vaultbell::declared
