#include "aggregator/core/contacts.hpp"

#include <algorithm>
#include <set>

#include "aggregator/core/deliveries.hpp"
#include "aggregator/core/people.hpp"
#include "aggregator/core/recipients.hpp"
#include "aggregator/core/refusals.hpp"
#include "aggregator/core/routing.hpp"
#include "aggregator/core/shown_address.hpp"
#include "aggregator/core/verification.hpp"
#include "shared/domain/mailbox.hpp"
#include "shared/domain/mobile_number.hpp"
#include "shared/domain/name.hpp"
#include "shared/domain/webhook_address.hpp"

namespace vaultbell::core {

namespace {

tl::unexpected<Error> without_channel() {
  return fail(ErrorCode::invalid, "a contact needs an email address, a mobile number or a webhook");
}

std::string quoted(std::string_view what, const std::string& name) {
  return std::string(what) + " \"" + name + "\"";
}

void add_use(std::string& uses, const std::string& use) {
  uses += (uses.empty() ? "" : ", ") + use;
}

Status check_free(const std::map<std::string, ContactId>& names, std::string_view what,
                  const std::string& name) {
  if (auto ok = check_name(std::string(what) + " name", name); !ok) return ok;
  if (!names.contains(name)) return {};
  return fail(ErrorCode::refused, "there is already a " + quoted(what, name));
}

// That it is reached a code proves. An empty one takes the channel away.
Status check_address(Channel channel, const std::string& address) {
  if (address.empty()) return {};
  const auto ok = check_form(channel, address);
  if (!ok) return fail(ErrorCode::invalid, ok.error().message);
  return {};
}

// A decision about an address may concern everybody who has it.
Status check_shared(const State& state, ContactId contact, const ChannelOrder& order) {
  const auto holders = state.contacts_at.find({order.channel, order.address});
  const bool is_full = holders != state.contacts_at.end() &&
                       holders->second.size() >= kContactsPerAddressMax &&
                       !holders->second.contains(contact);
  if (!is_full) return {};
  return fail(ErrorCode::full,
              shown_address({order.channel, order.address}) + " is already the address of " +
                  std::to_string(kContactsPerAddressMax) + " contacts; a group can stand for them");
}

Status check_channels(const State& state, ContactId contact,
                      const std::vector<ChannelOrder>& orders) {
  std::set<Channel> named;
  for (const auto& order : orders) {
    if (auto ok = check_address(order.channel, order.address); !ok) return ok;
    if (auto ok = check_shared(state, contact, order); !ok) return ok;
    if (named.insert(order.channel).second) continue;
    return fail(ErrorCode::invalid, "a contact has one address for each channel, and " +
                                        std::string(to_text(order.channel)) + " is named twice");
  }
  return {};
}

bool is_verified(const Draft& draft, const AddressKey& key) {
  const auto address = draft.get<Address>(key);
  return address && address->verified_at;
}

// Sends codes to the new addresses; one that cannot be sent now does not stop the rest.
Result<std::string> prove(Draft& draft, const Contact& contact,
                          const std::vector<ChannelOrder>& channels) {
  std::string remark;
  for (const auto& channel : channels) {
    if (channel.address.empty()) continue;
    if (is_verified(draft, {channel.channel, channel.address})) continue;
    const auto sent = send_code(draft, contact, channel);
    if (!sent && sent.error().code != ErrorCode::full) return fail(sent.error());
    add_use(remark, sent ? "a code was sent to " + shown_address({channel.channel, channel.address})
                         : sent.error().message);
  }
  return remark;
}

// Lays what is ordered over what is there. A verified address stays in use until the new one is.
void overlay(const Draft& draft, Contact& contact, const ChannelOrder& order) {
  const auto known = std::ranges::find(contact.channels, order.channel, &ContactChannel::channel);
  if (order.address.empty()) {
    if (known != contact.channels.end()) contact.channels.erase(known);
    return;
  }
  if (known == contact.channels.end()) {
    contact.channels.push_back({order.channel, order.address, {}});
    std::ranges::sort(contact.channels, {}, &ContactChannel::channel);
    return;
  }
  if (known->address == order.address) return;
  const AddressKey now{order.channel, known->address};
  const bool is_back = known->address_before == order.address;
  if (is_verified(draft, now)) known->address_before = known->address;
  if (is_back || is_verified(draft, {order.channel, order.address})) known->address_before.clear();
  known->address = order.address;
}

// A contact in use must not become one that nothing reaches.
Status check_still_reachable(const Draft& draft, const Contact& contact) {
  if (draft.does_follow_file() || is_reachable(DraftDirectory(draft), contact)) return {};
  const auto uses = uses_of(draft.before(), contact.id);
  if (uses.empty()) return {};
  return fail(ErrorCode::refused, quoted("contact", contact.name) +
                                      " would have no verified address, and is used by " + uses);
}

Result<std::vector<ContactId>> with_members(const Draft& draft, std::vector<ContactId> members,
                                            const std::vector<ContactId>& added) {
  const DraftDirectory directory(draft);
  for (const auto id : added) {
    const auto contact = draft.get<Contact>(id);
    if (!contact) return there_is_no("contact", id.value);
    if (!draft.does_follow_file() && !is_reachable(directory, *contact)) {
      return fail(ErrorCode::refused, quoted("contact", contact->name) +
                                          " has no verified address yet; only then it can be in a "
                                          "group (vaultbell contact confirm NAME CODE)");
    }
    members.push_back(id);
  }
  std::ranges::sort(members);
  members.erase(std::unique(members.begin(), members.end()), members.end());
  if (members.size() <= kGroupMembersMax) return members;
  return fail(ErrorCode::full,
              "a group has at most " + std::to_string(kGroupMembersMax) + " members");
}

// Every one of these policies must still be one that tells somebody, and not too many.
Status check_policies(const Draft& draft, const std::set<PolicyHolder>& holders) {
  for (const auto& holder : holders) {
    const auto client = draft.get<Client>(holder.client);
    const auto vault = draft.get<Vault>(holder.vault);
    const auto& policy = client ? client->policy : vault->policy;
    for (const auto* audience : {&policy.audience, &policy.escalation}) {
      if (auto ok = check_audience(draft, *audience, name_of(draft.before(), holder)); !ok) {
        return ok;
      }
    }
  }
  return {};
}

template <class Id>
void add_holders(std::set<PolicyHolder>& holders,
                 const std::map<Id, std::set<PolicyHolder>>& naming, Id id) {
  const auto found = naming.find(id);
  if (found != naming.end()) holders.insert(found->second.begin(), found->second.end());
}

Status check_policies_naming(const Draft& draft, const Group& group) {
  const auto& state = draft.before();
  std::set<PolicyHolder> holders;
  add_holders(holders, state.policies_naming_group, group.id);
  if (group.members.empty() && !holders.empty()) {
    return fail(ErrorCode::refused, quoted("group", group.name) +
                                        " would be empty, and is used by " +
                                        uses_of(state, group.id));
  }
  return check_policies(draft, holders);
}

// The contact itself, or through its groups.
Status check_policies_naming(const Draft& draft, const Contact& contact) {
  const auto& state = draft.before();
  std::set<PolicyHolder> holders;
  add_holders(holders, state.policies_naming_contact, contact.id);
  if (const auto groups = state.groups_of.find(contact.id); groups != state.groups_of.end()) {
    for (const auto id : groups->second) add_holders(holders, state.policies_naming_group, id);
  }
  return check_policies(draft, holders);
}

}  // namespace

Status check_form(Channel channel, std::string_view address) {
  switch (channel) {
    case Channel::email:
      return check_mail_address(address);
    case Channel::mobile:
      return check_mobile_number(address);
    case Channel::webhook:
      if (const auto parsed = parse_webhook_address(address); !parsed) return fail(parsed.error());
      return {};
  }
  return {};
}

std::string uses_of(const State& state, ContactId contact) {
  std::string uses;
  if (const auto groups = state.groups_of.find(contact); groups != state.groups_of.end()) {
    for (const auto id : groups->second) {
      add_use(uses, quoted("group", state.groups.at(id).name));
    }
  }
  const auto holders = state.policies_naming_contact.find(contact);
  if (holders == state.policies_naming_contact.end()) return uses;
  for (const auto& holder : holders->second) add_use(uses, name_of(state, holder));
  return uses;
}

std::string uses_of(const State& state, GroupId group) {
  std::string uses;
  const auto holders = state.policies_naming_group.find(group);
  if (holders == state.policies_naming_group.end()) return uses;
  for (const auto& holder : holders->second) add_use(uses, name_of(state, holder));
  return uses;
}

Result<std::string> create_contact(Draft& draft, const CreateContact& order) {
  if (auto ok = check_free(draft.before().contact_by_name, "contact", order.name); !ok) {
    return fail(ok.error());
  }
  if (draft.before().contacts.size() >= kContactsMax) {
    return fail(ErrorCode::full, "there are already " + std::to_string(kContactsMax) + " contacts");
  }
  if (auto ok = check_channels(draft.before(), {}, order.channels); !ok) return fail(ok.error());
  Contact contact{.name = order.name, .created_at = draft.now()};
  for (const auto& channel : order.channels) overlay(draft, contact, channel);
  if (contact.channels.empty()) return without_channel();
  contact.id = draft.next_contact();
  draft.put(contact);
  return prove(draft, contact, order.channels);
}

Result<std::string> edit_contact(Draft& draft, const EditContact& order) {
  auto contact = draft.get<Contact>(order.contact);
  if (!contact) return there_is_no("contact", order.contact.value);
  const auto as_it_was = *contact;
  if (order.name && *order.name != contact->name) {
    if (auto ok = check_free(draft.before().contact_by_name, "contact", *order.name); !ok) {
      return fail(ok.error());
    }
    contact->name = *order.name;
  }
  if (auto ok = check_channels(draft.before(), contact->id, order.channels); !ok) {
    return fail(ok.error());
  }
  std::vector<ChannelOrder> changed;
  for (const auto& channel : order.channels) {
    const auto before = contact->channels;
    overlay(draft, *contact, channel);
    if (contact->channels != before) changed.push_back(channel);
  }
  if (*contact == as_it_was) return std::string("nothing to change");
  if (contact->channels.empty()) return without_channel();
  if (auto ok = check_still_reachable(draft, *contact); !ok) return fail(ok.error());
  draft.put(*contact);
  if (auto ok = check_policies_naming(draft, *contact); !ok) return fail(ok.error());
  return prove(draft, *contact, changed);
}

Result<std::string> delete_contact(Draft& draft, const DeleteContact& order) {
  const auto contact = draft.get<Contact>(order.contact);
  if (!contact) return there_is_no("contact", order.contact.value);
  if (const auto uses = uses_of(draft.before(), contact->id); !uses.empty()) {
    return fail(ErrorCode::refused, quoted("contact", contact->name) + " is used by " + uses +
                                        "; take it out there first");
  }
  draft.erase(contact->key());
  return std::string();
}

Result<std::string> test_contact(Draft& draft, const TestContact& order) {
  const auto contact = draft.get<Contact>(order.contact);
  if (!contact) return there_is_no("contact", order.contact.value);
  const DraftDirectory directory(draft);
  std::string sent_to;
  for (const auto& channel : contact->channels) {
    const auto place = reached_at(directory, channel);
    if (!place) continue;
    queue(draft, {.event = NotificationEvent::test,
                  .to = {{contact->name, place->channel, place->address},
                         RecipientReason::asked_for_test,
                         contact->id}});
    add_use(sent_to, shown_address(*place));
  }
  if (!sent_to.empty()) return "a test message goes to " + sent_to;
  return fail(ErrorCode::refused, quoted("contact", contact->name) +
                                      " has no verified address; until then it gets codes alone");
}

Result<std::string> create_group(Draft& draft, const CreateGroup& order) {
  if (auto ok = check_name("group name", order.name); !ok) return fail(ok.error());
  if (draft.before().group_by_name.contains(order.name)) {
    return fail(ErrorCode::refused, "there is already a " + quoted("group", order.name));
  }
  if (draft.before().groups.size() >= kGroupsMax) {
    return fail(ErrorCode::full, "there are already " + std::to_string(kGroupsMax) + " groups");
  }
  auto members = with_members(draft, {}, order.members);
  if (!members) return fail(members.error());
  draft.put(Group{.id = draft.next_group(),
                  .name = order.name,
                  .members = std::move(*members),
                  .created_at = draft.now()});
  return std::string();
}

Result<std::string> edit_group(Draft& draft, const EditGroup& order) {
  auto group = draft.get<Group>(order.group);
  if (!group) return there_is_no("group", order.group.value);
  const auto as_it_was = *group;
  if (order.name && *order.name != group->name) {
    if (auto ok = check_name("group name", *order.name); !ok) return fail(ok.error());
    if (draft.before().group_by_name.contains(*order.name)) {
      return fail(ErrorCode::refused, "there is already a " + quoted("group", *order.name));
    }
    group->name = *order.name;
  }
  auto members = with_members(draft, group->members, order.add);
  if (!members) return fail(members.error());
  std::erase_if(*members, [&](ContactId id) {
    return std::ranges::find(order.remove, id) != order.remove.end();
  });
  group->members = std::move(*members);
  if (*group == as_it_was) return std::string("nothing to change");
  draft.put(*group);
  if (auto ok = check_policies_naming(draft, *group); !ok) return fail(ok.error());
  return std::string();
}

Result<std::string> delete_group(Draft& draft, const DeleteGroup& order) {
  const auto group = draft.get<Group>(order.group);
  if (!group) return there_is_no("group", order.group.value);
  if (const auto uses = uses_of(draft.before(), group->id); !uses.empty()) {
    return fail(ErrorCode::refused, quoted("group", group->name) + " is used by " + uses +
                                        "; set that to another one first");
  }
  draft.erase(group->key());
  return std::string();
}

}  // namespace vaultbell::core
