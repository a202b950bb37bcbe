#include "tests/simulation/mailbag.hpp"

#include <algorithm>

namespace vaultbell::simulation {

namespace {

// What was delivered is known so much later, where the disk is slow.
constexpr Duration kSlowCommit = std::chrono::minutes(3);
constexpr std::size_t kSentKept = 100;  // more than any limit counts

std::string label_of(const Message& message) {
  std::string alerts;
  for (const auto& statement : message.statements) {
    alerts +=
        " " + std::string(to_text(statement.event)) + " " + std::to_string(statement.alert.value);
  }
  return "message " + std::to_string(message.notification.value) + " (" +
         std::string(to_text(message.event)) + (alerts.empty() ? "" : ":") + alerts + ") to " +
         message.recipient.address;
}

bool is_urgent(core::NotificationEvent event) {
  return event == core::NotificationEvent::verification || event == core::NotificationEvent::test;
}

}  // namespace

bool Mailbag::has_heard(const core::AddressKey& place, AlertId alert) const {
  return raised_.contains({place, alert}) || reminded_.contains({place, alert});
}

bool Mailbag::has_heard_end(const core::AddressKey& place, AlertId alert) const {
  return recovered_.contains({place, alert});
}

bool Mailbag::is_heard_for_sure(const core::AddressKey& place, AlertId alert) const {
  const auto heard = raised_.find({place, alert});
  return heard != raised_.end() && delivered_.contains(by_message_id_.at(heard->second));
}

void Mailbag::attempt_begins(const Message& message) {
  scene_.tell("attempt " + std::to_string(message.attempt) + " of " + label_of(message));
  if (delivered_.contains(message.notification)) {
    scene_.fail(label_of(message) + " is sent again, and counts as delivered");
  }
  check_limits(message);
}

// R7.11: what exceeds the limits waits, but for codes and tests. Nobody here sets other limits.
void Mailbag::check_limits(const Message& message) {
  if (is_urgent(message.event)) return;
  const core::Settings usual;
  const auto place = message.recipient.place();
  const auto& sent = sent_[place];
  for (const auto& limit : core::settings_of(usual, place.channel).limits) {
    const auto begin = scene_.now() - limit.window + kSlowCommit;
    const auto count = static_cast<std::size_t>(
        std::ranges::count_if(sent, [&](Steady at) { return at > begin; }));
    if (count >= limit.count) {
      scene_.fail(label_of(message) +
                  " exceeds the limit of its receiver: " + std::to_string(count) + " before it");
    }
  }
}

void Mailbag::received(const Message& message) {
  scene_.tell("received: " + label_of(message));
  ++count_;
  const bool is_repeated = by_message_id_.contains(message.message_id);
  by_message_id_[message.message_id] = message.notification;
  ++received_[message.notification];
  if (delivered_.contains(message.notification)) {
    return scene_.fail(label_of(message) + " comes again, and counts as delivered");
  }
  if (is_repeated && !message.is_doubtful) {
    return scene_.fail(label_of(message) + " comes again and does not say that it may");
  }
  for (const auto& statement : message.statements) hear(message, statement);
}

void Mailbag::hear(const Message& message, const Statement& statement) {
  const std::pair key(message.recipient.place(), statement.alert);
  const auto about = label_of(message) + " about alert " + std::to_string(statement.alert.value);
  const auto only_once = [&](auto& heard) {
    const auto [known, is_new] = heard.emplace(key, message.message_id);
    if (is_new || known->second == message.message_id) return;
    // What was given up may have arrived all the same; then it is told once more, by another
    // message.
    if (given_up_.contains(by_message_id_.at(known->second))) {
      known->second = message.message_id;
      return;
    }
    scene_.fail(about + " says what message " + std::to_string(known->second) + " said before");
  };
  switch (statement.event) {
    case core::NotificationEvent::raised:
    case core::NotificationEvent::escalated:
      if (is_overtaken(message, key)) {
        scene_.fail(about + ": its receiver was reminded of it before");
      }
      return only_once(raised_);
    case core::NotificationEvent::recovered:
      if (!has_heard(key.first, key.second)) {
        scene_.fail(about + ": its receiver never heard of it before");
      }
      if (reactivated_.contains(statement.alert)) recovered_.erase(key);  // it may end once more
      return only_once(recovered_);
    case core::NotificationEvent::reminder:
      reminded_.emplace(key, message.message_id);
      return;
    case core::NotificationEvent::digest:
    case core::NotificationEvent::verification:
    case core::NotificationEvent::welcome:
    case core::NotificationEvent::test:
      return;
  }
}

// Whoever is reminded of an alert has been told of it; or the reminder is what tells them, where
// they are named later or could not be told before, and then nothing else does.
bool Mailbag::is_overtaken(const Message& message,
                           const std::pair<core::AddressKey, AlertId>& key) const {
  const auto reminder = reminded_.find(key);
  if (reminder == reminded_.end() || raised_.contains(key)) return false;
  return !given_up_.contains(message.notification) &&
         !given_up_.contains(by_message_id_.at(reminder->second)) &&
         !reactivated_.contains(key.second);
}

void Mailbag::committed(const core::Put& put) {
  const auto* row = std::get_if<core::Notification>(&put.row);
  if (row == nullptr) return;
  const bool is_given_up = row->state == core::NotificationState::given_up ||
                           row->state == core::NotificationState::cancelled;
  if (is_given_up) given_up_.insert(row->id);
  if (row->state != core::NotificationState::delivered) return;
  if (delivered_.insert(row->id).second && !is_urgent(row->event)) {
    auto& sent = sent_[row->recipient.place()];
    sent.push_back(scene_.now());
    if (sent.size() > kSentKept) sent.pop_front();
  }
  if (received_.contains(row->id)) return;
  scene_.fail("message " + std::to_string(row->id.value) + " to " + row->recipient.address +
              " counts as delivered, and its receiver has not got it");
}

}  // namespace vaultbell::simulation
