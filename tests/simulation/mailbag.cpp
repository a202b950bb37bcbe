#include "tests/simulation/mailbag.hpp"

namespace vaultbell::simulation {

namespace {

std::string label_of(const Message& message) {
  return "message " + std::to_string(message.notification.value) + " (" +
         std::string(to_text(message.event)) + ") to " + message.recipient.address;
}

}  // namespace

bool Mailbag::has_heard(const core::AddressKey& place, AlertId alert) const {
  return raised_.contains({place, alert});
}

void Mailbag::attempt_begins(const Message& message) {
  scene_.tell("attempt " + std::to_string(message.attempt) + " of " + label_of(message));
  if (delivered_.contains(message.notification)) {
    scene_.fail(label_of(message) + " is sent again, and counts as delivered");
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
    scene_.fail(about + " says what message " + std::to_string(known->second) + " said before");
  };
  switch (statement.event) {
    case core::NotificationEvent::raised:
    case core::NotificationEvent::escalated:
      return only_once(raised_);
    case core::NotificationEvent::recovered:
      if (!raised_.contains(key)) scene_.fail(about + ": its receiver never heard of it before");
      return only_once(recovered_);
    case core::NotificationEvent::reminder:
      raised_.emplace(key, message.message_id);
      return;
    case core::NotificationEvent::digest:
    case core::NotificationEvent::verification:
    case core::NotificationEvent::welcome:
    case core::NotificationEvent::test:
      return;
  }
}

void Mailbag::committed(const core::Put& put) {
  const auto* row = std::get_if<core::Notification>(&put.row);
  if (row == nullptr || row->state != core::NotificationState::delivered) return;
  delivered_.insert(row->id);
  if (received_.contains(row->id)) return;
  scene_.fail("message " + std::to_string(row->id.value) + " to " + row->recipient.address +
              " counts as delivered, and its receiver has not got it");
}

}  // namespace vaultbell::simulation
