// Secrets that let somebody in over TCP (R9.3): 256 random bits, with a word in front that says
// what they are, so that whoever finds one knows. They are shown once; only their hash is kept.
#pragma once

#include <string>
#include <string_view>

#include "aggregator/core/rows.hpp"

namespace vaultbell::api {

// "vbt_..." (an API token), "vbl_..." (a login link), "vbs_..." (a session).
std::string make_secret(core::AccessKind kind);

core::TokenHash hash_of_secret(std::string_view secret);

// What the page of a session sends along when it changes something: another site's page, which a
// browser may send the cookie for, cannot know it. It follows from the session's secret.
std::string csrf_token_of(std::string_view session_secret);

}  // namespace vaultbell::api
