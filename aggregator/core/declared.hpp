// Declared: objects that a file declares (R9.2) are changed by that file alone. Who reads the files
// and finds what is to be changed is no part of the core: aggregator/declared.
#pragma once

#include <string>

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

// A path may have 4096 bytes; longer ones than this would only be unreadable in every list.
inline constexpr std::size_t kManagedByBytesMax = 1024;

// Where the object is declared; empty: nowhere, or there is no such object.
std::string managed_by(const State& state, const ObjectId& object);

// Refuses an order of a person that would change an object which a file declares.
Status check_not_declared(const Draft& draft, const Order& order);

// Marks every object that the order at that place has put so far as managed by it.
void mark_changed(Draft& draft, const std::string& declared_at);

Result<std::string> mark_managed(Draft& draft, const MarkManaged& order);

// Whether the order only says that an object is declared in another line, or file, than before.
bool is_only_moved(const State& before, const Order& order);

}  // namespace vaultbell::core
