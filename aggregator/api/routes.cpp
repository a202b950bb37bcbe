#include "aggregator/api/routes.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace vaultbell::api {

namespace {

constexpr auto kRoutes = std::to_array<Route>({
    {"GET", "/api/v1/status", status},
    {"GET", "/api/v1/check", check_silence},
    {"GET", "/api/v1/system", show_system},
    {"GET", "/api/v1/search", search_names},
    {"GET", "/api/v1/vaults", list_vaults},
    {"POST", "/api/v1/vaults", create_vault},
    {"GET", "/api/v1/vaults/{name}", show_vault},
    {"PATCH", "/api/v1/vaults/{name}", edit_vault},
    {"DELETE", "/api/v1/vaults/{name}", delete_vault},
    {"POST", "/api/v1/vaults/{name}/rename", rename_vault},
    {"GET", "/api/v1/vaults/{name}/policy", show_vault_policy},
    {"PUT", "/api/v1/vaults/{name}/policy", set_vault_policy},
    {"GET", "/api/v1/clients", list_clients},
    {"GET", "/api/v1/clients/{name}", show_client},
    {"GET", "/api/v1/clients/{name}/timeline", show_timeline},
    {"GET", "/api/v1/clients/{name}/gaps", show_gaps},
    {"PATCH", "/api/v1/clients/{name}", edit_client},
    {"POST", "/api/v1/clients/{name}/retire", retire_client},
    {"POST", "/api/v1/clients/{name}/move", move_client},
    {"POST", "/api/v1/clients/{name}/rename", rename_client},
    {"GET", "/api/v1/clients/{name}/policy", show_client_policy},
    {"PUT", "/api/v1/clients/{name}/policy", set_client_policy},
    {"POST", "/api/v1/clients/{client}/jobs", create_job},
    {"GET", "/api/v1/clients/{client}/jobs/{job}", show_job},
    {"DELETE", "/api/v1/clients/{client}/jobs/{job}", forget_job},
    {"PUT", "/api/v1/clients/{client}/jobs/{job}/settings", set_job},
    {"GET", "/api/v1/jobs", list_jobs},
    {"GET", "/api/v1/runs", list_runs},
    {"GET", "/api/v1/runs/{id}", show_run},
    {"GET", "/api/v1/alerts", list_alerts},
    {"POST", "/api/v1/alerts/test", raise_test},
    {"GET", "/api/v1/alerts/{id}", show_alert},
    {"POST", "/api/v1/alerts/{id}/acknowledge", acknowledge_alert},
    {"POST", "/api/v1/alerts/{id}/inactivate", inactivate_alert},
    {"POST", "/api/v1/alerts/{id}/reactivate", reactivate_alert},
    {"POST", "/api/v1/alerts/{id}/comment", comment_alert},
    {"POST", "/api/v1/alerts/{id}/notify-now", notify_alert_now},
    {"GET", "/api/v1/deliveries", list_deliveries},
    {"GET", "/api/v1/deliveries/{id}", show_delivery},
    {"GET", "/api/v1/deliveries/{id}/message", show_message},
    {"POST", "/api/v1/deliveries/{id}/retry", retry_delivery},
    {"POST", "/api/v1/deliveries/{id}/cancel", cancel_delivery},
    {"GET", "/api/v1/digests", list_digests},
    {"POST", "/api/v1/digests/send", send_digests},
    {"GET", "/api/v1/channels", list_channels},
    {"GET", "/api/v1/contacts", list_contacts},
    {"POST", "/api/v1/contacts", create_contact},
    {"GET", "/api/v1/contacts/{name}", show_contact},
    {"PATCH", "/api/v1/contacts/{name}", edit_contact},
    {"DELETE", "/api/v1/contacts/{name}", delete_contact},
    {"GET", "/api/v1/contacts/{name}/uses", show_contact_uses},
    {"GET", "/api/v1/contacts/{name}/webhook-secret", show_webhook_secret},
    {"POST", "/api/v1/contacts/{name}/verify", verify_contact},
    {"POST", "/api/v1/contacts/{name}/confirm", confirm_contact},
    {"POST", "/api/v1/contacts/{name}/test", test_contact},
    {"GET", "/api/v1/groups", list_groups},
    {"POST", "/api/v1/groups", create_group},
    {"GET", "/api/v1/groups/{name}", show_group},
    {"PATCH", "/api/v1/groups/{name}", edit_group},
    {"DELETE", "/api/v1/groups/{name}", delete_group},
    {"GET", "/api/v1/groups/{name}/uses", show_group_uses},
    {"GET", "/api/v1/policies", list_policies},
    {"GET", "/api/v1/maintenances", list_maintenances},
    {"POST", "/api/v1/maintenances", start_maintenance},
    {"POST", "/api/v1/maintenances/{id}/extend", extend_maintenance},
    {"POST", "/api/v1/maintenances/{id}/end", end_maintenance},
    {"GET", "/api/v1/enrolment/tokens", list_tokens},
    {"POST", "/api/v1/enrolment/tokens", create_token},
    {"DELETE", "/api/v1/enrolment/tokens/{id}", revoke_token},
    {"GET", "/api/v1/enrolment/requests", list_requests},
    {"POST", "/api/v1/enrolment/requests/{id}/approve", approve_request},
    {"POST", "/api/v1/enrolment/requests/{id}/reject", reject_request},
    {"GET", "/api/v1/config", show_config},
    {"GET", "/api/v1/config/diff", diff_config},
    {"POST", "/api/v1/config/apply", apply_config},
    {"GET", "/api/v1/config/export", export_config},
    {"GET", "/api/v1/nights", list_nights},
    {"GET", "/api/v1/events", follow_events},
    {"GET", "/api/v1/access", list_access},
    {"POST", "/api/v1/access/tokens", create_api_token},
    {"POST", "/api/v1/access/login-links", create_login_link},
    {"DELETE", "/api/v1/access/{id}", revoke_access},
    {"GET", "/api/v1/session", show_session},
    {"POST", "/api/v1/session", open_session},
    {"DELETE", "/api/v1/session", close_session},
    {"GET", "/api/v1/audit", list_audit},
    {"GET", "/api/v1/explain/client/{name}", explain_client},
    {"POST", "/api/v1/explain/policy", explain_policy},
    {"GET", "/api/v1/explain/alert/{id}", explain_alert},
    {"GET", "/api/v1/explain/run/{id}", explain_run},
});

struct MethodAndPath {
  std::string_view method;
  std::string_view path;

  bool operator==(const MethodAndPath&) const = default;
};

constexpr auto kForAnybody = std::to_array<MethodAndPath>({
    {"POST", "/api/v1/session"},
});

constexpr auto kReadingByPost = std::to_array<MethodAndPath>({
    {"POST", "/api/v1/explain/policy"},
});

// What viewers may do besides reading: nothing is changed by it but their own session.
constexpr auto kForViewers = std::to_array<MethodAndPath>({
    {"DELETE", "/api/v1/session"},
});

// What shows secrets: keys, and the whole addresses of webhooks.
constexpr auto kForAdmins = std::to_array<MethodAndPath>({
    {"GET", "/api/v1/config/export"},
    {"GET", "/api/v1/contacts/{name}/webhook-secret"},
});

// To acknowledge, inactivate, silence, and to see to it that messages go out.
constexpr auto kForOperators = std::to_array<MethodAndPath>({
    {"POST", "/api/v1/alerts/test"},
    {"POST", "/api/v1/alerts/{id}/acknowledge"},
    {"POST", "/api/v1/alerts/{id}/inactivate"},
    {"POST", "/api/v1/alerts/{id}/reactivate"},
    {"POST", "/api/v1/alerts/{id}/comment"},
    {"POST", "/api/v1/alerts/{id}/notify-now"},
    {"POST", "/api/v1/deliveries/{id}/retry"},
    {"POST", "/api/v1/deliveries/{id}/cancel"},
    {"POST", "/api/v1/digests/send"},
    {"POST", "/api/v1/maintenances"},
    {"POST", "/api/v1/maintenances/{id}/extend"},
    {"POST", "/api/v1/maintenances/{id}/end"},
});

template <std::size_t Size>
bool is_among(const std::array<MethodAndPath, Size>& list, const Route& route) {
  return std::ranges::find(list, MethodAndPath{route.method, route.path}) != list.end();
}

// The next segment of a route's path, without its "/".
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

// What stands in the places of `pattern`, if the path has its form.
std::optional<std::vector<std::string>> names_in(const std::vector<std::string>& path,
                                                 std::string_view pattern) {
  std::vector<std::string> names;
  for (const auto& segment : path) {
    if (pattern.empty()) return std::nullopt;
    const auto expected = take_segment(pattern);
    const bool is_place = expected.starts_with('{');
    if (is_place && segment.empty()) return std::nullopt;
    if (!is_place && segment != expected) return std::nullopt;
    if (is_place) names.push_back(segment);
  }
  if (!pattern.empty()) return std::nullopt;
  return names;
}

}  // namespace

std::span<const Route> routes() {
  return kRoutes;
}

bool is_changing(const Route& route) {
  return route.method != "GET" && !is_among(kReadingByPost, route);
}

std::optional<core::Role> needed_role(const Route& route) {
  if (is_among(kForAnybody, route)) return std::nullopt;
  if (is_among(kForAdmins, route)) return core::Role::admin;
  if (!is_changing(route) || is_among(kForViewers, route)) return core::Role::viewer;
  if (is_among(kForOperators, route)) return core::Role::operating;
  return core::Role::admin;
}

std::variant<Matched, WrongMethod, NoSuchPath> match(std::string_view method,
                                                     const std::vector<std::string>& path) {
  std::string allowed;
  for (const auto& route : kRoutes) {
    auto names = names_in(path, route.path);
    if (!names) continue;
    if (route.method == method) return Matched{&route, std::move(*names)};
    allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
  }
  if (allowed.empty()) return NoSuchPath{};
  return WrongMethod{allowed};
}

}  // namespace vaultbell::api
