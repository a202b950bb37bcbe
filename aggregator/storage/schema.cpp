#include "aggregator/storage/schema.hpp"

#include <fmt/format.h>

#include "shared/lmdb/key.hpp"

namespace vaultbell::storage {

namespace {

bool is_open(core::NotificationState state) {
  return state == core::NotificationState::pending || state == core::NotificationState::sending;
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
          "open_maintenances"};
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
  if (row.state == core::ClientState::retired) return {};
  return {{TableNumber::client_by_name, row.name, key_bytes(row.id)}};
}

std::vector<IndexEntry> index_entries(const core::Job& row) {
  return {{TableNumber::job_by_client, key_under(row.client.value, row.name), key_bytes(row.id)}};
}

std::vector<IndexEntry> index_entries(const core::Run& row) {
  return {{TableNumber::run_by_client, key_under(row.client.value, row.id.value), {}},
          {TableNumber::run_by_job, key_under(row.job.value, row.id.value), {}}};
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
  if (row.recovery_next) {
    entries.push_back({TableNumber::recovering_alerts, key_bytes(row.id), {}});
  }
  return entries;
}

std::vector<IndexEntry> index_entries(const core::Notification& row) {
  std::vector<IndexEntry> entries;
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

std::vector<IndexEntry> index_entries(const core::Contact& row) {
  return {{TableNumber::contact_by_name, row.name, key_bytes(row.id)}};
}

std::vector<IndexEntry> index_entries(const core::Group& row) {
  return {{TableNumber::group_by_name, row.name, key_bytes(row.id)}};
}

}  // namespace vaultbell::storage
