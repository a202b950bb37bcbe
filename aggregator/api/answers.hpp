// The answers, one function a route: routes.cpp says which. Each reads the scene and what was
// asked; the changing ones return an order for the core instead.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "aggregator/api/fields.hpp"
#include "aggregator/api/gate.hpp"
#include "aggregator/api/json.hpp"
#include "aggregator/api/scene.hpp"
#include "aggregator/core/command.hpp"
#include "aggregator/declared/plan.hpp"

namespace vaultbell::api {

struct Asked {
  std::vector<std::string> names;  // what stood in the path's {places}, in their order
  Fields query;
  Fields body;
  std::optional<Visitor> visitor;  // who asks; absent only where a route needs nobody
};

// An order that the core is to decide; the reply's changes are the answer.
struct OrderAsked {
  decltype(core::Order::what) what;
  std::string secret;  // shown once, with the answer, if the order was really carried out
};

// The declared objects are to be read again and applied; the outcome is the answer.
struct ApplyAsked {
  declared::Options options;
};

// A browser comes with a secret, or is to be forgotten.
struct SignInAsked {
  std::string secret;
};
struct SignOutAsked {
  AccessId session;
};

// Somebody wants to hear what changes from now on.
struct EventsAsked {};

using Answer = std::variant<Json, OrderAsked, ApplyAsked, SignInAsked, SignOutAsked, EventsAsked>;

// ---- vaults.cpp
Result<Answer> list_vaults(const Scene& scene, Asked& asked);
Result<Answer> show_vault(const Scene& scene, Asked& asked);
Result<Answer> create_vault(const Scene& scene, Asked& asked);
Result<Answer> edit_vault(const Scene& scene, Asked& asked);
Result<Answer> rename_vault(const Scene& scene, Asked& asked);
Result<Answer> delete_vault(const Scene& scene, Asked& asked);

// ---- client_list.cpp, clients.cpp
Result<Answer> list_clients(const Scene& scene, Asked& asked);
Result<Answer> show_client(const Scene& scene, Asked& asked);
Result<Answer> edit_client(const Scene& scene, Asked& asked);
Result<Answer> retire_client(const Scene& scene, Asked& asked);
Result<Answer> move_client(const Scene& scene, Asked& asked);
Result<Answer> rename_client(const Scene& scene, Asked& asked);

// ---- timeline.cpp
Result<Answer> show_timeline(const Scene& scene, Asked& asked);
Result<Answer> show_gaps(const Scene& scene, Asked& asked);

// ---- jobs.cpp
Result<Answer> list_jobs(const Scene& scene, Asked& asked);
Result<Answer> show_job(const Scene& scene, Asked& asked);
Result<Answer> create_job(const Scene& scene, Asked& asked);
Result<Answer> set_job(const Scene& scene, Asked& asked);
Result<Answer> forget_job(const Scene& scene, Asked& asked);

// ---- runs.cpp
Result<Answer> list_runs(const Scene& scene, Asked& asked);
Result<Answer> show_run(const Scene& scene, Asked& asked);

// ---- alerts.cpp, alert_orders.cpp
Result<Answer> list_alerts(const Scene& scene, Asked& asked);
Result<Answer> show_alert(const Scene& scene, Asked& asked);
Result<Answer> acknowledge_alert(const Scene& scene, Asked& asked);
Result<Answer> inactivate_alert(const Scene& scene, Asked& asked);
Result<Answer> reactivate_alert(const Scene& scene, Asked& asked);
Result<Answer> comment_alert(const Scene& scene, Asked& asked);
Result<Answer> notify_alert_now(const Scene& scene, Asked& asked);
Result<Answer> raise_test(const Scene& scene, Asked& asked);

// ---- deliveries.cpp
Result<Answer> list_deliveries(const Scene& scene, Asked& asked);
Result<Answer> show_delivery(const Scene& scene, Asked& asked);
Result<Answer> show_message(const Scene& scene, Asked& asked);
Result<Answer> retry_delivery(const Scene& scene, Asked& asked);
Result<Answer> cancel_delivery(const Scene& scene, Asked& asked);

// ---- digests.cpp, channels.cpp
Result<Answer> list_digests(const Scene& scene, Asked& asked);
Result<Answer> send_digests(const Scene& scene, Asked& asked);
Result<Answer> list_channels(const Scene& scene, Asked& asked);

// ---- contacts.cpp
Result<Answer> list_contacts(const Scene& scene, Asked& asked);
Result<Answer> show_contact(const Scene& scene, Asked& asked);
Result<Answer> show_contact_uses(const Scene& scene, Asked& asked);
Result<Answer> show_webhook_secret(const Scene& scene, Asked& asked);
Result<Answer> create_contact(const Scene& scene, Asked& asked);
Result<Answer> edit_contact(const Scene& scene, Asked& asked);
Result<Answer> delete_contact(const Scene& scene, Asked& asked);
Result<Answer> verify_contact(const Scene& scene, Asked& asked);
Result<Answer> confirm_contact(const Scene& scene, Asked& asked);
Result<Answer> test_contact(const Scene& scene, Asked& asked);

// ---- groups.cpp
Result<Answer> list_groups(const Scene& scene, Asked& asked);
Result<Answer> show_group(const Scene& scene, Asked& asked);
Result<Answer> show_group_uses(const Scene& scene, Asked& asked);
Result<Answer> create_group(const Scene& scene, Asked& asked);
Result<Answer> edit_group(const Scene& scene, Asked& asked);
Result<Answer> delete_group(const Scene& scene, Asked& asked);

// ---- policies.cpp
Result<Answer> list_policies(const Scene& scene, Asked& asked);
Result<Answer> show_vault_policy(const Scene& scene, Asked& asked);
Result<Answer> show_client_policy(const Scene& scene, Asked& asked);
Result<Answer> set_vault_policy(const Scene& scene, Asked& asked);
Result<Answer> set_client_policy(const Scene& scene, Asked& asked);

// ---- maintenances.cpp
Result<Answer> list_maintenances(const Scene& scene, Asked& asked);
Result<Answer> start_maintenance(const Scene& scene, Asked& asked);
Result<Answer> extend_maintenance(const Scene& scene, Asked& asked);
Result<Answer> end_maintenance(const Scene& scene, Asked& asked);

// ---- enrolment.cpp
Result<Answer> list_tokens(const Scene& scene, Asked& asked);
Result<Answer> create_token(const Scene& scene, Asked& asked);
Result<Answer> revoke_token(const Scene& scene, Asked& asked);
Result<Answer> list_requests(const Scene& scene, Asked& asked);
Result<Answer> approve_request(const Scene& scene, Asked& asked);
Result<Answer> reject_request(const Scene& scene, Asked& asked);

// ---- access.cpp, sessions.cpp: ways in over TCP (R9.3)
Result<Answer> list_access(const Scene& scene, Asked& asked);
Result<Answer> create_api_token(const Scene& scene, Asked& asked);
Result<Answer> create_login_link(const Scene& scene, Asked& asked);
Result<Answer> revoke_access(const Scene& scene, Asked& asked);
Result<Answer> show_session(const Scene& scene, Asked& asked);
Result<Answer> open_session(const Scene& scene, Asked& asked);
Result<Answer> close_session(const Scene& scene, Asked& asked);
Json session_of(const Visitor& visitor);

// ---- nights.cpp, status.cpp
Result<Answer> follow_events(const Scene& scene, Asked& asked);
Result<Answer> list_nights(const Scene& scene, Asked& asked);

// ---- config.cpp: declared objects
Result<Answer> show_config(const Scene& scene, Asked& asked);
Result<Answer> diff_config(const Scene& scene, Asked& asked);
Result<Answer> apply_config(const Scene& scene, Asked& asked);
Result<Answer> export_config(const Scene& scene, Asked& asked);

// ---- audit.cpp
Result<Answer> list_audit(const Scene& scene, Asked& asked);

// ---- search.cpp
Result<Answer> search_names(const Scene& scene, Asked& asked);

// ---- status.cpp, system.cpp, check.cpp
Result<Answer> status(const Scene& scene, Asked& asked);
Result<Answer> show_system(const Scene& scene, Asked& asked);
Result<Answer> check_silence(const Scene& scene, Asked& asked);

// ---- explain_policy.cpp, explain.cpp: who is told, and why (R6.7)
Result<Answer> explain_client(const Scene& scene, Asked& asked);
Result<Answer> explain_policy(const Scene& scene, Asked& asked);
Result<Answer> explain_alert(const Scene& scene, Asked& asked);
Result<Answer> explain_run(const Scene& scene, Asked& asked);

}  // namespace vaultbell::api
