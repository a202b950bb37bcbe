#include "aggregator/api/gate.hpp"

#include <fmt/format.h>

#include "aggregator/api/secrets.hpp"
#include "shared/base/host_name.hpp"
#include "shared/base/tcp_address.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::api {

namespace {

constexpr std::string_view kBearer = "Bearer ";

Problem unauthorized(std::string message, std::string hint) {
  return {.status = 401,
          .code = "unauthorized",
          .message = std::move(message),
          .hint = std::move(hint)};
}

Problem forbidden(std::string message, std::string hint = {}) {
  return {
      .status = 403, .code = "forbidden", .message = std::move(message), .hint = std::move(hint)};
}

// The value of the session's cookie among all cookies: "a=b; vaultbell_session=vbs_...".
std::string_view session_in(std::string_view cookies) {
  while (!cookies.empty()) {
    const auto end = cookies.find(';');
    auto cookie = trimmed(cookies.substr(0, end));
    const bool is_ours =
        cookie.starts_with(kSessionCookie) && cookie.substr(kSessionCookie.size()).starts_with('=');
    if (is_ours) return cookie.substr(kSessionCookie.size() + 1);
    cookies = end == cookies.npos ? std::string_view() : cookies.substr(end + 1);
  }
  return {};
}

bool is_reading(const HttpRequest& request) {
  return request.method == "GET" || request.method == "HEAD";
}

// "https://vaultbell.example.org:8480/x" -> "vaultbell.example.org:8480"
std::string_view authority_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == url.npos) return {};
  url.remove_prefix(scheme + 3);
  return url.substr(0, url.find('/'));
}

// A page of ours is meant to have sent this; a browser says which page it was.
std::optional<Problem> objection_to_origin(const HttpRequest& request, const Facts& facts) {
  if (is_reading(request) || request.origin.empty()) return std::nullopt;
  const auto from = authority_of(request.origin);
  const bool is_ours =
      !from.empty() && (from == request.host || from == authority_of(facts.web.url));
  if (is_ours) return std::nullopt;
  return forbidden(fmt::format("a page of \"{}\" may change nothing here", request.origin),
                   "set [web] url to the address at which browsers see this aggregator");
}

// Whether a name is made of digits alone, in either version of IP.
bool is_in_digits(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) return true;
  return parse_tcp_address(fmt::format("{}:0", host)).has_value();
}

using Maybe = tl::expected<std::optional<Visitor>, Problem>;

Maybe by_token(const HttpRequest& request, const storage::Snapshot& snapshot, Instant now) {
  const auto secret = std::string_view(request.authorization).substr(kBearer.size());
  const auto access = access_of(secret, snapshot, now);
  if (!access) return tl::unexpected(problem_of(access.error()));
  const bool is_good = *access && (*access)->kind == core::AccessKind::api_token;
  if (!is_good) {
    return tl::unexpected(
        unauthorized("the API token is not known here, was revoked, or has expired",
                     "\"vaultbell token create NAME\" on the aggregator's host makes another"));
  }
  return Visitor{.actor = (*access)->name + " (token)", .role = (*access)->role, .access = *access};
}

Maybe by_session(const HttpRequest& request, std::string_view secret,
                 const storage::Snapshot& snapshot, const Facts& facts, Instant now) {
  if (auto objection = objection_to_origin(request, facts)) return tl::unexpected(*objection);
  const auto access = access_of(secret, snapshot, now);
  if (!access) return tl::unexpected(problem_of(access.error()));
  const bool is_good = *access && (*access)->kind == core::AccessKind::session;
  if (!is_good) return std::nullopt;  // it has ended: as if there were none
  Visitor visitor{.actor = (*access)->name + " (browser)",
                  .role = (*access)->role,
                  .access = *access,
                  .csrf_token = csrf_token_of(secret)};
  const bool is_from_page =
      hash_of_secret(request.csrf_token) == hash_of_secret(visitor.csrf_token);
  if (!is_reading(request) && !is_from_page) {
    return tl::unexpected(forbidden("the page's X-CSRF-Token is missing, or of another session",
                                    "load the page again"));
  }
  return visitor;
}

}  // namespace

Result<std::optional<core::Access>> access_of(std::string_view secret,
                                              const storage::Snapshot& snapshot, Instant now) {
  const auto id = snapshot.access_by_hash(hash_of_secret(secret));
  if (!id) return std::optional<core::Access>();
  auto access = snapshot.get<core::Access>(*id);
  if (access && *access && (*access)->expires_at <= now) return std::optional<core::Access>();
  return access;
}

tl::expected<std::optional<Visitor>, Problem> visitor_of(const HttpRequest& request,
                                                         const storage::Snapshot& snapshot,
                                                         const Facts& facts, Instant now) {
  if (request.door == Door::control) {
    return Visitor{.actor = request.actor, .role = core::Role::admin};
  }
  if (request.authorization.starts_with(kBearer)) return by_token(request, snapshot, now);
  const auto session = session_in(request.cookie);
  if (session.empty()) return std::nullopt;
  return by_session(request, session, snapshot, facts, now);
}

std::optional<Problem> objection_to_host(const HttpRequest& request, const Facts& facts) {
  if (request.door == Door::control) return std::nullopt;
  const auto host = host_without_port(request.host);
  const bool is_ours = is_loopback_host(request.host) || is_in_digits(host) ||
                       host == host_without_port(authority_of(facts.web.url)) ||
                       host == host_name();
  if (is_ours) return std::nullopt;
  return forbidden(fmt::format("\"{}\" is not a name of this aggregator", request.host),
                   "ask for localhost, or set [web] url to the address at which browsers see it");
}

std::string origin_of(const HttpRequest& request) {
  if (request.forwarded_for.empty() || !is_loopback_host(request.peer)) return request.peer;
  const auto& list = request.forwarded_for;
  return std::string(trimmed(std::string_view(list).substr(list.rfind(',') + 1)));
}

}  // namespace vaultbell::api
