// Objects: what people make and edit, and which of them an order is about.
#pragma once

#include <optional>
#include <string>

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

// What an order changes that only changes one object. Absent: it makes something new, or is about
// what people do not edit.
std::optional<ObjectId> object_of(const Order& order);

// Calls `use` with the object's row, if there is one.
template <class Use>
void with_row(const Draft& draft, const ObjectId& object, const Use& use) {
  const auto find = [&]<class Id>(const Id& id) {
    if (const auto row = draft.get<RowOf<Id>>(id)) use(*row);
  };
  std::visit(find, object);
}

// For messages: vault "prod", job "db" of client "web1".
std::string name_of(const State& state, const Vault& row);
std::string name_of(const State& state, const Client& row);
std::string name_of(const State& state, const Job& row);
std::string name_of(const State& state, const Contact& row);
std::string name_of(const State& state, const Group& row);
std::string name_of(const State& state, const Maintenance& row);

// Refuses, as stale, an order about an object that was changed after its giver looked at it.
Status check_revision(const Draft& draft, const Order& order);

}  // namespace vaultbell::core
