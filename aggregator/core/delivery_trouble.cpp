#include "aggregator/core/delivery_trouble.hpp"

#include <algorithm>

#include "aggregator/core/alerts.hpp"
#include "aggregator/core/people.hpp"
#include "aggregator/core/shown_address.hpp"

namespace vaultbell::core {

namespace {

// "email" for a channel, "email alice@example.org" for one address.
std::string topic_of(Channel channel) {
  return std::string(to_text(channel));
}

std::string topic_of(const AddressKey& key) {
  return topic_of(key.channel) + " " + key.address;
}

Subject subject_about(std::string topic) {
  return {.kind = AlertKind::delivery_failing, .topic = std::move(topic)};
}

// The longest stretch of time that a message counts against a limit.
Duration longest_window(const ChannelSettings& settings) {
  Duration longest{};
  for (const auto& limit : settings.limits) longest = std::max(longest, limit.window);
  return longest;
}

void count_sent(Draft& draft, const AddressKey& key) {
  const auto window = longest_window(settings_of(draft.before().settings, key.channel));
  if (window == Duration::zero()) return;
  auto address = address_row(draft, key);
  std::erase_if(address.sent, [&](Instant at) { return at <= draft.now() - window; });
  address.sent.push_back(draft.now());
  draft.put(std::move(address));
}

void end_trouble(Draft& draft, std::string topic) {
  recover(draft, subject_about(std::move(topic)),
          {.reason = InactiveReason::recovered_by_delivery, .at = draft.now()});
}

// Whether it matters to anybody but the recipient that the message was not delivered.
bool is_awaited(NotificationEvent event) {
  switch (event) {
    case NotificationEvent::verification:
    case NotificationEvent::test:
      return false;
    case NotificationEvent::raised:
    case NotificationEvent::recovered:
    case NotificationEvent::reminder:
    case NotificationEvent::escalated:
    case NotificationEvent::digest:
    case NotificationEvent::welcome:
      return true;
  }
  return true;
}

bool is_known(const State& state, const std::string& topic) {
  return state.alert_by_subject.contains(subject_about(topic));
}

std::vector<Contact> contacts_at(const State& state, const AddressKey& key) {
  std::vector<Contact> contacts;
  const auto found = state.contacts_at.find(key);
  if (found == state.contacts_at.end()) return contacts;
  for (const auto id : found->second) contacts.push_back(state.contacts.at(id));
  return contacts;
}

// Recipients who would miss a channel, no more than one alert may tell.
std::vector<Contact> contacts_by(const State& state, Channel channel) {
  std::vector<Contact> contacts;
  for (const auto& [id, contact] : state.contacts) {
    if (contacts.size() >= kRecipientsMax) break;
    const auto& channels = contact.channels;
    const bool has_it =
        std::ranges::find(channels, channel, &ContactChannel::channel) != channels.end();
    if (has_it && is_in_use(state, id)) contacts.push_back(contact);
  }
  return contacts;
}

struct Trouble {
  std::string topic;
  Instant since;
};

// What fails; absent: nothing does.
std::optional<Trouble> trouble_of(const ChannelHealth& health) {
  if (health.failing_since) return Trouble{topic_of(health.channel), *health.failing_since};
  if (!health.lone_since) return std::nullopt;
  return Trouble{topic_of({health.channel, health.lone_address}), *health.lone_since};
}

}  // namespace

std::optional<Instant> undelivered_since(const ChannelHealth& health) {
  return health.failing_since ? health.failing_since : health.lone_since;
}

void note_delivered(Draft& draft, const Notification& notification) {
  const auto key = notification.recipient.place();
  count_sent(draft, key);
  end_trouble(draft, topic_of(key));
  end_trouble(draft, topic_of(key.channel));
  auto health = draft.get<ChannelHealth>(key.channel).value_or(ChannelHealth{key.channel});
  health.failing_since.reset();
  health.lone_since.reset();
  health.lone_address.clear();
  health.delivered_at = draft.now();
  draft.put(std::move(health));
}

void note_failing(Draft& draft, const Notification& notification, bool is_about_recipient) {
  if (is_about_recipient && !is_awaited(notification.event)) return;
  const auto& [name, channel, address] = notification.recipient;
  auto health = draft.get<ChannelHealth>(channel).value_or(ChannelHealth{channel});
  const bool is_lone = is_about_recipient && (!health.lone_since || health.lone_address == address);
  if (health.failing_since || (is_lone && health.lone_since)) return;
  health.lone_since = is_lone ? std::optional(draft.now()) : std::nullopt;
  health.lone_address = is_lone ? address : std::string();
  if (!is_lone) health.failing_since = draft.now();
  health.last_answer = notification.last_answer;
  draft.put(std::move(health));
}

void note_given_up(Draft& draft, const Notification& notification) {
  if (!is_awaited(notification.event)) return;
  const auto key = notification.recipient.place();
  raise(draft, {.subject = subject_about(topic_of(key)),
                .message = "notification " + std::to_string(notification.id.value) + " to " +
                           shown_address(key) + " was given up: " + notification.last_answer});
}

void judge_channels(Draft& draft) {
  for (const auto& [channel, health] : draft.before().channels) {
    const auto trouble = trouble_of(health);
    const bool is_due = trouble && trouble->since + kChannelFailingMax <= draft.now();
    if (!is_due || is_known(draft.before(), trouble->topic)) continue;
    raise(draft, {.subject = subject_about(trouble->topic),
                  .message = "nothing was delivered by " + topic_of(channel) + " since " +
                             to_iso(trouble->since) + ": " + health.last_answer});
  }
}

std::optional<Instant> channels_judged_at(const State& state) {
  std::optional<Instant> first;
  for (const auto& [channel, health] : state.channels) {
    const auto trouble = trouble_of(health);
    if (!trouble || is_known(state, trouble->topic)) continue;
    const auto at = trouble->since + kChannelFailingMax;
    if (!first || at < *first) first = at;
  }
  return first;
}

Routing route_failing(const Draft& draft, const std::string& topic) {
  const DraftDirectory directory(draft);
  const auto& state = draft.before();
  for (const auto& [channel, text] : kEnumText<Channel>) {
    if (topic == text) {
      return route_around(directory, state.settings, channel, contacts_by(state, channel));
    }
    const auto begin = std::string(text) + " ";
    if (!topic.starts_with(begin)) continue;
    const AddressKey key{channel, topic.substr(begin.size())};
    return route_around(directory, state.settings, key, contacts_at(state, key));
  }
  return route_to_owners(state.settings);
}

}  // namespace vaultbell::core
