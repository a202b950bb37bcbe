#include "aggregator/storage/schema.hpp"

#include <set>

#include <fmt/format.h>

#include "shared/lmdb/key.hpp"

namespace vaultbell::storage {

namespace {

bool is_open(core::NotificationState state) {
  return state == core::NotificationState::pending || state == core::NotificationState::sending;
}

// Whose row it is, or is about; not set: nobody's.
ClientId client_of(const core::AuditedRow& row) {
  if (row.client) return row.client->id;
  if (row.job) return row.job->client;
  if (row.alert) return row.alert->client;
  if (row.maintenance) return row.maintenance->scope.client;
  if (row.token) return row.token->client;
  return {};
}

}  // namespace

std::vector<std::string> table_names() {
  return {"meta",
          "counters",
          "vaults",
          "clients",
          "jobs",
          "spool_marks",
          "runs",
          "open_runs",
          "alerts",
          "notifications",
          "attempts",
          "tokens",
          "enrolments",
          "clock_shifts",
          "contacts",
          "groups",
          "addresses",
          "channels",
          "maintenances",
          "outages",
          "audit",
          "nights",
          "accesses",
          "done_orders",
          "last_heard",
          "vault_by_name",
          "client_by_name",
          "job_by_client",
          "run_by_client",
          "run_by_job",
          "active_alerts",
          "alert_by_client",
          "open_notifications",
          "notification_by_alert",
          "recovering_alerts",
          "contact_by_name",
          "group_by_name",
          "notification_by_digest",
          "open_maintenances",
          "client_by_state",
          "client_by_vault",
          "retired_by_name",
          "active_alert_by_client",
          "run_by_outcome",
          "run_by_client_time",
          "notification_by_state",
          "audit_by_client",
          "access_by_hash"};
}

std::string key_bytes(std::uint64_t number) {
  return lmdb::number_key(number);
}

std::string key_bytes(const core::Counters::Key&) {
  return lmdb::number_key(0);
}

std::string key_under(std::uint64_t number, std::string_view rest) {
  auto key = lmdb::number_key(number);
  key += rest;
  return key;
}

std::string key_under(std::uint64_t number, std::uint64_t rest) {
  auto key = lmdb::number_key(number);
  return lmdb::append_number(key, rest);
}

std::uint64_t number_of(Instant at) {
  return static_cast<std::uint64_t>(at.time_since_epoch().count());
}

Instant instant_of(std::uint64_t number) {
  return Instant(Duration(static_cast<Duration::rep>(number)));
}

std::uint8_t rank_of(core::ClientState state) {
  switch (state) {
    case core::ClientState::disconnected:
      return 0;
    case core::ClientState::offline:
      return 1;
    case core::ClientState::invited:
      return 2;
    case core::ClientState::online:
      return 3;
    case core::ClientState::retired:
      return 4;
  }
  return 0;
}

std::string key_bytes(const ClientPlace& place) {
  std::string key(1, static_cast<char>(place.rank));
  lmdb::append_number(key, number_of(place.since));
  return lmdb::append_number(key, place.id.value);
}

std::optional<ClientPlace> read_place(std::string_view key, std::size_t offset) {
  const auto since = offset + 1;
  const auto id = since + sizeof(std::uint64_t);
  if (key.size() != id + sizeof(std::uint64_t)) return std::nullopt;
  return ClientPlace{.rank = static_cast<std::uint8_t>(key[offset]),
                     .since = instant_of(lmdb::read_number(key, since)),
                     .id = {lmdb::read_number(key, id)}};
}

std::string key_bytes(const core::SpoolMark::Key& key) {
  return key_under(key.client.value,
                   {reinterpret_cast<const char*>(key.spool.bytes.data()), key.spool.bytes.size()});
}

std::string key_bytes(const core::OpenRun::Key& key) {
  return key_under(key.client.value,
                   {reinterpret_cast<const char*>(key.run.bytes.data()), key.run.bytes.size()});
}

std::string key_bytes(const core::Attempt::Key& key) {
  auto bytes = lmdb::number_key(key.notification.value);
  return lmdb::append_short_number(bytes, key.number);
}

std::string key_bytes(const core::Address::Key& key) {
  return key_bytes(key.channel) + key.address;
}

std::string key_bytes(core::ChannelHealth::Key key) {
  return std::string(1, static_cast<char>(key));
}

std::string key_bytes(const core::Night::Key& key) {
  auto bytes = lmdb::number_key(key.vault.value);
  return lmdb::append_short_number(bytes, key.day);
}

// A name of an actor has no control characters.
std::string key_bytes(const core::DoneOrder::Key& key) {
  return key.actor + '\0' + key.key;
}

tl::unexpected<Error> damaged_row(TableNumber table, std::string_view key, std::string_view why) {
  std::string digits;
  for (const char c : key) digits += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return fail(fmt::format("damaged row in table {}, key {}: {}",
                          table_names()[static_cast<std::size_t>(table)], digits, why));
}

std::vector<IndexEntry> index_entries(const core::Vault& row) {
  return {{TableNumber::vault_by_name, row.name, key_bytes(row.id)}};
}

std::vector<IndexEntry> index_entries(const core::Client& row) {
  const auto place = key_bytes(ClientPlace{rank_of(row.state), row.state_since, row.id});
  const bool is_retired = row.state == core::ClientState::retired;
  return {is_retired ? IndexEntry{TableNumber::retired_by_name, row.name + key_bytes(row.id), {}}
                     : IndexEntry{TableNumber::client_by_name, row.name, key_bytes(row.id)},
          {TableNumber::client_by_state, place, row.name},
          {TableNumber::client_by_vault, key_under(row.vault.value, place), row.name}};
}

std::vector<IndexEntry> index_entries(const core::Job& row) {
  return {{TableNumber::job_by_client, key_under(row.client.value, row.name), key_bytes(row.id)}};
}

std::vector<IndexEntry> index_entries(const core::Run& row) {
  return {{TableNumber::run_by_client, key_under(row.client.value, row.id.value), {}},
          {TableNumber::run_by_job, key_under(row.job.value, row.id.value), {}},
          {TableNumber::run_by_outcome, key_of_word(row.report.outcome) + key_bytes(row.id), {}},
          {TableNumber::run_by_client_time,
           key_under(row.client.value, key_bytes(number_of(row.received_at)) + key_bytes(row.id)),
           {}}};
}

std::vector<IndexEntry> index_entries(const core::Alert& row) {
  std::vector<IndexEntry> entries;
  if (row.client.is_set()) {
    entries.push_back(
        {TableNumber::alert_by_client, key_under(row.client.value, row.id.value), {}});
  }
  if (row.state != core::AlertState::inactive) {
    entries.push_back({TableNumber::active_alerts, key_bytes(row.id), {}});
  }
  if (row.state != core::AlertState::inactive && row.client.is_set()) {
    entries.push_back(
        {TableNumber::active_alert_by_client, key_under(row.client.value, row.id.value), {}});
  }
  if (row.recovery_next) {
    entries.push_back({TableNumber::recovering_alerts, key_bytes(row.id), {}});
  }
  return entries;
}

std::vector<IndexEntry> index_entries(const core::Notification& row) {
  std::vector<IndexEntry> entries = {
      {TableNumber::notification_by_state, key_of_word(row.state) + key_bytes(row.id), {}}};
  if (row.alert.is_set()) {
    entries.push_back(
        {TableNumber::notification_by_alert, key_under(row.alert.value, row.id.value), {}});
  }
  if (row.digest.is_set()) {
    entries.push_back(
        {TableNumber::notification_by_digest, key_under(row.digest.value, row.id.value), {}});
  }
  if (is_open(row.state)) {
    entries.push_back({TableNumber::open_notifications, key_bytes(row.id), {}});
  }
  return entries;
}

std::vector<IndexEntry> index_entries(const core::Maintenance& row) {
  if (row.ended_at) return {};
  return {{TableNumber::open_maintenances, key_bytes(row.id), {}}};
}

std::vector<IndexEntry> index_entries(const core::AuditEntry& row) {
  std::set<ClientId> clients;
  for (const auto& change : row.changes) {
    for (const auto* side : {&change.before, &change.after}) {
      if (*side) clients.insert(client_of(**side));
    }
  }
  std::vector<IndexEntry> entries;
  for (const auto client : clients) {
    if (!client.is_set()) continue;
    entries.push_back({TableNumber::audit_by_client, key_under(client.value, row.id.value), {}});
  }
  return entries;
}

std::vector<IndexEntry> index_entries(const core::Access& row) {
  return {{TableNumber::access_by_hash,
           {reinterpret_cast<const char*>(row.hash.data()), row.hash.size()},
           key_bytes(row.id)}};
}

std::vector<IndexEntry> index_entries(const core::Contact& row) {
  return {{TableNumber::contact_by_name, row.name, key_bytes(row.id)}};
}

std::vector<IndexEntry> index_entries(const core::Group& row) {
  return {{TableNumber::group_by_name, row.name, key_bytes(row.id)}};
}

}  // namespace vaultbell::storage
