// Declaration: what files declare (R9.2), as data: objects with the names of what they refer to,
// each with its place. Whether these names exist in the store is not known here.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "aggregator/core/policy.hpp"
#include "aggregator/core/rows.hpp"
#include "aggregator/core/settings.hpp"

namespace vaultbell::declared {

// Where an object is declared.
struct Origin {
  std::string file;
  std::uint32_t line = 0;

  auto operator<=>(const Origin&) const = default;
};
std::string place_of(const Origin& origin);  // "conf.d/vaults.toml:3"

struct Audience {
  std::vector<std::string> contacts;
  std::vector<std::string> groups;

  [[nodiscard]] bool is_empty() const { return contacts.empty() && groups.empty(); }
  bool operator==(const Audience&) const = default;
};

struct Policy {
  core::Policy rest;  // all but the people
  Audience audience;
  Audience escalation;

  bool operator==(const Policy&) const = default;
};

struct Vault {
  Origin at;
  std::string name;
  Policy policy;
  core::TimingOverrides timing;
  std::optional<Outcome> warning_counts_as;

  bool operator==(const Vault&) const = default;
};

struct Client {
  Origin at;
  std::string name;
  std::string vault;
  Policy policy{.rest = {.mode = core::PolicyMode::same_as_vault}};
  core::TimingOverrides timing;

  bool operator==(const Client&) const = default;
};

struct Job {
  Origin at;
  std::string client;
  std::string name;
  JobSettings settings;

  bool operator==(const Job&) const = default;
};

struct Contact {
  Origin at;
  std::string name;
  std::map<core::Channel, std::string> addresses;

  bool operator==(const Contact&) const = default;
};

struct Group {
  Origin at;
  std::string name;
  std::vector<std::string> members;

  bool operator==(const Group&) const = default;
};

// It has no name: what it says is what it is.
struct Maintenance {
  Origin at;
  std::string vault;  // empty: not asked for; so are the others
  std::string client;
  std::string job;
  std::optional<core::AlertKind> kind;
  std::optional<Instant> from;
  std::optional<Instant> until;
  std::optional<core::Recurrence> recurrence;
  std::string why;

  bool operator==(const Maintenance&) const = default;
};

struct Declaration {
  std::vector<Vault> vaults;
  std::vector<Client> clients;
  std::vector<Job> jobs;
  std::vector<Contact> contacts;
  std::vector<Group> groups;
  std::vector<Maintenance> maintenances;

  [[nodiscard]] std::size_t size() const;
  bool operator==(const Declaration&) const = default;
};

// One sentence with its place for each name that is used and not declared itself: it must be in the
// store already.
std::vector<std::string> names_from_elsewhere(const Declaration& declaration);

}  // namespace vaultbell::declared
