#include "aggregator/core/lines.hpp"

#include <algorithm>

#include "shared/base/check.hpp"

namespace vaultbell::core {

namespace {

bool is_urgent(NotificationEvent event) {
  switch (event) {
    case NotificationEvent::verification:
    case NotificationEvent::test:
      return true;
    case NotificationEvent::raised:
    case NotificationEvent::recovered:
    case NotificationEvent::reminder:
    case NotificationEvent::escalated:
    case NotificationEvent::digest:
    case NotificationEvent::welcome:
      return false;
  }
  return false;
}

Waiting& place_of(AddressLine& line, const Notification& notification) {
  if (notification.is_for_digest) return line.for_digest;
  return is_urgent(notification.event) ? line.urgent : line.waiting;
}

// A digest takes in more until its first attempt.
bool is_open_digest(const Notification& notification) {
  return notification.event == NotificationEvent::digest &&
         notification.state == NotificationState::pending && notification.attempts == 0;
}

// A notification waits in its line when it may be attempted: pending, and not behind one that must
// end first.
bool is_waiting(const State& state, const Notification& notification) {
  return notification.state == NotificationState::pending &&
         !state.notifications.contains(notification.follows);
}

std::optional<Instant> first_of(const Waiting& waiting) {
  return waiting.empty() ? std::nullopt : std::optional(waiting.begin()->first);
}

std::optional<Instant> earlier(std::optional<Instant> a, std::optional<Instant> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

std::optional<Instant> ready_at(const State& state, const AddressKey& key,
                                const AddressLine& line) {
  if (line.sending.is_set()) return std::nullopt;
  auto limited = first_of(line.waiting);
  const auto address = state.addresses.find(key);
  if (limited && address != state.addresses.end()) {
    limited = std::max(*limited, within_limits_at(state.settings, address->second));
  }
  return earlier(limited, earlier(first_of(line.urgent), first_of(line.for_digest)));
}

}  // namespace

Instant within_limits_at(const Settings& settings, const Address& address) {
  auto free_at = Instant::min();
  for (const auto& limit : settings_of(settings, address.channel).limits) {
    if (address.sent.size() < limit.count) continue;
    free_at = std::max(free_at, address.sent[address.sent.size() - limit.count] + limit.window);
  }
  return free_at;
}

void refresh_line(State& state, const AddressKey& key) {
  const auto line = state.lines.find(key);
  if (line == state.lines.end()) return;
  auto& ready = state.queues[key.channel].lines_ready;
  if (line->second.is_empty()) {
    ready.set(key, std::nullopt);
    state.lines.erase(line);
    return;
  }
  ready.set(key, ready_at(state, key, line->second));
}

void refresh_lines(State& state) {
  for (const auto& [key, line] : state.lines) {
    state.queues[key.channel].lines_ready.set(key, ready_at(state, key, line));
  }
}

void leave_line(State& state, const Notification& notification) {
  const auto key = notification.recipient.place();
  const auto found = state.lines.find(key);
  if (found == state.lines.end()) return;
  auto& line = found->second;
  place_of(line, notification).erase({notification.next_attempt_at, notification.id});
  if (line.open_digest == notification.id) line.open_digest = {};
  if (line.sending == notification.id) {
    line.sending = {};
    --state.queues[key.channel].sending_count;
  }
  refresh_line(state, key);
}

void join_line(State& state, const Notification& notification) {
  const bool is_sending = notification.state == NotificationState::sending;
  if (!is_sending && !is_waiting(state, notification)) return;
  const auto key = notification.recipient.place();
  auto& line = state.lines[key];
  if (is_sending) {
    check(!line.sending.is_set(), "one delivery at a time to an address");
    line.sending = notification.id;
    ++state.queues[key.channel].sending_count;
  } else {
    place_of(line, notification).emplace(notification.next_attempt_at, notification.id);
    if (is_open_digest(notification)) line.open_digest = notification.id;
  }
  refresh_line(state, key);
}

void release_followers(State& state, NotificationId ended) {
  const auto entry = state.followers.find(ended);
  if (entry == state.followers.end()) return;
  const auto ids = std::move(entry->second);
  state.followers.erase(entry);
  for (const auto id : ids) join_line(state, state.notifications.at(id));
}

void forget_follower(State& state, const Notification& notification) {
  const auto entry = state.followers.find(notification.follows);
  if (entry == state.followers.end()) return;
  entry->second.erase(notification.id);
  if (entry->second.empty()) state.followers.erase(entry);
}

}  // namespace vaultbell::core
