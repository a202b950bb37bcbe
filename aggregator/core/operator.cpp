#include "aggregator/core/operator.hpp"

#include <utility>

#include "aggregator/core/accesses.hpp"
#include "aggregator/core/alert_orders.hpp"
#include "aggregator/core/connections.hpp"
#include "aggregator/core/contacts.hpp"
#include "aggregator/core/declared.hpp"
#include "aggregator/core/enrolment.hpp"
#include "aggregator/core/jobs.hpp"
#include "aggregator/core/maintenance.hpp"
#include "aggregator/core/objects.hpp"
#include "aggregator/core/recipients.hpp"
#include "aggregator/core/refusals.hpp"
#include "aggregator/core/vaults.hpp"
#include "aggregator/core/verification.hpp"

namespace vaultbell::core {

namespace {

// Carries out each kind of order; the order's actor is at hand where it is kept.
struct CarryOut {
  Draft& draft;
  const std::string& actor;

  Result<std::string> operator()(const CreateVault& order) const {
    return create_vault(draft, order);
  }
  Result<std::string> operator()(const EditVault& order) const { return edit_vault(draft, order); }
  Result<std::string> operator()(const RenameVault& order) const {
    return rename_vault(draft, order);
  }
  Result<std::string> operator()(const DeleteVault& order) const {
    return delete_vault(draft, order);
  }

  Result<std::string> operator()(const EditClient& order) const {
    auto client = draft.get<Client>(order.client);
    if (!client) return there_is_no("client", order.client.value);
    const auto as_it_was = *client;
    overlay(client->timing, order.timing);
    const auto vault = draft.get<Vault>(client->vault);
    const auto timing = inherit(draft.before().settings.timing, vault->timing, client->timing);
    if (auto ok = check_timing(timing); !ok) return fail(ok.error());
    if (*client == as_it_was) return std::string("nothing to change");
    draft.put(*client);
    retime(draft, draft.before().settings, std::nullopt, client->id);
    return {};
  }

  Result<std::string> operator()(const CreateToken& order) const {
    return create_token(draft, actor, order);
  }

  Result<std::string> operator()(const RevokeToken& order) const {
    auto token = draft.get<Token>(order.token);
    if (!token) return there_is_no("token", order.token.value);
    if (token->revoked_at) return std::string("it was already revoked");
    token->revoked_at = draft.now();
    draft.put(std::move(*token));
    return {};
  }

  Result<std::string> operator()(const ApproveEnrolment& order) const {
    return approve_enrolment(draft, order);
  }

  Result<std::string> operator()(const RejectEnrolment& order) const {
    auto host = draft.get<Enrolment>(order.enrolment);
    if (!host) return there_is_no("enrolment request", order.enrolment.value);
    if (host->state == EnrolmentState::rejected) return std::string("it was already rejected");
    host->state = EnrolmentState::rejected;
    draft.put(std::move(*host));
    return {};
  }

  Result<std::string> operator()(const RetireClient& order) const {
    return retire_client(draft, order);
  }
  Result<std::string> operator()(const MoveClient& order) const {
    return move_client(draft, order);
  }
  Result<std::string> operator()(const RenameClient& order) const {
    return rename_client(draft, order);
  }
  Result<std::string> operator()(const MarkManaged& order) const {
    return mark_managed(draft, order);
  }
  Result<std::string> operator()(const CreateJob& order) const { return create_job(draft, order); }
  Result<std::string> operator()(const SetJob& order) const { return set_job(draft, order); }
  Result<std::string> operator()(const ForgetJob& order) const { return forget_job(draft, order); }
  Result<std::string> operator()(const StartMaintenance& order) const {
    return start_maintenance(draft, actor, order);
  }
  Result<std::string> operator()(const ExtendMaintenance& order) const {
    return extend_maintenance(draft, order);
  }
  Result<std::string> operator()(const EndMaintenance& order) const {
    return end_maintenance(draft, actor, order);
  }
  Result<std::string> operator()(const SetPolicy& order) const { return set_policy(draft, order); }
  Result<std::string> operator()(const CreateContact& order) const {
    return create_contact(draft, order);
  }
  Result<std::string> operator()(const EditContact& order) const {
    return edit_contact(draft, order);
  }
  Result<std::string> operator()(const DeleteContact& order) const {
    return delete_contact(draft, order);
  }
  Result<std::string> operator()(const SendCodes& order) const { return send_codes(draft, order); }
  Result<Confirmed> operator()(const ConfirmCode& order) const {
    return confirm_code(draft, order);
  }
  Result<std::string> operator()(const TestContact& order) const {
    return test_contact(draft, order);
  }
  Result<std::string> operator()(const CreateGroup& order) const {
    return create_group(draft, order);
  }
  Result<std::string> operator()(const EditGroup& order) const { return edit_group(draft, order); }
  Result<std::string> operator()(const DeleteGroup& order) const {
    return delete_group(draft, order);
  }
  Result<std::string> operator()(const AcknowledgeAlert& order) const {
    return acknowledge_alert(draft, actor, order);
  }
  Result<std::string> operator()(const InactivateAlert& order) const {
    return inactivate_alert(draft, actor, order);
  }
  Result<std::string> operator()(const ReactivateAlert& order) const {
    return reactivate_alert(draft, actor, order);
  }
  Result<std::string> operator()(const CommentAlert& order) const {
    return comment_alert(draft, actor, order);
  }
  Result<std::string> operator()(const NotifyAlertNow& order) const {
    return notify_alert_now(draft, order);
  }
  Result<std::string> operator()(const RaiseTest& order) const {
    return raise_test(draft, actor, order);
  }
  Result<std::string> operator()(const RetryDelivery& order) const {
    return retry_delivery(draft, order);
  }
  Result<std::string> operator()(const CancelDelivery& order) const {
    return cancel_delivery(draft, order);
  }
  Result<std::string> operator()(const SendDigestNow& order) const {
    return send_digest_now(draft, order);
  }
  Result<std::string> operator()(const CreateAccess& order) const {
    return create_access(draft, actor, order);
  }
  Result<std::string> operator()(const OpenSession& order) const {
    return open_session(draft, actor, order);
  }
  Result<std::string> operator()(const RevokeAccess& order) const {
    return revoke_access(draft, order);
  }
};

}  // namespace

Result<Carried> carry_out(Draft& draft, const Order& order) {
  if (auto ok = check_revision(draft, order); !ok) return fail(ok.error());
  const bool is_by_file = !order.declared_at.empty();
  if (is_by_file) {
    draft.follow_file();
  } else if (auto ok = check_not_declared(draft, order); !ok) {
    return fail(ok.error());
  }
  auto carried = std::visit(
      [&](const auto& what) -> Result<Carried> {
        auto done = CarryOut{draft, order.actor}(what);
        if (!done) return fail(done.error());
        return Carried(std::move(*done));
      },
      order.what);
  if (carried && is_by_file) mark_changed(draft, order.declared_at);
  return carried;
}

}  // namespace vaultbell::core
