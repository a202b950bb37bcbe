#include <fmt/format.h>

#include "aggregator/api/answers.hpp"
#include "aggregator/api/in_json.hpp"

// Sessions of browsers (R9.3).

namespace vaultbell::api {

Json session_of(const Visitor& visitor) {
  const auto expires_at =
      visitor.access ? std::optional(visitor.access->expires_at) : std::optional<Instant>();
  return {{"name", visitor.access ? visitor.access->name : visitor.actor},
          {"role", in_json(visitor.role)},
          {"csrf", text_or_null(visitor.csrf_token)},
          {"expires_at", in_json(expires_at)}};
}

Result<Answer> show_session(const Scene&, Asked& asked) {
  return Answer(session_of(*asked.visitor));
}

Result<Answer> open_session(const Scene&, Asked& asked) {
  return Answer(SignInAsked{asked.body.required_text("secret")});
}

Result<Answer> close_session(const Scene&, Asked& asked) {
  const auto& access = asked.visitor->access;
  if (!access || access->kind != core::AccessKind::session) {
    return fail(ErrorCode::refused, "there is no session to end: you did not come with one");
  }
  return Answer(SignOutAsked{access->id});
}

}  // namespace vaultbell::api
