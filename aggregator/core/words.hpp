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

// R6.1
enum class PolicyMode : std::uint8_t { off = 1, default_recipients = 2 };

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
};

// R4.2
enum class AlertState : std::uint8_t { active = 1, acknowledged = 2, inactive = 3 };

// Why an alert is inactive (R4.4).
enum class InactiveReason : std::uint8_t {
  recovered_by_run = 1,
  recovered_by_connection = 2,
  recovered_by_space = 3,
  by_operator = 4,
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
};

// Why an alert's recipients were told or not: kept with the alert (R6.7).
enum class NotifyReason : std::uint8_t {
  notified = 1,
  nobody_policy_off = 2,
  nobody_no_owner = 3,
  resolved_during_hold = 4,
  inactivated_during_hold = 5,
};

// By which rule somebody is a recipient: kept with the notification (R6.7).
enum class RecipientReason : std::uint8_t {
  owner_by_default_policy = 1,  // R6.1
  owner_of_destroyed_data = 2,  // R6.3
  was_told_of_alert = 3,        // R4.12
};

enum class Channel : std::uint8_t { email = 1 };

enum class NotificationEvent : std::uint8_t { raised = 1, recovered = 2 };

// A notification's life: pending -> sending -> pending again, or delivered, or given up.
// Cancelled: there was no more reason to send it.
enum class NotificationState : std::uint8_t {
  pending = 1,
  sending = 2,
  delivered = 3,
  given_up = 4,
  cancelled = 5,
};

// Why a notification ended (R7.4, R4.12).
enum class EndReason : std::uint8_t {
  accepted_by_remote = 1,
  refused_by_remote = 2,
  tried_too_long = 3,
  recipient_not_told_of_alert = 4,
};

enum class AttemptResult : std::uint8_t {
  open = 1,
  delivered = 2,
  temporary_failure = 3,
  permanent_failure = 4,
  unknown = 5,  // it may have arrived: no answer came, or the aggregator ended before it
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
});

template <>
inline constexpr auto kEnumText<core::NotifyReason> = std::to_array<EnumText<core::NotifyReason>>({
    {core::NotifyReason::notified, "notified"},
    {core::NotifyReason::nobody_policy_off, "nobody_policy_off"},
    {core::NotifyReason::nobody_no_owner, "nobody_no_owner"},
    {core::NotifyReason::resolved_during_hold, "resolved_during_hold"},
    {core::NotifyReason::inactivated_during_hold, "inactivated_during_hold"},
});

template <>
inline constexpr auto kEnumText<core::RecipientReason> =
    std::to_array<EnumText<core::RecipientReason>>({
        {core::RecipientReason::owner_by_default_policy, "owner_by_default_policy"},
        {core::RecipientReason::owner_of_destroyed_data, "owner_of_destroyed_data"},
        {core::RecipientReason::was_told_of_alert, "was_told_of_alert"},
    });

template <>
inline constexpr auto kEnumText<core::Channel> = std::to_array<EnumText<core::Channel>>({
    {core::Channel::email, "email"},
});

template <>
inline constexpr auto kEnumText<core::NotificationEvent> =
    std::to_array<EnumText<core::NotificationEvent>>({
        {core::NotificationEvent::raised, "raised"},
        {core::NotificationEvent::recovered, "recovered"},
    });

template <>
inline constexpr auto kEnumText<core::NotificationState> =
    std::to_array<EnumText<core::NotificationState>>({
        {core::NotificationState::pending, "pending"},
        {core::NotificationState::sending, "sending"},
        {core::NotificationState::delivered, "delivered"},
        {core::NotificationState::given_up, "given_up"},
        {core::NotificationState::cancelled, "cancelled"},
    });

template <>
inline constexpr auto kEnumText<core::EndReason> = std::to_array<EnumText<core::EndReason>>({
    {core::EndReason::accepted_by_remote, "accepted_by_remote"},
    {core::EndReason::refused_by_remote, "refused_by_remote"},
    {core::EndReason::tried_too_long, "tried_too_long"},
    {core::EndReason::recipient_not_told_of_alert, "recipient_not_told_of_alert"},
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
inline constexpr auto kEnumText<core::EnrolmentState> =
    std::to_array<EnumText<core::EnrolmentState>>({
        {core::EnrolmentState::waiting, "waiting"},
        {core::EnrolmentState::name_taken, "name_taken"},
        {core::EnrolmentState::rejected, "rejected"},
    });

}  // namespace vaultbell
