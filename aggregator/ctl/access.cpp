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

// The secret alone on standard output, so that it can be piped; what it is good for beside it.
Expected<ExitCode> make(Session& session, const std::string& path, const Json& body,
                        const std::function<std::string(const Json& access)>& remark,
                        const std::function<std::string(const std::string& secret)>& shown) {
  const auto answer = session.api().change("POST", path, body, session.is_dry_run());
  if (!answer) return tl::unexpected<Failure>(answer.error());
  if (session.manner().is_json()) {
    session.print_json(*answer);
  } else if (session.is_dry_run()) {
    print_changes(session, *answer);
  } else {
    session.remark(remark(at(at(*answer, "changes").at(0), "after")));
    session.print(shown(text_at(*answer, "token")) + "\n");
  }
  return exit_of(session, *answer);
}

}  // namespace

Expected<ExitCode> create_api_token(Session& session) {
  auto body = body_of(session.typed(), kAccessFields);
  if (!body) return tl::unexpected<Failure>(body.error());
  (*body)["name"] = session.argument(0);
  const auto remark = [&](const Json& access) {
    return fmt::format("API token {} \"{}\" with the role {}, valid until {}; it is shown only now",
                       number_at(access, "id"), text_at(access, "name"), text_at(access, "role"),
                       end_of(access, session.manner()));
  };
  return make(session, path_of({"access", "tokens"}), *body, remark,
              [](const std::string& secret) { return secret; });
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
  const auto remark = [&](const Json& access) {
    return fmt::format("signs one browser in as \"{}\" with the role {}, once, until {}",
                       text_at(access, "name"), text_at(access, "role"),
                       end_of(access, session.manner()));
  };
  // Behind "#": no proxy, log or history of a server sees it.
  return make(session, path_of({"access", "login-links"}), *body, remark,
              [&](const std::string& secret) { return url + "/login#once=" + secret; });
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
