// Base64 (RFC 4648, section 4), as mail headers and logins want it.
#pragma once

#include <string>
#include <string_view>

namespace vaultbell::notify {

std::string base64(std::string_view bytes);

}  // namespace vaultbell::notify
