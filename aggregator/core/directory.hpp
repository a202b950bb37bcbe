// Directory: where routing looks people up: the State, a decision in the making, or a snapshot of
// the store; so that `explain` asks exactly what the core asks.
#pragma once

#include <optional>

#include "aggregator/core/rows.hpp"

namespace vaultbell::core {

class Directory {
 public:
  Directory() = default;
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  virtual ~Directory() = default;

  // Absent: there is none.
  [[nodiscard]] virtual std::optional<Contact> contact(ContactId id) const = 0;
  [[nodiscard]] virtual std::optional<Group> group(GroupId id) const = 0;
  [[nodiscard]] virtual std::optional<Address> address(const AddressKey& key) const = 0;
};

// Where messages by this channel of a contact go now: the address that is verified; while a changed
// one is not, the one before it (R5.3). Absent: nowhere.
std::optional<AddressKey> reached_at(const Directory& directory, const ContactChannel& channel);

// Whether the contact can be told anything.
bool is_reachable(const Directory& directory, const Contact& contact);

}  // namespace vaultbell::core
