#include "aggregator/api/sentences.hpp"

#include <fmt/format.h>

namespace vaultbell::wording {

std::string headline(const AlertFacts& facts) {
  const auto operation = to_text(facts.operation.value_or(Operation::backup));
  switch (facts.kind) {
    case core::AlertKind::backup_failed:
      return fmt::format("{}: backup \"{}\" failed", facts.client, facts.job);
    case core::AlertKind::restore_failed:
      return fmt::format("{}: restore \"{}\" failed", facts.client, facts.job);
    case core::AlertKind::operation_failed:
      return fmt::format("{}: {} \"{}\" failed", facts.client, operation, facts.job);
    case core::AlertKind::backup_warning:
      return fmt::format("{}: backup \"{}\" ended with warnings", facts.client, facts.job);
    case core::AlertKind::protection_stopped:
      return fmt::format("{}: protection of \"{}\" was stopped", facts.client, facts.job);
    case core::AlertKind::backup_data_deleted:
      return fmt::format("{}: backup data of \"{}\" was deleted", facts.client, facts.job);
    case core::AlertKind::client_disconnected:
      return fmt::format("{} is disconnected", facts.client);
    case core::AlertKind::spool_full:
      return fmt::format("{}: the spool is full", facts.client);
  }
  return {};
}

std::string_view sentence(core::RunVerdict verdict) {
  switch (verdict) {
    case core::RunVerdict::still_running:
      return "no alert yet: the run has not ended";
    case core::RunVerdict::raised_alert:
      return "the run raised an alert";
    case core::RunVerdict::added_occurrence:
      return "an alert about the same was active already: the run added an occurrence to it, which "
             "notifies nobody again";
    case core::RunVerdict::recovered_alert:
      return "the run ended well and inactivated an alert";
    case core::RunVerdict::ended_well:
      return "no alert: the run ended well, and no alert was active that it could inactivate";
    case core::RunVerdict::not_alerted_user_cancelled:
      return "no alert: a user cancelled the run";
    case core::RunVerdict::not_alerted_another_run:
      return "no alert: another run was in progress";
    case core::RunVerdict::not_alerted_source_gone:
      return "no alert: what the job protects no longer exists";
    case core::RunVerdict::not_alerted_by_kind:
      return "no alert: no kind of alert covers this outcome of this operation";
  }
  return {};
}

std::string_view sentence(core::NotifyReason reason) {
  switch (reason) {
    case core::NotifyReason::notified:
      return "the recipients are told";
    case core::NotifyReason::nobody_policy_off:
      return "nobody is told: the vault's policy is off";
    case core::NotifyReason::nobody_no_owner:
      return "nobody is told: the account has no owners ([account] owners)";
    case core::NotifyReason::resolved_during_hold:
      return "nobody is told: it was over before its hold ended";
    case core::NotifyReason::inactivated_during_hold:
      return "nobody is told: somebody inactivated it before its hold ended";
  }
  return {};
}

std::string_view sentence(core::RecipientReason reason) {
  switch (reason) {
    case core::RecipientReason::owner_by_default_policy:
      return "an owner of the account, because the vault's policy is default";
    case core::RecipientReason::owner_of_destroyed_data:
      return "an owner of the account: deleted backup data is told whatever the policy says";
    case core::RecipientReason::was_told_of_alert:
      return "was told of the alert, so is told of its recovery";
  }
  return {};
}

std::string_view sentence(core::InactiveReason reason) {
  switch (reason) {
    case core::InactiveReason::recovered_by_run:
      return "a later run ended well";
    case core::InactiveReason::recovered_by_connection:
      return "the client is back";
    case core::InactiveReason::recovered_by_space:
      return "the client's spool has space again";
    case core::InactiveReason::by_operator:
      return "somebody inactivated it";
  }
  return {};
}

std::string_view sentence(core::EndReason reason) {
  switch (reason) {
    case core::EndReason::accepted_by_remote:
      return "the remote server accepted it";
    case core::EndReason::refused_by_remote:
      return "the remote server refused it for good";
    case core::EndReason::tried_too_long:
      return "it was tried for as long as configured";
    case core::EndReason::recipient_not_told_of_alert:
      return "the recipient never got the message about the alert, so gets none about its recovery";
  }
  return {};
}

std::string_view sentence(core::EnrolmentState state) {
  switch (state) {
    case core::EnrolmentState::waiting:
      return "an administrator must approve it";
    case core::EnrolmentState::name_taken:
      return "refused: a client with another key has this name";
    case core::EnrolmentState::rejected:
      return "an administrator rejected it";
  }
  return {};
}

std::string_view sentence(core::AttemptResult result) {
  switch (result) {
    case core::AttemptResult::open:
      return "it is under way";
    case core::AttemptResult::delivered:
      return "the remote server accepted it";
    case core::AttemptResult::temporary_failure:
      return "it failed and will be tried again";
    case core::AttemptResult::permanent_failure:
      return "it was refused for good";
    case core::AttemptResult::unknown:
      return "the aggregator ended while it was open: it may have arrived";
  }
  return {};
}

std::string_view sentence(OutcomeReason reason) {
  switch (reason) {
    case OutcomeReason::error:
      return "the tool reported an error";
    case OutcomeReason::user_cancelled:
      return "a user cancelled it";
    case OutcomeReason::another_run_in_progress:
      return "another run was in progress";
    case OutcomeReason::source_gone:
      return "what it protects no longer exists";
    case OutcomeReason::interrupted:
      return "it was interrupted by a signal, a reboot or a power cut";
    case OutcomeReason::timeout:
      return "it took longer than allowed";
  }
  return {};
}

}  // namespace vaultbell::wording
