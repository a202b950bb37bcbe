#include "aggregator/wording/sentences.hpp"

namespace vaultbell::wording {

std::string_view sentence(OutcomeReason reason) {
  switch (reason) {
    case OutcomeReason::error:
      return "The tool reported an error.";
    case OutcomeReason::user_cancelled:
      return "Somebody cancelled the run.";
    case OutcomeReason::another_run_in_progress:
      return "Another run of the job was in progress.";
    case OutcomeReason::source_gone:
      return "What the job should protect no longer exists.";
    case OutcomeReason::interrupted:
      return "The run was interrupted: by a signal, a restart or a loss of power.";
    case OutcomeReason::timeout:
      return "The run took longer than it was allowed to.";
  }
  return {};
}

std::string_view sentence(core::RunVerdict verdict) {
  using core::RunVerdict;
  switch (verdict) {
    case RunVerdict::still_running:
      return "The run has not ended yet.";
    case RunVerdict::raised_alert:
      return "The run raised an alert.";
    case RunVerdict::added_occurrence:
      return "The run added an occurrence to an alert that was already active; nobody is told "
             "again.";
    case RunVerdict::recovered_alert:
      return "The run ended an alert by ending well.";
    case RunVerdict::ended_well:
      return "The run ended well, and there was no alert to end.";
    case RunVerdict::not_alerted_user_cancelled:
      return "There is no alert because somebody cancelled the run.";
    case RunVerdict::not_alerted_another_run:
      return "There is no alert because another run of the job was in progress.";
    case RunVerdict::not_alerted_source_gone:
      return "There is no alert because what it should protect no longer exists.";
    case RunVerdict::not_alerted_end_unknown:
      return "There is no alert because its end was never reported: it was closed because its "
             "client "
             "has too many open runs.";
    case RunVerdict::tolerated:
      return "There is no alert because the job may fail so many times in a row.";
    case RunVerdict::not_alerted_by_kind:
      return "There is no alert because no kind of alert covers this outcome of this operation.";
  }
  return {};
}

std::string_view sentence(core::NotifyReason reason) {
  using core::NotifyReason;
  switch (reason) {
    case NotifyReason::notified:
      return "Deliveries to the recipients of the policy in force were queued.";
    case NotifyReason::nobody_policy_off:
      return "Nobody was told because the policy is \"off\".";
    case NotifyReason::nobody_no_owner:
      return "Nobody was told because the configuration names no owner of the account.";
    case NotifyReason::resolved_during_hold:
      return "Nobody was told because the condition was over before the hold ended.";
    case NotifyReason::inactivated_during_hold:
      return "Nobody was told because an operator inactivated the alert before the hold ended.";
    case NotifyReason::nobody_below_severity:
      return "Nobody was told because the policy wants to hear of more severe alerts only.";
    case NotifyReason::nobody_kind_excluded:
      return "Nobody was told because the policy names other kinds of alerts.";
    case NotifyReason::nobody_reachable:
      return "Nobody was told because nobody whom the policy names has a verified address.";
    case NotifyReason::nobody_no_other_channel:
      return "Nobody was told because the only ways to tell are those that fail.";
    case NotifyReason::covered_by_outage:
      return "Nobody was told because the alert about the outage of the vault stood for it.";
  }
  return {};
}

std::string_view sentence(core::HeldBy reason) {
  switch (reason) {
    case core::HeldBy::hold:
      return "It is told only if it is still active when its hold ends.";
    case core::HeldBy::outage:
      return "It may belong to an outage of its vault, which one alert stands for.";
    case core::HeldBy::disconnect:
      return "Its client is disconnected, of which another alert tells.";
    case core::HeldBy::maintenance:
      return "A maintenance covers it: it is told afterwards if it is still active.";
    case core::HeldBy::quiet_hours:
      return "These are quiet hours: it is told afterwards if it is still active.";
  }
  return {};
}

std::string_view sentence(core::RecipientReason reason) {
  using core::RecipientReason;
  switch (reason) {
    case RecipientReason::owner_by_default_policy:
      return "The policy is \"default\", which tells the owners of the account.";
    case RecipientReason::owner_of_destroyed_data:
      return "The owners of the account are always told when backup data is deleted.";
    case RecipientReason::was_told_of_alert:
      return "Whoever was told of an alert is told when it is over.";
    case RecipientReason::contact_of_policy:
      return "The policy names this contact.";
    case RecipientReason::member_of_group:
      return "The policy names a group that this contact is a member of.";
    case RecipientReason::escalation:
      return "Nobody dealt with the alert in time, and the policy names whom to tell then.";
    case RecipientReason::owner_of_account:
      return "The owners of the account are told of trouble with the alerting itself.";
    case RecipientReason::other_channel:
      return "Another way to reach this contact does not work.";
    case RecipientReason::address_to_verify:
      return "A code proves that somebody reads this address.";
    case RecipientReason::became_recipient:
      return "Somebody who becomes a recipient of alerts is greeted.";
    case RecipientReason::asked_for_test:
      return "An operator asked for a test.";
    case RecipientReason::has_gathered_alerts:
      return "Several alerts to this recipient were gathered in one message.";
    case RecipientReason::owner_in_place:
      return "Nobody whom the policy names has a verified address yet, so the owners are told.";
  }
  return {};
}

std::string_view sentence(core::InactiveReason reason) {
  using core::InactiveReason;
  switch (reason) {
    case InactiveReason::recovered_by_run:
      return "It is over because a later run ended well.";
    case InactiveReason::recovered_by_connection:
      return "It is over because the client is connected again.";
    case InactiveReason::recovered_by_space:
      return "It is over because the agent's spool has space again.";
    case InactiveReason::by_operator:
      return "An operator inactivated it.";
    case InactiveReason::recovered_by_delivery:
      return "It is over because a message was delivered again.";
    case InactiveReason::no_longer_expected:
      return "It is over because what is expected of the job was changed.";
    case InactiveReason::recovered_by_start:
      return "It is over because a later run started.";
    case InactiveReason::client_retired:
      return "It is over because the client was retired.";
    case InactiveReason::condition_over:
      return "It is over because what it was about is over.";
  }
  return {};
}

std::string_view sentence(core::NotificationState state) {
  using core::NotificationState;
  switch (state) {
    case NotificationState::pending:
      return "It waits for its next attempt.";
    case NotificationState::sending:
      return "An attempt to deliver it is under way.";
    case NotificationState::delivered:
      return "It was delivered.";
    case NotificationState::given_up:
      return "It was given up: its recipient was not reached.";
    case NotificationState::cancelled:
      return "It was cancelled: there was no more reason to send it.";
    case NotificationState::gathered:
      return "It went into a digest.";
  }
  return {};
}

std::string_view sentence(core::EndReason reason) {
  using core::EndReason;
  switch (reason) {
    case EndReason::accepted_by_remote:
      return "The other side accepted it.";
    case EndReason::refused_by_remote:
      return "The other side refused the recipient or the content for good.";
    case EndReason::tried_too_long:
      return "It could not be delivered in the time that is allowed for trying.";
    case EndReason::recipient_not_told_of_alert:
      return "Its recipient never got the alert, so there is nothing to call off.";
    case EndReason::part_of_digest:
      return "It is told in a digest.";
    case EndReason::over_before_digest:
      return "The alert was over before the digest went out.";
    case EndReason::cancelled_by_operator:
      return "An operator cancelled it.";
    case EndReason::replaced_by_newer:
      return "A newer one was sent instead.";
    case EndReason::earlier_under_way:
      return "Its recipient was still to get an earlier message about the alert.";
    case EndReason::alert_is_over:
      return "The alert was over before the reminder could be sent.";
  }
  return {};
}

std::string_view sentence(core::AttemptResult result) {
  using core::AttemptResult;
  switch (result) {
    case AttemptResult::open:
      return "The attempt is under way.";
    case AttemptResult::delivered:
      return "The other side accepted the message.";
    case AttemptResult::temporary_failure:
      return "The attempt failed in a way that may pass; another one follows.";
    case AttemptResult::permanent_failure:
      return "The other side refused the recipient or the content for good.";
    case AttemptResult::unknown:
      return "No answer was read before the attempt ended: the message may have arrived.";
  }
  return {};
}

std::string_view sentence(core::EnrolmentState state) {
  using core::EnrolmentState;
  switch (state) {
    case EnrolmentState::waiting:
      return "The host waits for an administrator's approval.";
    case EnrolmentState::name_taken:
      return "The host was refused because a living client has its name.";
    case EnrolmentState::rejected:
      return "An administrator rejected the host.";
  }
  return {};
}

}  // namespace vaultbell::wording
