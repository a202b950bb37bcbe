#include "aggregator/core/verification.hpp"

#include <algorithm>

#include "aggregator/core/deliveries.hpp"
#include "aggregator/core/refusals.hpp"
#include "aggregator/core/routing.hpp"
#include "aggregator/core/shown_address.hpp"
#include "shared/base/duration.hpp"

namespace vaultbell::core {

namespace {

// What waits to be sent with an older code would only confuse.
void cancel_older(Draft& draft, const Address& address) {
  if (!address.code) return;
  const auto older = draft.get<Notification>(address.code->notification);
  if (older && older->state == NotificationState::pending) {
    cancel(draft, *older, EndReason::replaced_by_newer);
  }
}

// The contacts that had this address beside a verified older one use it from now on.
void use_new_address(Draft& draft, const AddressKey& key) {
  const auto holders = draft.before().contacts_at.find(key);
  if (holders == draft.before().contacts_at.end()) return;
  for (const auto id : holders->second) {
    auto contact = *draft.get<Contact>(id);
    bool is_changed = false;
    for (auto& channel : contact.channels) {
      if (channel.channel != key.channel || channel.address != key.address) continue;
      is_changed = is_changed || !channel.address_before.empty();
      channel.address_before.clear();
    }
    if (is_changed) draft.put(std::move(contact));
  }
}

void verify(Draft& draft, Address address) {
  address.verified_at = draft.now();
  address.code.reset();
  const auto key = address.key();
  draft.put(std::move(address));
  use_new_address(draft, key);
}

// Why a code that is not the right one does not do, and what would.
std::string why_wrong(const Address& address, Instant now) {
  const auto& code = *address.code;
  const auto shown = shown_address(address.key());
  if (code.expires_at <= now) {
    return "the code for " + shown + " expired at " + to_iso(code.expires_at) +
           "; send another one: vaultbell contact verify NAME";
  }
  if (code.tries_left == 0) {
    return "the code for " + shown +
           " was typed wrongly too often; send another one: vaultbell contact verify NAME";
  }
  return "the code for " + shown + " is another one; " + std::to_string(code.tries_left) +
         (code.tries_left == 1 ? " try is" : " tries are") + " left";
}

// What makes a channel usable.
std::string setting_of(Channel channel) {
  switch (channel) {
    case Channel::email:
      return "[smtp] url";
    case Channel::mobile:
      return "[sms] url";
    case Channel::webhook:
      return "[webhook]";
  }
  return {};
}

bool is_usable(const PendingCode& code, Instant now) {
  return code.expires_at > now && code.tries_left > 0;
}

}  // namespace

Instant next_code_at(const Address& address) {
  const auto& sent = address.codes_sent;
  if (sent.empty()) return Instant::min();
  const auto after_the_last = sent.back() + kCodeResendAfter;
  if (sent.size() < kCodesPerWindowMax) return after_the_last;
  return std::max(after_the_last, sent[sent.size() - kCodesPerWindowMax] + kCodesWindow);
}

Status send_code(Draft& draft, const Contact& contact, const ChannelOrder& channel) {
  const AddressKey key{channel.channel, channel.address};
  if (!settings_of(draft.before().settings, key.channel).is_configured) {
    return fail(ErrorCode::refused, "no code can be sent to " + shown_address(key) + ": " +
                                        std::string(to_text(key.channel)) +
                                        " is not configured (set " + setting_of(key.channel) + ")");
  }
  auto address = address_row(draft, key);
  const auto now = draft.now();
  std::erase_if(address.codes_sent, [&](Instant at) { return at <= now - kCodesWindow; });
  if (const auto at = next_code_at(address); at > now) {
    return fail(ErrorCode::full, "a code was sent to " + shown_address(key) +
                                     " only just now; the next can be sent in " +
                                     to_words(at - now));
  }
  cancel_older(draft, address);
  const auto notification = queue(draft, {.event = NotificationEvent::verification,
                                          .to = {{contact.name, key.channel, key.address},
                                                 RecipientReason::address_to_verify,
                                                 contact.id},
                                          .give_up_at = now + kCodeLife});
  address.codes_sent.push_back(now);
  address.code = PendingCode{.nonce = channel.code.nonce,
                             .hash = channel.code.hash,
                             .expires_at = now + kCodeLife,
                             .tries_left = kCodeTriesMax,
                             .notification = notification};
  draft.put(std::move(address));
  return {};
}

Result<std::string> send_codes(Draft& draft, const SendCodes& order) {
  const auto contact = draft.get<Contact>(order.contact);
  if (!contact) {
    return there_is_no("contact", order.contact.value);
  }
  std::string sent_to;
  for (const auto& channel : order.channels) {
    const auto known =
        std::ranges::find(contact->channels, channel.channel, &ContactChannel::channel);
    if (known == contact->channels.end() || known->address != channel.address) {
      return fail(ErrorCode::refused,
                  "contact \"" + contact->name + "\" was changed just now; look at it again");
    }
    if (address_row(draft, {channel.channel, channel.address}).verified_at) continue;
    if (auto ok = send_code(draft, *contact, channel); !ok) return fail(ok.error());
    sent_to += (sent_to.empty() ? "" : ", ") + shown_address({channel.channel, channel.address});
  }
  if (sent_to.empty()) return std::string("every address is verified");
  return "a code was sent to " + sent_to;
}

void take_code_back(Draft& draft, const Notification& notification) {
  auto address = draft.get<Address>(notification.recipient.place());
  const bool is_waited_for = notification.event == NotificationEvent::verification && address &&
                             address->code && address->code->notification == notification.id;
  if (is_waited_for && is_usable(*address->code, draft.now())) verify(draft, std::move(*address));
}

Result<Confirmed> confirm_code(Draft& draft, const ConfirmCode& order) {
  const auto contact = draft.get<Contact>(order.contact);
  if (!contact) {
    return there_is_no("contact", order.contact.value);
  }
  std::vector<Address> waiting;
  for (const auto& candidate : order.candidates) {
    auto address = draft.get<Address>(candidate.place);
    if (!address || !address->code) continue;
    if (is_usable(*address->code, draft.now()) && address->code->hash == candidate.hash) {
      const auto remark = shown_address(address->key()) + " is verified";
      verify(draft, std::move(*address));
      return Confirmed{remark, std::nullopt};
    }
    waiting.push_back(std::move(*address));
  }
  if (waiting.empty()) {
    return fail(ErrorCode::refused,
                "no code for contact \"" + contact->name +
                    "\" is waited for; send one: vaultbell contact verify NAME");
  }
  std::string why;
  for (auto& address : waiting) {
    if (is_usable(*address.code, draft.now())) {
      --address.code->tries_left;
      draft.put(address);
    }
    why += (why.empty() ? "" : "; ") + why_wrong(address, draft.now());
  }
  return Confirmed{{}, Error{ErrorCode::refused, why}};
}

}  // namespace vaultbell::core
