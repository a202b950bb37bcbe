#include "aggregator/core/routing.hpp"

#include <algorithm>
#include <functional>
#include <map>

namespace vaultbell::core {

namespace {

// Recipients by their address: whoever is added first keeps the place (R6.6).
class Chosen {
 public:
  void add(ChosenRecipient chosen) {
    auto place = chosen.recipient.place();
    by_place_.emplace(std::move(place), std::move(chosen));
  }

  void add_owners(const Settings& settings, RecipientReason why) {
    for (const auto& address : settings.owners) {
      add({.recipient = {address, Channel::email, address}, .why = why});
    }
  }

  void add_contact(const Directory& directory, const Contact& contact, RecipientReason why,
                   GroupId group) {
    for (const auto& channel : contact.channels) {
      if (const auto place = reached_at(directory, channel)) {
        add({{contact.name, place->channel, place->address}, why, contact.id, group});
      }
    }
  }

  void drop_unless(const std::function<bool(const AddressKey&)>& passes) {
    std::erase_if(by_place_, [&](const auto& entry) { return !passes(entry.first); });
  }

  [[nodiscard]] bool is_empty() const { return by_place_.empty(); }
  [[nodiscard]] std::vector<ChosenRecipient> in_order() const {
    std::vector<ChosenRecipient> recipients;
    for (const auto& [place, chosen] : by_place_) recipients.push_back(chosen);
    return recipients;
  }

 private:
  std::map<AddressKey, ChosenRecipient> by_place_;
};

void add_audience(Chosen& chosen, const Directory& directory, const Audience& audience,
                  RecipientReason direct) {
  const auto by_group =
      direct == RecipientReason::contact_of_policy ? RecipientReason::member_of_group : direct;
  for (const auto id : audience.contacts) {
    if (const auto contact = directory.contact(id)) {
      chosen.add_contact(directory, *contact, direct, {});
    }
  }
  for (const auto id : audience.groups) {
    const auto group = directory.group(id);
    if (!group) continue;
    for (const auto member : group->members) {
      if (const auto contact = directory.contact(member)) {
        chosen.add_contact(directory, *contact, by_group, id);
      }
    }
  }
}

Routing done(const Chosen& chosen, PolicyLevel level, NotifyReason if_nobody) {
  Routing routing{.recipients = chosen.in_order(), .level = level};
  if (routing.recipients.empty()) routing.reason = if_nobody;
  return routing;
}

bool is_destructive(AlertKind kind) {
  return kind == AlertKind::backup_data_deleted;
}

// Why a policy that names somebody tells nobody of this alert; absent if it does.
std::optional<NotifyReason> filtered_by(const Policy& policy, const Matter& matter) {
  if (policy.least_severity && matter.severity < *policy.least_severity) {
    return NotifyReason::nobody_below_severity;
  }
  const bool is_named =
      policy.kinds.empty() || std::ranges::find(policy.kinds, matter.kind) != policy.kinds.end();
  return is_named ? std::nullopt : std::optional(NotifyReason::nobody_kind_excluded);
}

// R6.3: of destroyed data the owners are told besides the recipients of the policy, whatever its
// mode and its filters.
Routing route_destroyed(const Directory& directory, const Settings& settings,
                        const PolicyInForce& in_force) {
  const auto& policy = *in_force.policy;
  if (policy.mode == PolicyMode::off && settings.off_silences_destructive) {
    return {NotifyReason::nobody_policy_off, {}, in_force.level};
  }
  Chosen chosen;
  if (policy.mode == PolicyMode::custom) {
    add_audience(chosen, directory, policy.audience, RecipientReason::contact_of_policy);
  }
  chosen.add_owners(settings, RecipientReason::owner_of_destroyed_data);
  return done(chosen, in_force.level, NotifyReason::nobody_no_owner);
}

Routing route_around(const Directory& directory, const Settings& settings,
                     const std::vector<Contact>& not_reached,
                     const std::function<bool(const AddressKey&)>& works) {
  Chosen chosen;
  chosen.add_owners(settings, RecipientReason::owner_of_account);
  for (const auto& contact : not_reached) {
    chosen.add_contact(directory, contact, RecipientReason::other_channel, {});
  }
  chosen.drop_unless(works);
  return done(chosen, PolicyLevel::account, NotifyReason::nobody_no_other_channel);
}

}  // namespace

std::vector<ChosenRecipient> people_of(const Directory& directory, const Audience& audience,
                                       RecipientReason direct) {
  Chosen chosen;
  add_audience(chosen, directory, audience, direct);
  return chosen.in_order();
}

Routing route(const Directory& directory, const Settings& settings, const Matter& matter) {
  const auto in_force = core::in_force(matter.vault, matter.client);
  const auto& policy = *in_force.policy;
  if (is_destructive(matter.kind)) return route_destroyed(directory, settings, in_force);
  if (policy.mode == PolicyMode::off) return {NotifyReason::nobody_policy_off, {}, in_force.level};
  if (const auto reason = filtered_by(policy, matter)) return {*reason, {}, in_force.level};
  Chosen chosen;
  if (policy.mode == PolicyMode::custom) {
    add_audience(chosen, directory, policy.audience, RecipientReason::contact_of_policy);
    // What a file declares may name people before their addresses are verified.
    if (chosen.is_empty()) chosen.add_owners(settings, RecipientReason::owner_in_place);
    return done(chosen, in_force.level, NotifyReason::nobody_reachable);
  }
  chosen.add_owners(settings, RecipientReason::owner_by_default_policy);
  return done(chosen, in_force.level, NotifyReason::nobody_no_owner);
}

Routing route_to_owners(const Settings& settings) {
  Chosen chosen;
  chosen.add_owners(settings, RecipientReason::owner_of_account);
  return done(chosen, PolicyLevel::account, NotifyReason::nobody_no_owner);
}

Routing route_around(const Directory& directory, const Settings& settings,
                     const AddressKey& failing, const std::vector<Contact>& not_reached) {
  return route_around(directory, settings, not_reached,
                      [&](const AddressKey& place) { return place != failing; });
}

Routing route_around(const Directory& directory, const Settings& settings, Channel failing,
                     const std::vector<Contact>& not_reached) {
  return route_around(directory, settings, not_reached,
                      [&](const AddressKey& place) { return place.channel != failing; });
}

}  // namespace vaultbell::core
