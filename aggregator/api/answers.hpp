// The answers, one function a route: routes.cpp says which. Each reads the scene and what was
// asked; the changing ones return an order for the core instead.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "aggregator/api/fields.hpp"
#include "aggregator/api/json.hpp"
#include "aggregator/api/scene.hpp"
#include "aggregator/core/command.hpp"

namespace vaultbell::api {

struct Asked {
  std::vector<std::string> names;  // what stood in the path's {places}, in their order
  Fields query;
  Fields body;
};

// An order that the core is to decide; the reply's changes are the answer.
struct OrderAsked {
  decltype(core::Order::what) what;
  std::string join_token;  // shown once, with the answer, if the order was really carried out
};

using Answer = std::variant<Json, OrderAsked>;

// ---- reading.cpp: rows, one by one and in lists
Result<Answer> list_vaults(const Scene& scene, Asked& asked);
Result<Answer> show_vault(const Scene& scene, Asked& asked);
Result<Answer> list_clients(const Scene& scene, Asked& asked);
Result<Answer> show_client(const Scene& scene, Asked& asked);
Result<Answer> list_jobs(const Scene& scene, Asked& asked);
Result<Answer> show_job(const Scene& scene, Asked& asked);
Result<Answer> list_runs(const Scene& scene, Asked& asked);
Result<Answer> show_run(const Scene& scene, Asked& asked);
Result<Answer> list_alerts(const Scene& scene, Asked& asked);
Result<Answer> show_alert(const Scene& scene, Asked& asked);
Result<Answer> list_deliveries(const Scene& scene, Asked& asked);
Result<Answer> show_delivery(const Scene& scene, Asked& asked);
Result<Answer> list_tokens(const Scene& scene, Asked& asked);
Result<Answer> list_requests(const Scene& scene, Asked& asked);

// ---- status.cpp, check.cpp: how it all is
Result<Answer> status(const Scene& scene, Asked& asked);
Result<Answer> check_silence(const Scene& scene, Asked& asked);

// ---- explain.cpp: who is told, and why (R6.7)
Result<Answer> explain_client(const Scene& scene, Asked& asked);
Result<Answer> explain_alert(const Scene& scene, Asked& asked);
Result<Answer> explain_run(const Scene& scene, Asked& asked);

// ---- orders.cpp
Result<Answer> create_vault(const Scene& scene, Asked& asked);
Result<Answer> edit_vault(const Scene& scene, Asked& asked);
Result<Answer> edit_client(const Scene& scene, Asked& asked);
Result<Answer> inactivate_alert(const Scene& scene, Asked& asked);
Result<Answer> retry_delivery(const Scene& scene, Asked& asked);
Result<Answer> create_token(const Scene& scene, Asked& asked);
Result<Answer> revoke_token(const Scene& scene, Asked& asked);
Result<Answer> approve_request(const Scene& scene, Asked& asked);
Result<Answer> reject_request(const Scene& scene, Asked& asked);

}  // namespace vaultbell::api
