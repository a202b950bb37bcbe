// Change: one row to write, as data. A decision's changes are committed to the journal in one
// transaction and applied to the State by evolve(); loading the store applies them again.
#pragma once

#include <type_traits>
#include <variant>
#include <vector>

#include "aggregator/core/rows.hpp"
#include "aggregator/core/settings.hpp"

namespace vaultbell::core {

using Row = std::variant<Counters, Vault, Client, Job, SpoolMark, Run, OpenRun, Alert, Notification,
                         Attempt, Token, Enrolment, ClockShift, Contact, Group, Address,
                         ChannelHealth, Maintenance, Outage, AuditEntry, Night, Access, DoneOrder>;

// Puts a row in place of the one with the same key.
struct Put {
  Row row;
  bool operator==(const Put&) const = default;
};

// The rows that end by disappearing; all others end in a final state and stay as history, until
// retention drops them.
using ErasedKey =
    std::variant<SpoolMark::Key, OpenRun::Key, Enrolment::Key, ClockShift::Key, Contact::Key,
                 Group::Key, Vault::Key, Address::Key, Job::Key, Run::Key, Alert::Key,
                 Notification::Key, Attempt::Key, Token::Key, Maintenance::Key, AuditEntry::Key,
                 Night::Key, Access::Key, DoneOrder::Key>;
struct Erase {
  ErasedKey key;
  bool operator==(const Erase&) const = default;
};

// The type of row that a key stands for.
template <class Key, class Rows>
struct RowWithKey;
template <class Key, class First, class... Rest>
struct RowWithKey<Key, std::variant<First, Rest...>>
    : std::conditional_t<std::is_same_v<Key, typename First::Key>, std::type_identity<First>,
                         RowWithKey<Key, std::variant<Rest...>>> {};
template <class Key>
struct RowWithKey<Key, std::variant<>> {};
template <class Key>
using RowOf = typename RowWithKey<Key, Row>::type;

// Since when the aggregator has been listening without a gap (R2.6).
struct ListeningSince {
  Instant instant;
  bool operator==(const ListeningSince&) const = default;
};

// Kept in memory only; the journal skips it.
struct Remember {
  std::variant<Settings, ListeningSince> what;
  bool operator==(const Remember&) const = default;
};

using Change = std::variant<Put, Erase, Remember>;
using WriteSet = std::vector<Change>;

}  // namespace vaultbell::core
