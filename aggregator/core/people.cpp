#include "aggregator/core/people.hpp"

#include <algorithm>

#include "aggregator/core/directory.hpp"

namespace vaultbell::core {

namespace {

template <class Index, class Key, class Value>
void add(Index& index, const Key& key, const Value& value) {
  index[key].insert(value);
}

template <class Index, class Key, class Value>
void remove(Index& index, const Key& key, const Value& value) {
  const auto found = index.find(key);
  if (found == index.end()) return;
  found->second.erase(value);
  if (found->second.empty()) index.erase(found);
}

std::set<AddressKey> places_of(const Contact& contact) {
  std::set<AddressKey> places;
  for (const auto& channel : contact.channels) {
    for (const auto& address : {channel.address, channel.address_before}) {
      if (!address.empty()) places.insert({channel.channel, address});
    }
  }
  return places;
}

bool is_owner(const State& state, const AddressKey& key) {
  return key.channel == Channel::email &&
         std::ranges::find(state.settings.owners, key.address) != state.settings.owners.end();
}

class StateDirectory final : public Directory {
 public:
  explicit StateDirectory(const State& state) : state_(state) {}
  [[nodiscard]] std::optional<Contact> contact(ContactId id) const override {
    return row_in(state_.contacts, id);
  }
  [[nodiscard]] std::optional<Group> group(GroupId id) const override {
    return row_in(state_.groups, id);
  }
  [[nodiscard]] std::optional<Address> address(const AddressKey& key) const override {
    return row_in(state_.addresses, key);
  }

 private:
  template <class R>
  static std::optional<R> row_in(const Table<R>& table, const typename R::Key& key) {
    const auto found = table.find(key);
    return found == table.end() ? std::nullopt : std::optional(found->second);
  }
  const State& state_;
};

bool reaches_recipient(const State& state, const AddressKey& key) {
  const auto holders = state.contacts_at.find(key);
  if (holders == state.contacts_at.end()) return false;
  const StateDirectory directory(state);
  return std::ranges::any_of(holders->second, [&](ContactId id) {
    const auto contact = state.contacts.find(id);
    if (contact == state.contacts.end() || !is_in_use(state, id)) return false;
    return std::ranges::any_of(contact->second.channels, [&](const ContactChannel& channel) {
      return reached_at(directory, channel) == key;
    });
  });
}

void refresh_welcome(State& state, const AddressKey& key) {
  const auto address = state.addresses.find(key);
  const bool is_welcomed = address != state.addresses.end() && address->second.welcomed_at;
  const bool is_recipient = is_owner(state, key) || reaches_recipient(state, key);
  if (is_recipient && !is_welcomed) {
    state.unwelcomed.insert(key);
  } else {
    state.unwelcomed.erase(key);
  }
}

void refresh_welcomes(State& state, const Contact& contact) {
  for (const auto& place : places_of(contact)) refresh_welcome(state, place);
}

void refresh_welcomes(State& state, const std::vector<ContactId>& contacts) {
  for (const auto id : contacts) {
    const auto contact = state.contacts.find(id);
    if (contact != state.contacts.end()) refresh_welcomes(state, contact->second);
  }
}

void refresh_welcomes(State& state, const Audience& audience) {
  refresh_welcomes(state, audience.contacts);
  for (const auto id : audience.groups) {
    const auto group = state.groups.find(id);
    if (group != state.groups.end()) refresh_welcomes(state, group->second.members);
  }
}

}  // namespace

bool is_in_use(const State& state, ContactId contact) {
  if (state.policies_naming_contact.contains(contact)) return true;
  const auto groups = state.groups_of.find(contact);
  if (groups == state.groups_of.end()) return false;
  return std::ranges::any_of(groups->second,
                             [&](GroupId id) { return state.policies_naming_group.contains(id); });
}

void contact_changed(State& state, const Contact* before, const Contact* after) {
  if (before != nullptr) {
    state.contact_by_name.erase(before->name);
    for (const auto& place : places_of(*before)) remove(state.contacts_at, place, before->id);
  }
  if (after != nullptr) {
    state.contact_by_name[after->name] = after->id;
    for (const auto& place : places_of(*after)) add(state.contacts_at, place, after->id);
    refresh_welcomes(state, *after);
  }
  if (before != nullptr) refresh_welcomes(state, *before);
}

void group_changed(State& state, const Group* before, const Group* after) {
  if (before != nullptr) {
    state.group_by_name.erase(before->name);
    for (const auto member : before->members) remove(state.groups_of, member, before->id);
  }
  if (after != nullptr) {
    state.group_by_name[after->name] = after->id;
    for (const auto member : after->members) add(state.groups_of, member, after->id);
    refresh_welcomes(state, after->members);
  }
  if (before != nullptr) refresh_welcomes(state, before->members);
}

void policy_changed(State& state, const PolicyHolder& holder, const Policy* before,
                    const Policy* after) {
  const auto named = [](const Policy* policy) -> std::vector<const Audience*> {
    if (policy == nullptr) return {};
    return {&policy->audience, &policy->escalation};
  };
  for (const auto* audience : named(before)) {
    for (const auto id : audience->contacts) remove(state.policies_naming_contact, id, holder);
    for (const auto id : audience->groups) remove(state.policies_naming_group, id, holder);
  }
  for (const auto* audience : named(after)) {
    for (const auto id : audience->contacts) add(state.policies_naming_contact, id, holder);
    for (const auto id : audience->groups) add(state.policies_naming_group, id, holder);
    refresh_welcomes(state, *audience);
  }
  for (const auto* audience : named(before)) refresh_welcomes(state, *audience);
}

void address_changed(State& state, const AddressKey& key) {
  refresh_welcome(state, key);
  const auto holders = state.contacts_at.find(key);
  if (holders == state.contacts_at.end()) return;
  const std::vector<ContactId> contacts(holders->second.begin(), holders->second.end());
  refresh_welcomes(state, contacts);
}

void owners_changed(State& state, const std::vector<std::string>& before) {
  for (const auto& owner : before) refresh_welcome(state, {Channel::email, owner});
  for (const auto& owner : state.settings.owners) refresh_welcome(state, {Channel::email, owner});
}

}  // namespace vaultbell::core
