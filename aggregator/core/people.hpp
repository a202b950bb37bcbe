// People: the derived indexes of who names whom: addresses, contacts, groups, policies; and who is
// a recipient and was not greeted yet (R5.6). Only evolve() calls these.
#pragma once

#include "aggregator/core/state.hpp"

namespace vaultbell::core {

// Each replaces what followed from `before` (null: there was none) by what follows from `after`
// (null: it is gone), which is in the State already.
void contact_changed(State& state, const Contact* before, const Contact* after);
void group_changed(State& state, const Group* before, const Group* after);
void policy_changed(State& state, const PolicyHolder& holder, const Policy* before,
                    const Policy* after);
void address_changed(State& state, const AddressKey& key);
void owners_changed(State& state, const std::vector<std::string>& before);

// Whether a policy names the contact, itself or through a group.
bool is_in_use(const State& state, ContactId contact);

}  // namespace vaultbell::core
