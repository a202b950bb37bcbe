#include "shared/crypto/join_token.hpp"

#include "shared/pack/fields.hpp"

namespace vaultbell::crypto {

template <class Visitor>
void visit_fields(Visitor& visit, JoinToken& token) {
  visit(1, token.enrolment_endpoint);
  visit(2, token.server_key.bytes);
  visit(3, token.secret);
  visit(4, token.vault);
  visit(5, token.expires_at);
}

namespace {

constexpr std::string_view kPrefix = "vb1.";
constexpr std::size_t kCheckBytes = 6;  // 48 bits: an accident passes once in 2.8e14

std::string check_of(std::string_view body) {
  const auto digest = hash(body);
  return to_base64url({reinterpret_cast<const char*>(digest.data()), kCheckBytes});
}

std::string body_of(const JoinToken& token) {
  return std::string(kPrefix) + to_base64url(pack::encode(token));
}

}  // namespace

std::string to_text(const JoinToken& token) {
  const auto body = body_of(token);
  return body + "." + check_of(body);
}

Result<JoinToken> parse_join_token(std::string_view text) {
  if (text.substr(0, kPrefix.size()) != kPrefix) {
    return fail(ErrorCode::invalid, "this is not a join token: it does not begin with \"vb1.\"");
  }
  const auto damaged = [] {
    return fail(ErrorCode::invalid,
                "the join token is damaged: copy it whole, it is one line without spaces");
  };
  const auto dot = text.rfind('.');
  if (text.size() > kTokenTextMax || dot < kPrefix.size()) return damaged();
  if (check_of(text.substr(0, dot)) != text.substr(dot + 1)) return damaged();
  const auto bytes = from_base64url(text.substr(kPrefix.size(), dot - kPrefix.size()));
  if (!bytes) return damaged();
  auto token = pack::decode<JoinToken>(*bytes);
  if (!token) return damaged();
  return token;
}

Hash hash_of(const JoinToken& token) {
  return hash(body_of(token));
}

}  // namespace vaultbell::crypto
