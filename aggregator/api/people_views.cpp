#include "aggregator/api/in_json.hpp"
#include "aggregator/api/views.hpp"
#include "aggregator/core/shown_address.hpp"
#include "aggregator/core/verification.hpp"
#include "shared/domain/daily_hours.hpp"

namespace vaultbell::api {

namespace {

// Whether messages go to an address, and if not, what they wait for.
struct ChannelState {
  std::string_view word;
  std::string_view sentence;
};

ChannelState state_of(const core::Address& address, Instant now) {
  if (address.verified_at) return {"verified", "Somebody proved to read what is sent there."};
  const auto& code = address.code;
  if (code && code->expires_at > now && code->tries_left > 0) {
    return {"code_sent", "A code was sent there; nothing else is until it is confirmed."};
  }
  if (code) return {"unverified", "Its code can no longer be used; another one must be sent."};
  return {"unverified", "No code was sent there yet; nothing else is before one is confirmed."};
}

Json json_of(const core::ContactChannel& channel, Rows& rows, Instant now) {
  const RowsDirectory directory(rows);
  const core::AddressKey place{channel.channel, channel.address};
  const auto address = directory.address(place).value_or(
      core::Address{.channel = place.channel, .address = place.address});
  const auto state = state_of(address, now);
  const auto in_use = core::reached_at(directory, channel);
  const bool needs_code = !address.verified_at.has_value();
  const auto next_at = core::next_code_at(address);
  return {
      {"channel", in_json(channel.channel)},
      {"address", core::shown_address(place)},
      {"state", state.word},
      {"state_sentence", state.sentence},
      {"verified_at", in_json(address.verified_at)},
      {"in_use", in_use ? Json(core::shown_address(*in_use)) : Json()},
      {"code_expires_at", address.code ? in_json(address.code->expires_at) : Json()},
      {"code_tries_left", address.code ? Json(address.code->tries_left) : Json()},
      {"next_code_at", needs_code && next_at > now ? in_json(next_at) : Json()},
  };
}

template <class Id>
Json names_of(const std::vector<Id>& ids, Rows& rows) {
  Json names = Json::array();
  for (const auto id : ids) names.push_back(rows.name_of(id));
  return names;
}

Json kinds_of(const core::Policy& policy) {
  Json kinds = Json::array();
  for (const auto kind : policy.kinds) kinds.push_back(in_json(kind));
  return kinds;
}

Json holds_of(const core::Policy& policy) {
  Json holds = Json::object();
  for (const auto& [kind, notify_after] : policy.notify_after_by_kind) {
    holds[std::string(to_text(kind))] = in_json(notify_after);
  }
  return holds;
}

}  // namespace

Json view_of(const core::Contact& contact, Rows& rows, Instant now) {
  Json channels = Json::array();
  for (const auto& channel : contact.channels) channels.push_back(json_of(channel, rows, now));
  return {{"id", contact.id.value},
          {"name", contact.name},
          {"channels", std::move(channels)},
          {"is_reachable", core::is_reachable(RowsDirectory(rows), contact)},
          {"managed_by", text_or_null(contact.managed_by)},
          {"created_at", in_json(contact.created_at)},
          {"revision", contact.revision}};
}

Json view_of(const core::Group& group, Rows& rows) {
  return {{"id", group.id.value},
          {"name", group.name},
          {"members", names_of(group.members, rows)},
          {"member_count", group.members.size()},
          {"managed_by", text_or_null(group.managed_by)},
          {"created_at", in_json(group.created_at)},
          {"revision", group.revision}};
}

Json view_of(const core::Policy& policy, Rows& rows) {
  const auto& quiet = policy.quiet;
  return {{"mode", in_json(policy.mode)},
          {"contacts", names_of(policy.audience.contacts, rows)},
          {"groups", names_of(policy.audience.groups, rows)},
          {"least_severity", in_json(policy.least_severity)},
          {"kinds", kinds_of(policy)},
          {"notify_after", in_json(policy.notify_after)},
          {"notify_after_by_kind", holds_of(policy)},
          {"frequency", in_json(policy.frequency)},
          {"tells_recovery", policy.tells_recovery},
          {"remind_every", in_json(policy.remind_every)},
          {"escalate_after", in_json(policy.escalate_after)},
          {"escalation_contacts", names_of(policy.escalation.contacts, rows)},
          {"escalation_groups", names_of(policy.escalation.groups, rows)},
          {"quiet_hours", quiet ? Json(to_text(quiet->hours)) : Json()},
          {"quiet_zone", quiet ? Json(quiet->zone) : Json()},
          {"do_critical_pass", quiet ? Json(quiet->do_critical_pass) : Json()}};
}

}  // namespace vaultbell::api
