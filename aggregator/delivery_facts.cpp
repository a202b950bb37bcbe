#include "aggregator/delivery_facts.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "shared/crypto/verification_code.hpp"
#include "shared/crypto/webhook_signature.hpp"

namespace vaultbell::aggregator {

namespace {

constexpr std::string_view kMaskedCode = "******";
constexpr std::size_t kDigestEntriesMax = 200;  // in full; nobody reads more of one message

// A row that must be there because another one names it.
template <class R>
Result<R> require(const storage::Snapshot& snapshot, const typename R::Key& key,
                  std::string_view what) {
  auto row = snapshot.get<R>(key);
  if (!row) return fail(row.error());
  if (!*row) return fail(fmt::format("the store has no such {}", what));
  return std::move(**row);
}

Result<wording::AlertFacts> facts_of(const storage::Snapshot& snapshot, core::Alert alert) {
  wording::AlertFacts facts{.alert = std::move(alert)};
  auto vault = facts.alert.vault;
  if (facts.alert.client.is_set()) {
    auto client = require<core::Client>(snapshot, facts.alert.client, "client");
    if (!client) return fail(client.error());
    facts.client = client->name;
    vault = client->vault;
  }
  // A vault may be deleted and a job forgotten while messages about their alerts still wait: they
  // are owed all the same.
  if (vault.is_set()) {
    const auto row = snapshot.get<core::Vault>(vault);
    if (!row) return fail(row.error());
    facts.vault = *row ? (*row)->name : "(deleted)";
  }
  if (facts.alert.job.is_set()) {
    const auto job = snapshot.get<core::Job>(facts.alert.job);
    if (!job) return fail(job.error());
    facts.job = *job ? (*job)->name : "(forgotten)";
    if (*job) facts.last_good_at = (*job)->last_good_at;
  }
  if (facts.alert.run.is_set()) {
    auto run = snapshot.get<core::Run>(facts.alert.run);
    if (!run) return fail(run.error());
    facts.run = std::move(*run);
  }
  return facts;
}

Result<wording::AlertFacts> read_facts(const storage::Snapshot& snapshot, AlertId id) {
  auto alert = require<core::Alert>(snapshot, id, "alert");
  if (!alert) return fail(alert.error());
  return facts_of(snapshot, std::move(*alert));
}

Result<wording::Digest> read_digest(const storage::Snapshot& snapshot, NotificationId id,
                                    const Sender& sender) {
  wording::Digest digest{.account = sender.account};
  Status failed;
  const auto seen = snapshot.each_in<core::Notification>(
      storage::TableNumber::notification_by_digest, storage::key_bytes(id),
      storage::Order::ascending, std::nullopt, [&](const core::Notification& row) {
        if (digest.entries.size() >= kDigestEntriesMax) {
          ++digest.more;
          return true;
        }
        auto facts = read_facts(snapshot, row.alert);
        if (!facts) failed = fail(facts.error());
        if (facts) digest.entries.push_back({std::move(*facts), row.event});
        return failed.has_value();
      });
  if (!seen) return fail(seen.error());
  if (!failed) return fail(failed.error());
  return digest;
}

// A code, and until when it is good.
struct Code {
  std::string text;
  Instant expires_at;
};

Result<Code> read_code(const storage::Snapshot& snapshot, const core::Notification& notification,
                       const Sender& sender) {
  const auto address = require<core::Address>(snapshot, notification.recipient.place(), "address");
  if (!address) return fail(address.error());
  if (!address->code || address->code->notification != notification.id) {
    return fail("its code is not the newest any more");
  }
  const crypto::CodePurpose purpose{.channel = to_text(address->channel),
                                    .address = address->address,
                                    .nonce = address->code->nonce};
  const auto code = sender.code_key ? crypto::verification_code(*sender.code_key, purpose)
                                    : std::string(kMaskedCode);
  return Code{code, address->code->expires_at};
}

// Whether a policy names the contact, itself or through one of these groups.
bool names(const core::Policy& policy, ContactId contact, const std::set<GroupId>& groups) {
  const auto is_group = [&](GroupId id) { return groups.contains(id); };
  const auto& audience = policy.audience;
  return std::ranges::find(audience.contacts, contact) != audience.contacts.end() ||
         std::ranges::any_of(audience.groups, is_group);
}

Result<std::set<GroupId>> groups_of(const storage::Snapshot& snapshot, ContactId contact) {
  std::set<GroupId> groups;
  const auto seen = snapshot.each<core::Group>(
      storage::Order::ascending, std::nullopt, [&](const core::Group& group) {
        const bool is_member = std::ranges::find(group.members, contact) != group.members.end();
        if (is_member) groups.insert(group.id);
        return true;
      });
  if (!seen) return fail(seen.error());
  return groups;
}

Result<wording::Letter> read_welcome(const storage::Snapshot& snapshot,
                                     const core::Notification& notification, const Sender& sender) {
  const bool is_mail = notification.recipient.channel == core::Channel::email;
  wording::Welcome welcome{.account = sender.account,
                           .name = notification.recipient.name,
                           .is_owner = !notification.contact.is_set(),
                           .from = is_mail ? sender.address : std::string()};
  const auto groups = groups_of(snapshot, notification.contact);
  if (!groups) return fail(groups.error());
  const auto collect = [&]<class R>(std::vector<std::string>& into, const R*) {
    return snapshot.each<R>(storage::Order::ascending, std::nullopt, [&](const R& row) {
      if (names(row.policy, notification.contact, *groups)) into.push_back(row.name);
      return true;
    });
  };
  const auto vaults = collect(welcome.vaults, static_cast<const core::Vault*>(nullptr));
  if (!vaults) return fail(vaults.error());
  const auto clients = collect(welcome.clients, static_cast<const core::Client*>(nullptr));
  if (!clients) return fail(clients.error());
  return wording::welcome_letter(welcome);
}

Status add_alert(const storage::Snapshot& snapshot, const core::Notification& notification,
                 notify::Delivery& delivery) {
  auto facts = read_facts(snapshot, notification.alert);
  if (!facts) return fail(facts.error());
  delivery.facts = std::move(*facts);
  return {};
}

Status add_digest(const storage::Snapshot& snapshot, const core::Notification& notification,
                  const Sender& sender, notify::Delivery& delivery) {
  auto digest = read_digest(snapshot, notification.id, sender);
  if (!digest) return fail(digest.error());
  delivery.letter = wording::digest_letter(*digest);
  delivery.webhook.gathered = std::move(digest->entries);
  delivery.webhook.more = digest->more;
  return {};
}

Status add_code(const storage::Snapshot& snapshot, const core::Notification& notification,
                const Sender& sender, notify::Delivery& delivery) {
  auto code = read_code(snapshot, notification, sender);
  if (!code) return fail(code.error());
  delivery.letter = wording::code_letter(sender.account, code->text, code->expires_at);
  delivery.webhook.code = std::move(code->text);
  delivery.webhook.code_expires_at = code->expires_at;
  return {};
}

// What the message is about.
Status add_contents(const storage::Snapshot& snapshot, const core::Notification& notification,
                    const Sender& sender, notify::Delivery& delivery) {
  switch (notification.event) {
    case core::NotificationEvent::raised:
    case core::NotificationEvent::recovered:
    case core::NotificationEvent::reminder:
    case core::NotificationEvent::escalated:
      return add_alert(snapshot, notification, delivery);
    case core::NotificationEvent::digest:
      return add_digest(snapshot, notification, sender, delivery);
    case core::NotificationEvent::verification:
      return add_code(snapshot, notification, sender, delivery);
    case core::NotificationEvent::welcome: {
      auto letter = read_welcome(snapshot, notification, sender);
      if (!letter) return fail(letter.error());
      delivery.letter = std::move(*letter);
      return {};
    }
    case core::NotificationEvent::test:
      delivery.letter = wording::test_letter(sender.account, notification.recipient.name);
      return {};
  }
  return {};
}

}  // namespace

Result<notify::Delivery> read_delivery(const storage::Snapshot& snapshot, NotificationId id,
                                       const Sender& sender, Instant now) {
  const auto notification = require<core::Notification>(snapshot, id, "notification");
  if (!notification) return fail(notification.error());
  const auto counters = require<core::Counters>(snapshot, {}, "row of counters");
  if (!counters) return fail(counters.error());
  notify::Delivery delivery{.notification = id,
                            .attempt = notification->attempts,
                            .event = notification->event,
                            .recipient = notification->recipient,
                            .why = notification->why,
                            .is_doubtful = notification->is_doubtful,
                            .in_reply_to = notification->follows,
                            .installation = counters->installation,
                            .account = sender.account,
                            .now = now};
  if (auto ok = add_contents(snapshot, *notification, sender, delivery); !ok) {
    return fail(ok.error());
  }
  if (notification->recipient.channel == core::Channel::webhook && sender.code_key) {
    delivery.webhook.secret =
        crypto::webhook_secret(*sender.code_key, notification->recipient.address);
  }
  return delivery;
}

}  // namespace vaultbell::aggregator
