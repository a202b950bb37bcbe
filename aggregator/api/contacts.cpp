#include <algorithm>

#include <fmt/format.h>

#include "aggregator/api/codes.hpp"
#include "aggregator/api/in_json.hpp"
#include "aggregator/api/lists.hpp"
#include "aggregator/api/uses.hpp"
#include "aggregator/api/views.hpp"
#include "aggregator/core/shown_address.hpp"
#include "shared/crypto/webhook_signature.hpp"

namespace vaultbell::api {

namespace {

Json contact_in_full(const Scene& scene, const core::Contact& contact, const Uses& uses) {
  auto json = view_of(contact, scene.rows, scene.now);
  Json groups = Json::array();
  for (const auto& use : uses.of(contact.id)) {
    if (use.what == "group") groups.push_back(use.name);
  }
  json["groups"] = std::move(groups);
  json["uses"] = uses.of(contact.id).size();
  return json;
}

// Each address gets a code of its own: whether it needs one is for the core to say.
core::ChannelOrder channel_order(const Scene& scene, const core::AddressKey& place) {
  return {place.channel, place.address, new_code(scene.facts.code_key, place)};
}

// `email`, `mobile` and `webhook`; null takes the channel away.
std::vector<core::ChannelOrder> channels_in(const Scene& scene, Fields& body) {
  std::vector<core::ChannelOrder> orders;
  for (const auto& [channel, name] : kEnumText<core::Channel>) {
    if (body.is_null(name)) orders.push_back({.channel = channel, .address = {}, .code = {}});
    const auto address = body.text(name);
    if (!address) continue;
    if (address->empty()) body.complain(name, "an address is missing");
    orders.push_back(channel_order(scene, {channel, *address}));
  }
  return orders;
}

}  // namespace

Result<Answer> list_contacts(const Scene& scene, Asked& asked) {
  const auto uses = Uses::find(scene);
  if (!uses) return fail(uses.error());
  return page_of<core::Contact>(
      scene, asked.query, oldest_first(), passes_all<core::Contact>,
      [&](const core::Contact& contact) { return contact_in_full(scene, contact, *uses); });
}

Result<Answer> show_contact(const Scene& scene, Asked& asked) {
  const auto contact = contact_named(scene, asked.names[0]);
  if (!contact) return fail(contact.error());
  const auto uses = Uses::find(scene);
  if (!uses) return fail(uses.error());
  return Answer(contact_in_full(scene, *contact, *uses));
}

// What a receiver needs to check signatures. It follows from the address, and is stored nowhere.
Result<Answer> show_webhook_secret(const Scene& scene, Asked& asked) {
  const auto contact = contact_named(scene, asked.names[0]);
  if (!contact) return fail(contact.error());
  const auto webhook =
      std::ranges::find(contact->channels, core::Channel::webhook, &core::ContactChannel::channel);
  if (webhook == contact->channels.end()) {
    return fail(ErrorCode::not_found, fmt::format("contact \"{}\" has no webhook", contact->name));
  }
  const auto place = core::AddressKey{webhook->channel, webhook->address};
  return Answer(Json{{"address", core::shown_address(place)},
                     {"secret", crypto::webhook_secret(scene.facts.code_key, webhook->address)}});
}

Result<Answer> show_contact_uses(const Scene& scene, Asked& asked) {
  const auto contact = contact_named(scene, asked.names[0]);
  if (!contact) return fail(contact.error());
  const auto uses = Uses::find(scene);
  if (!uses) return fail(uses.error());
  Json list = Json::array();
  for (const auto& use : uses->of(contact->id)) list.push_back(view_of(use));
  return Answer(Json{{"uses", std::move(list)}});
}

Result<Answer> create_contact(const Scene& scene, Asked& asked) {
  const auto name = asked.body.required_text("name");
  return Answer(OrderAsked{core::CreateContact{name, channels_in(scene, asked.body)}, {}});
}

Result<Answer> edit_contact(const Scene& scene, Asked& asked) {
  const auto contact = contact_named(scene, asked.names[0]);
  if (!contact) return fail(contact.error());
  const auto name = asked.body.text("name");
  return Answer(
      OrderAsked{core::EditContact{contact->id, name, channels_in(scene, asked.body)}, {}});
}

Result<Answer> delete_contact(const Scene& scene, Asked& asked) {
  const auto contact = contact_named(scene, asked.names[0]);
  if (!contact) return fail(contact.error());
  return Answer(OrderAsked{core::DeleteContact{contact->id}, {}});
}

Result<Answer> verify_contact(const Scene& scene, Asked& asked) {
  const auto contact = contact_named(scene, asked.names[0]);
  if (!contact) return fail(contact.error());
  core::SendCodes order{contact->id, {}};
  for (const auto& channel : contact->channels) {
    order.channels.push_back(channel_order(scene, {channel.channel, channel.address}));
  }
  return Answer(OrderAsked{std::move(order), {}});
}

Result<Answer> confirm_contact(const Scene& scene, Asked& asked) {
  const auto contact = contact_named(scene, asked.names[0]);
  if (!contact) return fail(contact.error());
  const auto code = asked.body.required_text("code");
  if (!code.empty() && !crypto::can_be_code(code)) {
    return fail(
        ErrorCode::invalid,
        fmt::format("\"{}\" is not a code: a code is six digits (example: \"041902\")", code));
  }
  core::ConfirmCode order{contact->id, {}};
  for (const auto& channel : contact->channels) {
    const core::AddressKey place{channel.channel, channel.address};
    const auto* address = scene.rows.find<core::Address>(place);
    if (address == nullptr || !address->code) continue;
    const auto purpose = purpose_of(place, address->code->nonce);
    order.candidates.push_back({place, crypto::hash_of_code(scene.facts.code_key, purpose, code)});
  }
  return Answer(OrderAsked{std::move(order), {}});
}

Result<Answer> test_contact(const Scene& scene, Asked& asked) {
  const auto contact = contact_named(scene, asked.names[0]);
  if (!contact) return fail(contact.error());
  return Answer(OrderAsked{core::TestContact{contact->id}, {}});
}

}  // namespace vaultbell::api
