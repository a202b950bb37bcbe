#include "aggregator/api/secrets.hpp"

#include "shared/crypto/keys.hpp"

namespace vaultbell::api {

namespace {

std::string_view prefix_of(core::AccessKind kind) {
  switch (kind) {
    case core::AccessKind::api_token:
      return "vbt_";
    case core::AccessKind::login_link:
      return "vbl_";
    case core::AccessKind::session:
      return "vbs_";
  }
  return "";
}

template <class Bytes>
std::string in_base64url(const Bytes& bytes) {
  return crypto::to_base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace

std::string make_secret(core::AccessKind kind) {
  return std::string(prefix_of(kind)) + in_base64url(crypto::random_secret());
}

core::TokenHash hash_of_secret(std::string_view secret) {
  return crypto::hash(secret);
}

std::string csrf_token_of(std::string_view session_secret) {
  return in_base64url(crypto::hash("csrf " + std::string(session_secret)));
}

}  // namespace vaultbell::api
