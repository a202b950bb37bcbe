// Contacts, groups, and the codes by which addresses are verified.
#include <fmt/format.h>

#include "tests/scenarios/statements.hpp"

namespace vaultbell::scenarios {

namespace {

Result<ContactId> contact_named(Stage& stage, const std::string& name) {
  const auto& contacts = stage.world().state().contact_by_name;
  const auto found = contacts.find(name);
  if (found == contacts.end()) return fail(fmt::format("there is no contact \"{}\"", name));
  return found->second;
}

// Each contact has a number of its own.
std::string mobile_number(Stage& stage) {
  return fmt::format("+4915112{:06}", stage.world().state().contacts.size());
}

Status make_contact(Stage& stage, const Match& match) {
  std::string email;
  std::string mobile;
  for (const auto& channel : names_in(match.at("REST"))) {
    if (channel == "mail") {
      email = match.at("PERSON") + "@example.org";
    } else if (channel == "sms") {
      mobile = mobile_number(stage);
    } else {
      return fail(fmt::format("\"{}\" is neither mail nor sms", channel));
    }
  }
  stage.world().contact(match.at("PERSON"), email, mobile);
  return {};
}

Status make_group(Stage& stage, const Match& match) {
  std::vector<ContactId> members;
  for (const auto& name : names_in(match.at("REST"))) {
    const auto contact = contact_named(stage, name);
    if (!contact) return fail(contact.error());
    members.push_back(*contact);
  }
  stage.world().group(match.at("GROUP"), members);
  return {};
}

// The address of whoever is called so, with a code that nobody else has.
core::ChannelOrder mail_to(Stage& stage, const std::string& name) {
  const auto key = address_of(stage, name);
  core::ChannelOrder order{.channel = key.channel, .address = key.address};
  order.code.hash = support::token_hash(std::hash<std::string>()(key.address));
  return order;
}

Status add_contact(Stage& stage, const Match& match) {
  const auto& name = match.at("PERSON");
  return done(
      stage.world().order(core::CreateContact{.name = name, .channels = {mail_to(stage, name)}}));
}

Status change_address(Stage& stage, const Match& match) {
  const auto contact = contact_named(stage, match.at("PERSON"));
  if (!contact) return fail(contact.error());
  core::EditContact edit{.contact = *contact};
  edit.channels = {mail_to(stage, match.at("ADDRESS"))};
  return done(stage.world().order(edit));
}

Status enter_code(Stage& stage, const Match& match) {
  const auto contact = contact_named(stage, match.at("PERSON"));
  if (!contact) return fail(contact.error());
  core::ConfirmCode order{.contact = *contact};
  const auto& state = stage.world().state();
  for (const auto& channel : state.contacts.at(*contact).channels) {
    const core::AddressKey place{channel.channel, channel.address};
    const auto address = state.addresses.find(place);
    if (address == state.addresses.end() || !address->second.code) continue;
    order.candidates.push_back({place, address->second.code->hash});
  }
  return done(stage.world().order(order));
}

}  // namespace

Statements people() {
  return {
      {Pattern("contact PERSON by REST"),
       "a contact with verified addresses: mail, sms, or mail and sms", make_contact},
      {Pattern("group GROUP of REST"), "these contacts", make_group},
      {Pattern("operator adds contact PERSON"), "whose mail address is still to be verified",
       add_contact},
      {Pattern("operator changes the address of PERSON to ADDRESS"),
       "the mail address, which is to be verified", change_address},
      {Pattern("PERSON enters the code"), "that was sent to the address", enter_code},
  };
}

}  // namespace vaultbell::scenarios
