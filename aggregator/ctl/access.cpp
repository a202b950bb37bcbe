#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/changing.hpp"
#include "aggregator/ctl/listing.hpp"

// Ways in for programs and browsers (R9.3).

namespace vaultbell::ctl {

namespace {

constexpr BodyField kAccessFields[] = {
    {"name", "name"}, {"role", "role"}, {"expires", "expires_in"}, {"for", "expires_in"}};

std::string end_of(const Json& access, const Manner& manner) {
  const auto expires_at = parse_iso(text_at(access, "expires_at")).value_or(manner.now);
  return absolute(expires_at, manner.is_utc);
}

const Json& made_in(const Json& answer) {
  return at(at(answer, "changes").at(0), "after");
}

}  // namespace

Expected<ExitCode> create_api_token(Session& session) {
  auto body = body_of(session.typed(), kAccessFields);
  if (!body) return tl::unexpected<Failure>(body.error());
  (*body)["name"] = session.argument(0);
  return make_secret(
      session, {"POST", path_of({"access", "tokens"}), *body}, [&](const Json& answer) {
        const auto& made = made_in(answer);
        session.remark(fmt::format(
            "API token {} \"{}\" with the role {}, valid until {}; it is shown only now",
            number_at(made, "id"), text_at(made, "name"), text_at(made, "role"),
            end_of(made, session.manner())));
        session.print(text_at(answer, "token") + "\n");
      });
}

Expected<ExitCode> make_login_link(Session& session) {
  const auto body = body_of(session.typed(), kAccessFields);
  if (!body) return tl::unexpected<Failure>(body.error());
  const auto status = session.api().get(path_of({"status"}));
  if (!status) return tl::unexpected<Failure>(status.error());
  const auto url = text_at(*status, "web_url");
  if (url.empty()) {
    return tl::unexpected<Failure>({.exit = ExitCode::refused,
                                    .code = "refused",
                                    .message = "there is no dashboard to sign in to",
                                    .hint = "vaultbell check says why"});
  }
  return make_secret(
      session, {"POST", path_of({"access", "login-links"}), *body}, [&](const Json& answer) {
        const auto& made = made_in(answer);
        session.remark(fmt::format(
            "signs one browser in as \"{}\" with the role {}, once, until {}",
            text_at(made, "name"), text_at(made, "role"), end_of(made, session.manner())));
        // Behind "#": no proxy, log or history of a server sees it.
        session.print(url + "/login#once=" + text_at(answer, "token") + "\n");
      });
}

Expected<ExitCode> list_access(Session& session) {
  return list(session,
              {.path = path_of({"access"}),
               .columns = {{"id", "id", Kind::number},
                           {"kind", "kind", Kind::word},
                           {"name", "name"},
                           {"role", "role", Kind::word},
                           {"expires_at", "expires_at", Kind::time},
                           {"created_by", "created_by"},
                           {"created_at", "created_at", Kind::time, true},
                           {"opened_by", "opened_by", Kind::number, true}},
               .none = "nobody comes in over TCP; let somebody: vaultbell login-link, or vaultbell "
                       "token create NAME"});
}

Expected<ExitCode> revoke_access(Session& session) {
  return change_each(session, "token", [](const std::string& id) {
    return Change{"DELETE", path_of({"access", id}), {}};
  });
}

}  // namespace vaultbell::ctl
