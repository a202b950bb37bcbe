#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/changing.hpp"
#include "aggregator/ctl/listing.hpp"
#include "shared/base/nearest.hpp"

namespace vaultbell::ctl {

namespace {

constexpr std::size_t kRequestsMax = 10'000;  // far above what the aggregator keeps

Expected<Json> token_wanted(const Session& session) {
  const auto& typed = session.typed();
  if (typed.has("vault") == typed.has("for-client")) {
    return wrong_usage(
        "either --vault or --for-client is needed: a new host is let into a vault, one that has "
        "lost its key is the client that it was",
        "vaultbell vault list and vaultbell client list show them");
  }
  if (typed.has("needs-approval") && typed.has("auto-approve")) {
    return wrong_usage("--needs-approval and --auto-approve exclude each other");
  }
  constexpr BodyField kFields[] = {{"vault", "vault"},
                                   {"for-client", "client"},
                                   {"expires", "expires_in"},
                                   {"needs-approval", "needs_approval", As::present},
                                   {"auto-approve", "needs_approval", As::absent},
                                   {"uses", "uses", As::number}};
  return body_of(typed, kFields);
}

// The token alone on standard output, so that it can be piped; how to use it beside it.
void print_token(const Session& session, const Json& answer) {
  const auto token = text_at(answer, "token");
  const auto& made = at(at(answer, "changes").at(0), "after");
  const auto& manner = session.manner();
  const auto client = text_at(made, "client");
  const auto whom =
      client.empty()
          ? fmt::format("vault {}, {} host(s)", text_at(made, "vault"), number_at(made, "uses_max"))
          : fmt::format("client {}, whose old key lets nobody in once it is used", client);
  session.remark(fmt::format(
      "token {} for {}, valid until {}{}", number_at(made, "id"), whom,
      absolute(parse_iso(text_at(made, "expires_at")).value_or(manner.now), manner.is_utc),
      at(made, "needs_approval") == true ? ", each to be approved" : ""));
  session.remark("on the backup host, paste it into: sudo vaultbell-agent enrol");
  session.print(token + "\n");
}

tl::unexpected<Failure> unknown_host(const std::string& wanted, std::string_view field,
                                     const std::vector<Json>& requests) {
  std::vector<std::string> names;
  names.reserve(requests.size());
  for (const auto& request : requests) names.push_back(text_at(request, field));
  const std::vector<std::string_view> words(names.begin(), names.end());
  const auto near = nearest(wanted, words);
  return tl::unexpected<Failure>(
      {.exit = ExitCode::not_found,
       .code = "not_found",
       .message = fmt::format("no host \"{}\" waits to be let in", wanted),
       .hint = near ? fmt::format("did you mean \"{}\"?", *near)
                    : "vaultbell enrol pending shows those that do"});
}

// The name alone does not say which key is meant: none of its requests waits, or several do.
tl::unexpected<Failure> name_is_not_enough(const std::string& name,
                                           const std::vector<Json>& requests) {
  const bool is_waiting = text_at(requests.front(), "state") == "waiting";
  std::vector<std::string> keys;
  for (const auto& request : requests) {
    const auto key = text_at(request, "fingerprint");
    keys.push_back(is_waiting ? key : fmt::format("{} ({})", key, text_at(request, "state")));
  }
  const auto found = fmt::format("{}", fmt::join(keys, ", "));
  return tl::unexpected<Failure>(
      {.exit = ExitCode::refused,
       .code = "refused",
       .message = is_waiting ? fmt::format("{} hosts named \"{}\" wait to be let in: {}",
                                           keys.size(), name, found)
                             : fmt::format("no host \"{}\" waits to be let in: {}", name, found),
       .hint = "name the one that is meant by --fingerprint"});
}

// The host that was named: by its key's fingerprint, whatever became of its request, so that a
// rejection can be taken back; or by its name, where exactly one host of that name waits. Anybody
// with a token may ask in the name of another.
Expected<Json> request_meant(Session& session) {
  const auto& typed = session.typed();
  const bool is_by_key = typed.has("fingerprint");
  if (is_by_key == !typed.arguments.empty()) {
    return wrong_usage("name the host either by its name or by --fingerprint",
                       "vaultbell enrol pending shows both");
  }
  const auto wanted = is_by_key ? typed.value("fingerprint") : session.argument(0);
  const auto* const field = is_by_key ? "fingerprint" : "name";
  const auto requests = session.api().list(path_of({"enrolment", "requests"}), {}, kRequestsMax);
  if (!requests) return tl::unexpected<Failure>(requests.error());
  std::vector<Json> meant;
  std::vector<Json> others;
  for (const auto& request : *requests) {
    if (text_at(request, field) != wanted) continue;
    const bool may_be_meant = is_by_key || text_at(request, "state") == "waiting";
    (may_be_meant ? meant : others).push_back(request);
  }
  if (meant.size() == 1) return std::move(meant.front());
  if (meant.empty() && others.empty()) return unknown_host(wanted, field, *requests);
  return name_is_not_enough(wanted, meant.empty() ? others : meant);
}

Expected<ExitCode> decide(Session& session, const Json& request, std::string_view verb) {
  const auto id = std::to_string(number_at(request, "id"));
  return change(session, {"POST", path_of({"enrolment", "requests", id, verb}), Json::object()});
}

}  // namespace

Expected<ExitCode> list_tokens(Session& session) {
  return list(session, {.path = path_of({"enrolment", "tokens"}),
                        .columns = {{"id", "id", Kind::number},
                                    {"state", "state", Kind::word},
                                    {"vault", "vault"},
                                    {"client", "client", Kind::text, false, {}, 1},
                                    {"uses", "uses", Kind::number},
                                    {"of", "uses_max", Kind::number},
                                    {"needs_approval", "needs_approval"},
                                    {"expires_at", "expires_at", Kind::time},
                                    {"created_by", "created_by"},
                                    {"created_at", "created_at", Kind::time, true},
                                    {"last_client", "last_client", Kind::text, true}},
                        .none = "no token; make one: vaultbell enrol token create --vault VAULT"});
}

Expected<ExitCode> list_requests(Session& session) {
  const auto& typed = session.typed();
  const bool are_all_waiting = !typed.has("all") && !typed.has("state");
  Query query;
  if (are_all_waiting) query.emplace_back("state", "waiting");
  return list(session,
              {.path = path_of({"enrolment", "requests"}),
               .filters = {"state"},
               .columns = {{"state", "state", Kind::word, are_all_waiting},
                           {"name", "name"},
                           {"vault", "vault", Kind::text, false, {}, 1},
                           {"fingerprint", "fingerprint", Kind::key},
                           {"address", "address", Kind::text, false, {}, 2},
                           {"os", "os", Kind::text, false, {}, 4},
                           {"asked_at", "asked_at", Kind::time, false, {}, 3},
                           {"id", "id", Kind::number, true},
                           {"token", "token", Kind::number, true},
                           {"hostname", "hostname", Kind::text, true},
                           {"version", "agent_version", Kind::text, true}},
               .none = are_all_waiting ? "no host waits to be let in" : "no host",
               .none_matches = "no host matches",
               .rank = by_words("state", {"waiting", "name_taken", "rejected"}),
               .then_by = "asked_at"},
              std::move(query));
}

Expected<ExitCode> create_token(Session& session) {
  const auto body = token_wanted(session);
  if (!body) return tl::unexpected<Failure>(body.error());
  return make_secret(session, {"POST", path_of({"enrolment", "tokens"}), *body},
                     [&](const Json& answer) { print_token(session, answer); });
}

Expected<ExitCode> revoke_tokens(Session& session) {
  return change_each(session, "token", [](const std::string& id) {
    return Change{"DELETE", path_of({"enrolment", "tokens", id}), Json::object()};
  });
}

Expected<ExitCode> approve_request(Session& session) {
  const auto request = request_meant(session);
  if (!request) return tl::unexpected<Failure>(request.error());
  // Whoever gives the fingerprint has compared it; whoever gives the name must look at it first.
  if (!session.typed().has("fingerprint") && !session.is_dry_run()) {
    const auto is_meant = session.confirm(
        fmt::format("{}  {}  {}  {}  Does the host show the same fingerprint? Approve it?",
                    text_at(*request, "name"), text_at(*request, "fingerprint"),
                    text_at(*request, "address"), text_at(*request, "os")));
    if (!is_meant) return tl::unexpected<Failure>(is_meant.error());
    if (!*is_meant) {
      return tl::unexpected<Failure>({.code = "failed", .message = "nothing was approved"});
    }
  }
  return decide(session, *request, "approve");
}

Expected<ExitCode> reject_request(Session& session) {
  const auto request = request_meant(session);
  if (!request) return tl::unexpected<Failure>(request.error());
  return decide(session, *request, "reject");
}

}  // namespace vaultbell::ctl
