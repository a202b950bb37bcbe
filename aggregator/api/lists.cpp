#include "aggregator/api/lists.hpp"

#include "aggregator/api/clients.hpp"

namespace vaultbell::api {

namespace {

std::optional<core::Client> client_by(Result<core::Client> (*find)(const Scene&, std::string_view),
                                      const Scene& scene, Fields& fields) {
  const auto name = fields.text("client");
  if (!name) return std::nullopt;
  auto client = find(scene, *name);
  if (!client) return fields.complain(client.error());
  return std::move(*client);
}

}  // namespace

std::optional<VaultId> vault_filter(const Scene& scene, Fields& query) {
  const auto name = query.text("vault");
  if (!name) return std::nullopt;
  const auto vault = vault_named(scene, *name);
  if (!vault) return query.complain(vault.error());
  return vault->id;
}

std::optional<core::Client> client_filter(const Scene& scene, Fields& query) {
  return client_by(client_known_as, scene, query);
}

std::optional<core::Client> client_in_service(const Scene& scene, Fields& body) {
  return client_by(client_named, scene, body);
}

std::optional<JobId> job_filter(const Scene& scene, Fields& query,
                                const std::optional<core::Client>& client) {
  const auto name = query.text("job");
  if (!name) return std::nullopt;
  if (!client) {
    return query.complain({ErrorCode::invalid, "job: a job's name needs its client's beside it"});
  }
  const auto job = job_named(scene, *client, *name);
  if (!job) return query.complain(job.error());
  return job->id;
}

}  // namespace vaultbell::api
