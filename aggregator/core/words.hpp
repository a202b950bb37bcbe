// The closed lists of the core: states, kinds and reasons, each with its one text. Every decision
// carries one of these reasons, and `vaultbell explain` shows it. Numbers are stored and never
// reused.
#pragma once

#include <cstdint>

#include "shared/base/enum_text.hpp"

namespace vaultbell::core {

// R2.3
enum class ClientState : std::uint8_t {
  invited = 1,
  online = 2,
  offline = 3,
  disconnected = 4,
  retired = 5,
};

// R6.1, R6.2
enum class PolicyMode : std::uint8_t {
  off = 1,
  default_recipients = 2,
  custom = 3,
  same_as_vault = 4,  // of a client
};

// Whose policy counted.
enum class PolicyLevel : std::uint8_t { account = 1, vault = 2, client = 3 };

// R7.1
enum class Frequency : std::uint8_t { each = 1, hourly = 2, daily = 3 };

enum class Severity : std::uint8_t { informational = 1, warning = 2, critical = 3 };

// Section 4 of docs/domain.md.
enum class AlertKind : std::uint8_t {
  backup_failed = 1,
  restore_failed = 2,
  operation_failed = 3,
  backup_warning = 4,
  protection_stopped = 5,
  backup_data_deleted = 6,
  client_disconnected = 7,
  spool_full = 8,
  vault_outage = 9,
  backup_missed = 10,
  backup_overdue = 11,
  run_too_long = 12,
  backup_blocked = 13,
  verify_overdue = 14,
  duration_anomaly = 15,
  size_anomaly = 16,
  cloned_client = 17,
  never_connected = 18,
  delivery_failing = 19,
  self = 20,
  test = 21,
};

// R4.2
enum class AlertState : std::uint8_t { active = 1, acknowledged = 2, inactive = 3 };

// Why an alert is inactive (R4.4).
enum class InactiveReason : std::uint8_t {
  recovered_by_run = 1,
  recovered_by_connection = 2,
  recovered_by_space = 3,
  by_operator = 4,
  recovered_by_delivery = 5,
  condition_over = 6,
  no_longer_expected = 7,  // what the job is expected to do was changed
  recovered_by_start = 8,
  client_retired = 9,
};

// What a run meant for alerts: kept with the run (R4.1, R6.7).
enum class RunVerdict : std::uint8_t {
  still_running = 1,
  raised_alert = 2,
  added_occurrence = 3,
  recovered_alert = 4,
  ended_well = 5,
  not_alerted_user_cancelled = 6,
  not_alerted_another_run = 7,
  not_alerted_source_gone = 8,
  not_alerted_by_kind = 9,       // no alert kind covers this outcome of this operation
  not_alerted_end_unknown = 10,  // closed for its client, which has too many open runs
  tolerated = 11,                // the job may fail so many times in a row (R4.10)
};

// Why an alert's recipients were told or not: kept with the alert (R6.7).
enum class NotifyReason : std::uint8_t {
  notified = 1,
  nobody_policy_off = 2,
  nobody_no_owner = 3,
  resolved_during_hold = 4,
  inactivated_during_hold = 5,
  nobody_below_severity = 6,    // the policy wants more severe alerts only
  nobody_kind_excluded = 7,     // the policy names other kinds
  nobody_reachable = 8,         // nobody it names has a verified address
  nobody_no_other_channel = 9,  // the only ways to tell are those that fail
  covered_by_outage = 10,       // one alert stood for all clients of the vault (R2.11)
};

// By which rule somebody is a recipient: kept with the notification (R6.7).
enum class RecipientReason : std::uint8_t {
  owner_by_default_policy = 1,  // R6.1
  owner_of_destroyed_data = 2,  // R6.3
  was_told_of_alert = 3,        // R4.12
  contact_of_policy = 4,        // R6.1
  member_of_group = 5,          // R6.1
  escalation = 6,               // R6.4
  owner_of_account = 7,         // of an alert about the aggregator itself
  other_channel = 8,            // R7.4: another channel of somebody who is not reached
  address_to_verify = 9,        // R5.2
  became_recipient = 10,        // R5.6
  asked_for_test = 11,
  has_gathered_alerts = 12,  // a digest: R7.1, R7.11
  owner_in_place = 13,       // nobody whom the policy names has a verified address yet (R6.1)
};

enum class Channel : std::uint8_t { email = 1, mobile = 2, webhook = 3 };

enum class NotificationEvent : std::uint8_t {
  raised = 1,
  recovered = 2,
  reminder = 3,
  escalated = 4,
  digest = 5,
  verification = 6,
  welcome = 7,
  test = 8,
};

// A notification's life: pending -> sending -> pending again, or delivered, or given up.
// Cancelled: there was no more reason to send it. Gathered: it went into a digest.
enum class NotificationState : std::uint8_t {
  pending = 1,
  sending = 2,
  delivered = 3,
  given_up = 4,
  cancelled = 5,
  gathered = 6,
};

// Why a notification ended (R7.4, R4.12).
enum class EndReason : std::uint8_t {
  accepted_by_remote = 1,
  refused_by_remote = 2,
  tried_too_long = 3,
  recipient_not_told_of_alert = 4,
  part_of_digest = 5,
  over_before_digest = 6,  // R7.2
  cancelled_by_operator = 7,
  replaced_by_newer = 8,  // another code was sent
  earlier_under_way = 9,  // a reminder of what its recipient is still to hear
  alert_is_over = 10,     // a reminder that could not be sent before that
};

enum class AttemptResult : std::uint8_t {
  open = 1,
  delivered = 2,
  temporary_failure = 3,
  permanent_failure = 4,
  unknown = 5,  // it may have arrived: no answer came, or the aggregator ended before it
};

// R9.3: each may do what those before it may.
enum class Role : std::uint8_t {
  viewer = 1,
  operating = 2,  // acknowledges, inactivates, silences
  admin = 3,
};

// By what somebody comes in who is not on the aggregator's host.
enum class AccessKind : std::uint8_t {
  api_token = 1,
  login_link = 2,  // opens one session, once
  session = 3,     // of a browser
};

enum class EnrolmentState : std::uint8_t {
  waiting = 1,     // for an administrator
  name_taken = 2,  // refused: a living client has that name (R2.9)
  rejected = 3,    // by an administrator
};

}  // namespace vaultbell::core

namespace vaultbell {

template <>
inline constexpr auto kEnumText<core::ClientState> = std::to_array<EnumText<core::ClientState>>({
    {core::ClientState::invited, "invited"},
    {core::ClientState::online, "online"},
    {core::ClientState::offline, "offline"},
    {core::ClientState::disconnected, "disconnected"},
    {core::ClientState::retired, "retired"},
});

template <>
inline constexpr auto kEnumText<core::PolicyMode> = std::to_array<EnumText<core::PolicyMode>>({
    {core::PolicyMode::off, "off"},
    {core::PolicyMode::default_recipients, "default"},
    {core::PolicyMode::custom, "custom"},
    {core::PolicyMode::same_as_vault, "same_as_vault"},
});

template <>
inline constexpr auto kEnumText<core::PolicyLevel> = std::to_array<EnumText<core::PolicyLevel>>({
    {core::PolicyLevel::account, "account"},
    {core::PolicyLevel::vault, "vault"},
    {core::PolicyLevel::client, "client"},
});

template <>
inline constexpr auto kEnumText<core::Frequency> = std::to_array<EnumText<core::Frequency>>({
    {core::Frequency::each, "each"},
    {core::Frequency::hourly, "hourly"},
    {core::Frequency::daily, "daily"},
});

template <>
inline constexpr auto kEnumText<core::Severity> = std::to_array<EnumText<core::Severity>>({
    {core::Severity::informational, "informational"},
    {core::Severity::warning, "warning"},
    {core::Severity::critical, "critical"},
});

template <>
inline constexpr auto kEnumText<core::AlertKind> = std::to_array<EnumText<core::AlertKind>>({
    {core::AlertKind::backup_failed, "backup_failed"},
    {core::AlertKind::restore_failed, "restore_failed"},
    {core::AlertKind::operation_failed, "operation_failed"},
    {core::AlertKind::backup_warning, "backup_warning"},
    {core::AlertKind::protection_stopped, "protection_stopped"},
    {core::AlertKind::backup_data_deleted, "backup_data_deleted"},
    {core::AlertKind::client_disconnected, "client_disconnected"},
    {core::AlertKind::spool_full, "spool_full"},
    {core::AlertKind::vault_outage, "vault_outage"},
    {core::AlertKind::backup_missed, "backup_missed"},
    {core::AlertKind::backup_overdue, "backup_overdue"},
    {core::AlertKind::run_too_long, "run_too_long"},
    {core::AlertKind::backup_blocked, "backup_blocked"},
    {core::AlertKind::verify_overdue, "verify_overdue"},
    {core::AlertKind::duration_anomaly, "duration_anomaly"},
    {core::AlertKind::size_anomaly, "size_anomaly"},
    {core::AlertKind::cloned_client, "cloned_client"},
    {core::AlertKind::never_connected, "never_connected"},
    {core::AlertKind::delivery_failing, "delivery_failing"},
    {core::AlertKind::self, "self"},
    {core::AlertKind::test, "test"},
});

template <>
inline constexpr auto kEnumText<core::AlertState> = std::to_array<EnumText<core::AlertState>>({
    {core::AlertState::active, "active"},
    {core::AlertState::acknowledged, "acknowledged"},
    {core::AlertState::inactive, "inactive"},
});

template <>
inline constexpr auto kEnumText<core::InactiveReason> =
    std::to_array<EnumText<core::InactiveReason>>({
        {core::InactiveReason::recovered_by_run, "recovered_by_run"},
        {core::InactiveReason::recovered_by_connection, "recovered_by_connection"},
        {core::InactiveReason::recovered_by_space, "recovered_by_space"},
        {core::InactiveReason::by_operator, "by_operator"},
        {core::InactiveReason::recovered_by_delivery, "recovered_by_delivery"},
        {core::InactiveReason::condition_over, "condition_over"},
        {core::InactiveReason::no_longer_expected, "no_longer_expected"},
        {core::InactiveReason::recovered_by_start, "recovered_by_start"},
        {core::InactiveReason::client_retired, "client_retired"},
    });

template <>
inline constexpr auto kEnumText<core::RunVerdict> = std::to_array<EnumText<core::RunVerdict>>({
    {core::RunVerdict::still_running, "still_running"},
    {core::RunVerdict::raised_alert, "raised_alert"},
    {core::RunVerdict::added_occurrence, "added_occurrence"},
    {core::RunVerdict::recovered_alert, "recovered_alert"},
    {core::RunVerdict::ended_well, "ended_well"},
    {core::RunVerdict::not_alerted_user_cancelled, "not_alerted_user_cancelled"},
    {core::RunVerdict::not_alerted_another_run, "not_alerted_another_run"},
    {core::RunVerdict::not_alerted_source_gone, "not_alerted_source_gone"},
    {core::RunVerdict::not_alerted_by_kind, "not_alerted_by_kind"},
    {core::RunVerdict::not_alerted_end_unknown, "not_alerted_end_unknown"},
    {core::RunVerdict::tolerated, "tolerated"},
});

template <>
inline constexpr auto kEnumText<core::NotifyReason> = std::to_array<EnumText<core::NotifyReason>>({
    {core::NotifyReason::notified, "notified"},
    {core::NotifyReason::nobody_policy_off, "nobody_policy_off"},
    {core::NotifyReason::nobody_no_owner, "nobody_no_owner"},
    {core::NotifyReason::resolved_during_hold, "resolved_during_hold"},
    {core::NotifyReason::inactivated_during_hold, "inactivated_during_hold"},
    {core::NotifyReason::nobody_below_severity, "nobody_below_severity"},
    {core::NotifyReason::nobody_kind_excluded, "nobody_kind_excluded"},
    {core::NotifyReason::nobody_reachable, "nobody_reachable"},
    {core::NotifyReason::nobody_no_other_channel, "nobody_no_other_channel"},
    {core::NotifyReason::covered_by_outage, "covered_by_outage"},
});

template <>
inline constexpr auto kEnumText<core::RecipientReason> =
    std::to_array<EnumText<core::RecipientReason>>({
        {core::RecipientReason::owner_by_default_policy, "owner_by_default_policy"},
        {core::RecipientReason::owner_of_destroyed_data, "owner_of_destroyed_data"},
        {core::RecipientReason::was_told_of_alert, "was_told_of_alert"},
        {core::RecipientReason::contact_of_policy, "contact_of_policy"},
        {core::RecipientReason::member_of_group, "member_of_group"},
        {core::RecipientReason::escalation, "escalation"},
        {core::RecipientReason::owner_of_account, "owner_of_account"},
        {core::RecipientReason::other_channel, "other_channel"},
        {core::RecipientReason::address_to_verify, "address_to_verify"},
        {core::RecipientReason::became_recipient, "became_recipient"},
        {core::RecipientReason::asked_for_test, "asked_for_test"},
        {core::RecipientReason::has_gathered_alerts, "has_gathered_alerts"},
        {core::RecipientReason::owner_in_place, "owner_in_place"},
    });

template <>
inline constexpr auto kEnumText<core::Channel> = std::to_array<EnumText<core::Channel>>({
    {core::Channel::email, "email"},
    {core::Channel::mobile, "mobile"},
    {core::Channel::webhook, "webhook"},
});

template <>
inline constexpr auto kEnumText<core::NotificationEvent> =
    std::to_array<EnumText<core::NotificationEvent>>({
        {core::NotificationEvent::raised, "raised"},
        {core::NotificationEvent::recovered, "recovered"},
        {core::NotificationEvent::reminder, "reminder"},
        {core::NotificationEvent::escalated, "escalated"},
        {core::NotificationEvent::digest, "digest"},
        {core::NotificationEvent::verification, "verification"},
        {core::NotificationEvent::welcome, "welcome"},
        {core::NotificationEvent::test, "test"},
    });

template <>
inline constexpr auto kEnumText<core::NotificationState> =
    std::to_array<EnumText<core::NotificationState>>({
        {core::NotificationState::pending, "pending"},
        {core::NotificationState::sending, "sending"},
        {core::NotificationState::delivered, "delivered"},
        {core::NotificationState::given_up, "given_up"},
        {core::NotificationState::cancelled, "cancelled"},
        {core::NotificationState::gathered, "gathered"},
    });

template <>
inline constexpr auto kEnumText<core::EndReason> = std::to_array<EnumText<core::EndReason>>({
    {core::EndReason::accepted_by_remote, "accepted_by_remote"},
    {core::EndReason::refused_by_remote, "refused_by_remote"},
    {core::EndReason::tried_too_long, "tried_too_long"},
    {core::EndReason::recipient_not_told_of_alert, "recipient_not_told_of_alert"},
    {core::EndReason::part_of_digest, "part_of_digest"},
    {core::EndReason::over_before_digest, "over_before_digest"},
    {core::EndReason::cancelled_by_operator, "cancelled_by_operator"},
    {core::EndReason::replaced_by_newer, "replaced_by_newer"},
    {core::EndReason::earlier_under_way, "earlier_under_way"},
    {core::EndReason::alert_is_over, "alert_is_over"},
});

template <>
inline constexpr auto kEnumText<core::AttemptResult> =
    std::to_array<EnumText<core::AttemptResult>>({
        {core::AttemptResult::open, "open"},
        {core::AttemptResult::delivered, "delivered"},
        {core::AttemptResult::temporary_failure, "temporary_failure"},
        {core::AttemptResult::permanent_failure, "permanent_failure"},
        {core::AttemptResult::unknown, "unknown"},
    });

template <>
inline constexpr auto kEnumText<core::Role> = std::to_array<EnumText<core::Role>>({
    {core::Role::viewer, "viewer"},
    {core::Role::operating, "operator"},
    {core::Role::admin, "admin"},
});

template <>
inline constexpr auto kEnumText<core::AccessKind> = std::to_array<EnumText<core::AccessKind>>({
    {core::AccessKind::api_token, "api_token"},
    {core::AccessKind::login_link, "login_link"},
    {core::AccessKind::session, "session"},
});

template <>
inline constexpr auto kEnumText<core::EnrolmentState> =
    std::to_array<EnumText<core::EnrolmentState>>({
        {core::EnrolmentState::waiting, "waiting"},
        {core::EnrolmentState::name_taken, "name_taken"},
        {core::EnrolmentState::rejected, "rejected"},
    });

}  // namespace vaultbell
