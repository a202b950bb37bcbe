// Policies against a second statement of R6.1 to R6.6 and R4.5 that was written from the rules
// alone: whatever vault, client, contacts, groups and owners there are, both tell the same people.
#include <algorithm>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "aggregator/core/alerts.hpp"
#include "aggregator/core/routing.hpp"
#include "tests/support/builders.hpp"

namespace vaultbell::core {
namespace {

constexpr int kContacts = 5;
constexpr int kGroups = 3;
constexpr int kAddresses = 4;  // fewer than contacts: some share one

int one_below(int count) {
  return *rc::gen::inRange(0, count);
}

bool maybe(int of = 2) {
  return one_below(of) == 0;
}

template <class E>
E any_word() {
  return kEnumText<E>[static_cast<std::size_t>(one_below(static_cast<int>(kEnumText<E>.size())))]
      .value;
}

// Everybody, as plain tables.
struct Town final : Directory {
  Table<Contact> contacts;
  Table<Group> groups;
  Table<Address> addresses;

  template <class R>
  static std::optional<R> row_in(const Table<R>& table, const typename R::Key& key) {
    const auto found = table.find(key);
    return found == table.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] std::optional<Contact> contact(ContactId id) const override {
    return row_in(contacts, id);
  }
  [[nodiscard]] std::optional<Group> group(GroupId id) const override { return row_in(groups, id); }
  [[nodiscard]] std::optional<Address> address(const AddressKey& key) const override {
    return row_in(addresses, key);
  }
};

std::string any_address(Channel channel) {
  const auto number = std::to_string(one_below(kAddresses));
  return channel == Channel::email ? "mail" + number + "@example.org" : "+4930" + number;
}

ContactChannel any_channel(Channel channel) {
  return {channel, any_address(channel), maybe(3) ? any_address(channel) : ""};
}

template <class Id>
std::vector<Id> some(int count) {
  std::vector<Id> ids;
  for (int i = 1; i <= count; ++i) {
    if (maybe()) ids.push_back({static_cast<std::uint64_t>(i)});
  }
  return ids;
}

void people(Town& town) {
  for (std::uint64_t i = 1; i <= kContacts; ++i) {
    Contact contact{.id = {i}, .name = "contact" + std::to_string(i)};
    if (maybe()) contact.channels.push_back(any_channel(Channel::email));
    if (maybe() || contact.channels.empty())
      contact.channels.push_back(any_channel(Channel::mobile));
    town.contacts[contact.id] = contact;
  }
  for (std::uint64_t i = 1; i <= kGroups; ++i) {
    town.groups[{i}] = {.id = {i}, .name = "group", .members = some<ContactId>(kContacts)};
  }
  for (const auto channel : {Channel::email, Channel::mobile}) {
    for (int i = 0; i < kAddresses; ++i) {
      if (maybe(4)) continue;  // nobody knows anything of it
      Address address{.channel = channel, .address = any_address(channel)};
      if (maybe()) address.verified_at = support::at("01-01 00:00");
      town.addresses[address.key()] = address;
    }
  }
}

std::vector<KindHold> any_holds() {
  std::vector<KindHold> holds;
  for (const auto& [kind, text] : kEnumText<AlertKind>) {
    if (maybe(8)) holds.push_back({kind, std::chrono::minutes(one_below(90))});
  }
  return holds;
}

Policy any_policy(bool may_be_its_vaults) {
  Policy policy{.mode = any_word<PolicyMode>()};
  const bool is_its_vaults = policy.mode == PolicyMode::same_as_vault;
  if (is_its_vaults && may_be_its_vaults) return policy;
  if (is_its_vaults) policy.mode = PolicyMode::off;
  if (policy.mode == PolicyMode::custom) {
    policy.audience = {some<ContactId>(kContacts), some<GroupId>(kGroups)};
  }
  if (maybe(3)) policy.least_severity = any_word<Severity>();
  if (maybe(3)) {
    for (const auto& [kind, text] : kEnumText<AlertKind>) {
      if (maybe()) policy.kinds.push_back(kind);
    }
  }
  if (maybe()) policy.notify_after = std::chrono::minutes(one_below(90));
  policy.notify_after_by_kind = any_holds();
  return policy;
}

Settings any_settings() {
  Settings settings;
  const auto owners = one_below(4);
  for (int i = 0; i < owners; ++i) settings.owners.push_back(any_address(Channel::email));
  settings.off_silences_destructive = maybe();
  settings.notify_after = std::chrono::minutes(one_below(90));
  settings.notify_after_by_kind = any_holds();
  return settings;
}

// ---- the rules, once more

using Places = std::set<AddressKey>;

// R5.2, R5.3: an address counts once it is verified; until a changed one is, the old one does.
void add_places(Places& places, const Town& town, ContactId id) {
  const auto contact = town.contacts.find(id);
  if (contact == town.contacts.end()) return;
  for (const auto& channel : contact->second.channels) {
    const auto is_verified = [&](const std::string& text) {
      const auto address = town.addresses.find({channel.channel, text});
      return address != town.addresses.end() && address->second.verified_at.has_value();
    };
    if (is_verified(channel.address)) {
      places.insert({channel.channel, channel.address});
    } else if (is_verified(channel.address_before)) {
      places.insert({channel.channel, channel.address_before});
    }
  }
}

Places owners_of(const Settings& settings) {
  Places places;
  for (const auto& owner : settings.owners) places.insert({Channel::email, owner});
  return places;
}

// R6.1: those who are named, directly or through groups; R6.6: a set has each place once.
Places named_by(const Policy& policy, const Town& town) {
  Places places;
  for (const auto id : policy.audience.contacts) add_places(places, town, id);
  for (const auto id : policy.audience.groups) {
    for (const auto member : town.groups.at(id).members) add_places(places, town, member);
  }
  return places;
}

// R6.4
bool is_wanted(const Policy& policy, AlertKind kind, Severity severity) {
  const bool is_severe = !policy.least_severity || severity >= *policy.least_severity;
  const std::set<AlertKind> kinds(policy.kinds.begin(), policy.kinds.end());
  return is_severe && (kinds.empty() || kinds.contains(kind));
}

Places told(const Town& town, const Settings& settings, const Matter& matter) {
  // R6.2: any other than same_as_vault overrides the vault's.
  const auto& policy =
      matter.client.mode == PolicyMode::same_as_vault ? matter.vault : matter.client;
  const bool is_destruction = matter.kind == AlertKind::backup_data_deleted;
  if (policy.mode == PolicyMode::off) {
    // R6.3
    const bool are_owners_told = is_destruction && !settings.off_silences_destructive;
    return are_owners_told ? owners_of(settings) : Places{};
  }
  if (!is_destruction && !is_wanted(policy, matter.kind, matter.severity)) return {};
  auto places = policy.mode == PolicyMode::custom ? named_by(policy, town) : owners_of(settings);
  // R6.1: what is declared before it is verified reaches nobody yet
  if (policy.mode == PolicyMode::custom && places.empty()) places = owners_of(settings);
  if (is_destruction) places.merge(owners_of(settings));
  return places;
}

// R4.5: client before vault before account, and at each of them the kind before all.
Duration held_for(const Settings& settings, const Policy& vault, const Policy& client,
                  AlertKind kind) {
  const auto at_level = [&](const std::vector<KindHold>& kinds,
                            std::optional<Duration> all) -> std::optional<Duration> {
    for (const auto& hold : kinds) {
      if (hold.kind == kind) return hold.notify_after;
    }
    return all;
  };
  const bool has_own = client.mode != PolicyMode::same_as_vault;
  const auto own = at_level(client.notify_after_by_kind, client.notify_after);
  if (has_own && own) return *own;
  if (const auto hold = at_level(vault.notify_after_by_kind, vault.notify_after)) return *hold;
  return *at_level(settings.notify_after_by_kind, settings.notify_after);
}

// R6.1 R6.2 R6.3 R6.4 R6.6
RC_GTEST_PROP(PolicyRules, TellExactlyThoseWhomTheRulesName, ()) {
  Town town;
  people(town);
  const auto settings = any_settings();
  const auto vault = any_policy(false);
  const auto client = any_policy(true);
  const auto kind = maybe(4) ? AlertKind::backup_data_deleted : any_word<AlertKind>();
  const Matter matter{vault, client, kind, any_word<Severity>()};

  const auto routing = route(town, settings, matter);

  Places places;
  for (const auto& chosen : routing.recipients) {
    RC_ASSERT(places.insert(chosen.recipient.place()).second);
  }
  RC_ASSERT(places == told(town, settings, matter));
  RC_ASSERT((routing.reason == NotifyReason::notified) == !places.empty());
  const bool is_clients = client.mode != PolicyMode::same_as_vault;
  RC_ASSERT(routing.level == (is_clients ? PolicyLevel::client : PolicyLevel::vault));
}

template <class Id>
bool is_among(const std::vector<Id>& ids, Id id) {
  return std::ranges::find(ids, id) != ids.end();
}

// Whether the reason that is given for a recipient is so.
bool is_true(const ChosenRecipient& chosen, const Town& town, const Settings& settings,
             const Matter& matter) {
  const auto& policy = *in_force(matter.vault, matter.client).policy;
  const auto place = chosen.recipient.place();
  const bool is_destruction = matter.kind == AlertKind::backup_data_deleted;
  if (chosen.why == RecipientReason::owner_by_default_policy) {
    return policy.mode == PolicyMode::default_recipients && owners_of(settings).contains(place);
  }
  if (chosen.why == RecipientReason::owner_in_place) {
    return policy.mode == PolicyMode::custom && owners_of(settings).contains(place);
  }
  if (chosen.why == RecipientReason::owner_of_destroyed_data) {
    return is_destruction && owners_of(settings).contains(place);
  }
  Places places;
  add_places(places, town, chosen.contact);
  if (!places.contains(place)) return false;
  if (chosen.why == RecipientReason::contact_of_policy) {
    return is_among(policy.audience.contacts, chosen.contact);
  }
  return chosen.why == RecipientReason::member_of_group &&
         is_among(policy.audience.groups, chosen.group) &&
         is_among(town.groups.at(chosen.group).members, chosen.contact);
}

// R6.1: whoever is a recipient is one by a rule that is so.
RC_GTEST_PROP(PolicyRules, GiveReasonsThatAreTrue, ()) {
  Town town;
  people(town);
  const auto settings = any_settings();
  const auto vault = any_policy(false);
  const auto client = any_policy(true);
  const Matter matter{vault, client, any_word<AlertKind>(), Severity::critical};
  for (const auto& chosen : route(town, settings, matter).recipients) {
    RC_ASSERT(is_true(chosen, town, settings, matter));
  }
}

// R4.5
RC_GTEST_PROP(PolicyRules, HoldForAsLongAsTheNearestLevelSays, ()) {
  const auto settings = any_settings();
  const auto vault = any_policy(false);
  const auto client = any_policy(true);
  const auto kind = any_word<AlertKind>();
  RC_ASSERT(notify_after(settings, vault, client, kind) == held_for(settings, vault, client, kind));
  const std::set<AlertKind> at_once{AlertKind::backup_data_deleted, AlertKind::protection_stopped,
                                    AlertKind::self, AlertKind::delivery_failing, AlertKind::test};
  const auto hold =
      at_once.contains(kind) ? Duration::zero() : held_for(settings, vault, client, kind);
  RC_ASSERT(hold_of(settings, vault, client, kind) == hold);
}

}  // namespace
}  // namespace vaultbell::core
