#include "aggregator/core/recipients.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "aggregator/core/deliveries.hpp"
#include "aggregator/core/refusals.hpp"
#include "aggregator/core/routing.hpp"

namespace vaultbell::core {

namespace {

// Rows that greeting one address costs: its own and the notification.
constexpr std::size_t kRowsPerWelcome = 2;

tl::unexpected<Error> refused(std::string_view what, const std::string& why) {
  return fail(ErrorCode::refused, std::string(what) + " " + why);
}

Status check_contact(const Draft& draft, ContactId id, std::string_view what) {
  const DraftDirectory directory(draft);
  const auto contact = directory.contact(id);
  if (!contact) {
    return there_is_no("contact", id.value);
  }
  if (draft.does_follow_file() || is_reachable(directory, *contact)) return {};
  return refused(what, "cannot name contact \"" + contact->name +
                           "\": it has no verified address yet (vaultbell contact confirm NAME "
                           "CODE)");
}

Status check_group(const Draft& draft, GroupId id, std::string_view what) {
  const DraftDirectory directory(draft);
  const auto group = directory.group(id);
  if (!group) return there_is_no("group", id.value);
  if (group->members.empty()) {
    return refused(what, "cannot name group \"" + group->name + "\": it is empty");
  }
  if (draft.does_follow_file()) return {};
  const bool is_reached = std::ranges::any_of(group->members, [&](ContactId member) {
    const auto contact = directory.contact(member);
    return contact && is_reachable(directory, *contact);
  });
  if (is_reached) return {};
  return refused(what, "cannot name group \"" + group->name +
                           "\": none of its members has a verified address");
}

// Addresses that people may be told at one day, those included that are not verified yet: nobody is
// asked again when they are.
std::size_t address_count(const Directory& directory, const Audience& audience) {
  std::set<ContactId> contacts(audience.contacts.begin(), audience.contacts.end());
  for (const auto id : audience.groups) {
    const auto group = directory.group(id);
    if (group) contacts.insert(group->members.begin(), group->members.end());
  }
  std::set<std::tuple<Channel, std::string, std::string>> places;
  for (const auto id : contacts) {
    const auto contact = directory.contact(id);
    if (!contact) continue;
    for (const auto& [channel, address, before] : contact->channels) {
      places.emplace(channel, address, before);
    }
  }
  return places.size();
}

// What the vault's or client's row becomes with this policy; "nothing to change" where it has it.
template <class R>
Result<std::string> put_policy(Draft& draft, std::optional<R> row, const Policy& policy) {
  check(row.has_value(), "the holder of the policy was looked up");
  if (row->policy == policy) return std::string("nothing to change");
  row->policy = policy;
  draft.put(std::move(*row));
  return std::string();
}

bool is_configured(const State& state, Channel channel) {
  return settings_of(state.settings, channel).is_configured;
}

// Who is greeted at an address: the contact that has it, or the owner.
ChosenRecipient greeted(const State& state, const AddressKey& key) {
  ChosenRecipient chosen{{key.address, key.channel, key.address},
                         RecipientReason::became_recipient};
  const auto holders = state.contacts_at.find(key);
  if (holders == state.contacts_at.end()) return chosen;
  const auto& contact = state.contacts.at(*holders->second.begin());
  chosen.recipient.name = contact.name;
  chosen.contact = contact.id;
  return chosen;
}

}  // namespace

std::string name_of(const State& state, const PolicyHolder& holder) {
  if (holder.client.is_set()) {
    const auto client = state.clients.find(holder.client);
    return "the policy of client \"" +
           (client == state.clients.end() ? std::string() : client->second.name) + "\"";
  }
  const auto vault = state.vaults.find(holder.vault);
  return "the policy of vault \"" +
         (vault == state.vaults.end() ? std::string() : vault->second.name) + "\"";
}

Status check_audience(const Draft& draft, const Audience& audience, std::string_view what) {
  for (const auto id : audience.contacts) {
    if (auto ok = check_contact(draft, id, what); !ok) return ok;
  }
  for (const auto id : audience.groups) {
    if (auto ok = check_group(draft, id, what); !ok) return ok;
  }
  const auto count = address_count(DraftDirectory(draft), audience);
  if (count <= kRecipientsMax) return {};
  return refused(what, "would tell " + std::to_string(count) + " addresses at once, at most " +
                           std::to_string(kRecipientsMax) +
                           " are possible; a list address can stand for more people");
}

Result<std::string> set_policy(Draft& draft, const SetPolicy& order) {
  const bool is_of_client = order.holder.client.is_set();
  const auto vault = draft.get<Vault>(order.holder.vault);
  const auto client = draft.get<Client>(order.holder.client);
  if (is_of_client ? !client : !vault) {
    return fail(ErrorCode::not_found,
                is_of_client ? "there is no such client" : "there is no such vault");
  }
  if (client && client->state == ClientState::retired) {
    return fail(ErrorCode::refused,
                "client \"" + client->name + "\" is retired: it has no alerts to tell");
  }
  const auto what = name_of(draft.before(), order.holder);
  const auto level = is_of_client ? PolicyLevel::client : PolicyLevel::vault;
  if (auto ok = check_policy(order.policy, level, what); !ok) return fail(ok.error());
  if (auto ok = check_audience(draft, order.policy.audience, what); !ok) return fail(ok.error());
  if (auto ok = check_audience(draft, order.policy.escalation, what); !ok) return fail(ok.error());
  return is_of_client ? put_policy(draft, client, order.policy)
                      : put_policy(draft, vault, order.policy);
}

void welcome_recipients(Draft& draft) {
  const auto& state = draft.before();
  for (const auto& key : state.unwelcomed) {
    if (!is_configured(state, key.channel)) continue;
    if (!draft.has_room_for(kRowsPerWelcome)) return;
    auto address = address_row(draft, key);
    address.welcomed_at = draft.now();
    draft.put(std::move(address));
    queue(draft, {.event = NotificationEvent::welcome, .to = greeted(state, key)});
  }
}

bool is_welcome_due(const State& state) {
  return std::ranges::any_of(
      state.unwelcomed, [&](const AddressKey& key) { return is_configured(state, key.channel); });
}

}  // namespace vaultbell::core
