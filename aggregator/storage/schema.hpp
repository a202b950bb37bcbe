// The tables of the store, the keys of their rows, and the indexes that follow from a row.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/core/change.hpp"
#include "shared/base/result.hpp"
#include "shared/pack/document.hpp"

namespace vaultbell::storage {

inline constexpr std::uint64_t kSchemaVersion = 1;

// One LMDB table each; the names are table_names(), in this order. The indexes at the end are
// derived from the rows, and could be rebuilt from them.
enum class TableNumber : std::uint8_t {
  meta,
  counters,
  vaults,
  clients,
  jobs,
  spool_marks,
  runs,
  open_runs,
  alerts,
  notifications,
  attempts,
  tokens,
  enrolments,
  clock_shifts,
  contacts,
  groups,
  addresses,
  channels,
  maintenances,
  outages,
  audit,
  nights,
  accesses,
  done_orders,
  last_heard,
  vault_by_name,
  client_by_name,
  job_by_client,
  run_by_client,
  run_by_job,
  active_alerts,
  alert_by_client,
  open_notifications,
  notification_by_alert,
  recovering_alerts,
  contact_by_name,
  group_by_name,
  notification_by_digest,
  open_maintenances,
  client_by_state,
  client_by_vault,
  retired_by_name,
  active_alert_by_client,
  run_by_outcome,
  run_by_client_time,
  notification_by_state,
  audit_by_client,
  access_by_hash,
};

// Counts the times that indexes were added. A store that was made before has the newer ones built
// when it is opened.
inline constexpr std::uint64_t kIndexGeneration = 1;

std::vector<std::string> table_names();

// What decoding a stored row may cost: rows are ours, but a damaged file must not take us down.
inline constexpr pack::Limits kRowLimits{
    .bytes_max = 256UL * 1024, .depth_max = 12, .entries_max = 4096};

constexpr TableNumber table_for(const core::Counters*) {
  return TableNumber::counters;
}
constexpr TableNumber table_for(const core::Vault*) {
  return TableNumber::vaults;
}
constexpr TableNumber table_for(const core::Client*) {
  return TableNumber::clients;
}
constexpr TableNumber table_for(const core::Job*) {
  return TableNumber::jobs;
}
constexpr TableNumber table_for(const core::SpoolMark*) {
  return TableNumber::spool_marks;
}
constexpr TableNumber table_for(const core::Run*) {
  return TableNumber::runs;
}
constexpr TableNumber table_for(const core::OpenRun*) {
  return TableNumber::open_runs;
}
constexpr TableNumber table_for(const core::Alert*) {
  return TableNumber::alerts;
}
constexpr TableNumber table_for(const core::Notification*) {
  return TableNumber::notifications;
}
constexpr TableNumber table_for(const core::Attempt*) {
  return TableNumber::attempts;
}
constexpr TableNumber table_for(const core::Token*) {
  return TableNumber::tokens;
}
constexpr TableNumber table_for(const core::Enrolment*) {
  return TableNumber::enrolments;
}
constexpr TableNumber table_for(const core::ClockShift*) {
  return TableNumber::clock_shifts;
}

constexpr TableNumber table_for(const core::Contact*) {
  return TableNumber::contacts;
}
constexpr TableNumber table_for(const core::Group*) {
  return TableNumber::groups;
}
constexpr TableNumber table_for(const core::Address*) {
  return TableNumber::addresses;
}
constexpr TableNumber table_for(const core::Maintenance*) {
  return TableNumber::maintenances;
}
constexpr TableNumber table_for(const core::AuditEntry*) {
  return TableNumber::audit;
}
constexpr TableNumber table_for(const core::Outage*) {
  return TableNumber::outages;
}
constexpr TableNumber table_for(const core::Night*) {
  return TableNumber::nights;
}
constexpr TableNumber table_for(const core::Access*) {
  return TableNumber::accesses;
}
constexpr TableNumber table_for(const core::DoneOrder*) {
  return TableNumber::done_orders;
}
constexpr TableNumber table_for(const core::ChannelHealth*) {
  return TableNumber::channels;
}

// Keys in bytes, in the order of what they stand for.
std::string key_bytes(const core::Counters::Key& key);
std::string key_bytes(const core::SpoolMark::Key& key);
std::string key_bytes(const core::OpenRun::Key& key);
std::string key_bytes(const core::Attempt::Key& key);
std::string key_bytes(const core::Address::Key& key);
std::string key_bytes(core::ChannelHealth::Key key);
std::string key_bytes(const core::Night::Key& key);
std::string key_bytes(const core::DoneOrder::Key& key);
std::string key_bytes(std::uint64_t number);
template <class Tag>
std::string key_bytes(Id<Tag> id) {
  return key_bytes(id.value);
}

// A key whose first part is the number, for finding all rows that belong to it.
std::string key_under(std::uint64_t number, std::string_view rest);
std::string key_under(std::uint64_t number, std::uint64_t rest);

// Times as 8 bytes: milliseconds since 1970.
std::uint64_t number_of(Instant at);
Instant instant_of(std::uint64_t number);

// A word of a closed list as 1 byte.
template <class E>
std::string key_of_word(E word) {
  return std::string(1, static_cast<char>(word));
}

// Where a client stands among those of all vaults or of one: the worst state first, and then
// whoever is in it for longest.
struct ClientPlace {
  std::uint8_t rank = 0;  // rank_of() its state
  Instant since;
  ClientId id;

  auto operator<=>(const ClientPlace&) const = default;
};
std::uint8_t rank_of(core::ClientState state);
std::string key_bytes(const ClientPlace& place);
std::optional<ClientPlace> read_place(std::string_view key, std::size_t offset);

// A row that cannot be what we wrote: the error names its table and its key.
tl::unexpected<Error> damaged_row(TableNumber table, std::string_view key, std::string_view why);

struct IndexEntry {
  TableNumber table = TableNumber::meta;
  std::string key;
  std::string value;

  bool operator==(const IndexEntry&) const = default;
};

// The index entries that exist because of this row.
std::vector<IndexEntry> index_entries(const core::Vault& row);
std::vector<IndexEntry> index_entries(const core::Client& row);
std::vector<IndexEntry> index_entries(const core::Job& row);
std::vector<IndexEntry> index_entries(const core::Run& row);
std::vector<IndexEntry> index_entries(const core::Alert& row);
std::vector<IndexEntry> index_entries(const core::Notification& row);
std::vector<IndexEntry> index_entries(const core::Contact& row);
std::vector<IndexEntry> index_entries(const core::Group& row);
std::vector<IndexEntry> index_entries(const core::Maintenance& row);
std::vector<IndexEntry> index_entries(const core::AuditEntry& row);
std::vector<IndexEntry> index_entries(const core::Access& row);

template <class R>
concept HasIndex = requires(const R& row) {
  index_entries(row);
};

}  // namespace vaultbell::storage
