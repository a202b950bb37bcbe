#include "aggregator/core/operator.hpp"

#include "aggregator/core/alerts.hpp"
#include "aggregator/core/connections.hpp"
#include "aggregator/core/deliveries.hpp"
#include "aggregator/core/enrolment.hpp"
#include "shared/domain/name.hpp"

namespace vaultbell::core {

namespace {

constexpr std::size_t kVaultsMax = 10'000;
constexpr std::size_t kWhyBytesMax = 1000;

void overlay(TimingOverrides& timing, const TimingOverrides& edit) {
  if (edit.heartbeat_every) timing.heartbeat_every = edit.heartbeat_every;
  if (edit.disconnect_after) timing.disconnect_after = edit.disconnect_after;
  if (edit.offline_grace) timing.offline_grace = edit.offline_grace;
}

tl::unexpected<Error> not_found(std::string_view what, std::uint64_t id) {
  return fail(ErrorCode::not_found, "there is no " + std::string(what) + " " + std::to_string(id));
}

// Carries out each kind of order; the order's actor is at hand where it is kept.
struct CarryOut {
  Draft& draft;
  const std::string& actor;

  Result<std::string> operator()(const CreateVault& order) const {
    if (auto ok = check_name("vault name", order.name); !ok) return fail(ok.error());
    if (draft.before().vault_by_name.contains(order.name)) {
      return fail(ErrorCode::refused, "there is already a vault named \"" + order.name + "\"");
    }
    if (draft.before().vaults.size() >= kVaultsMax) {
      return fail(ErrorCode::full, "there are already " + std::to_string(kVaultsMax) + " vaults");
    }
    const auto timing = inherit(draft.before().settings.timing, order.timing, {});
    if (auto ok = check_timing(timing); !ok) return fail(ok.error());
    draft.put(Vault{.id = draft.next_vault(),
                    .name = order.name,
                    .policy = order.policy,
                    .timing = order.timing,
                    .created_at = draft.now()});
    return {};
  }

  Result<std::string> operator()(const EditVault& order) const {
    auto vault = draft.get<Vault>(order.vault);
    if (!vault) return not_found("vault", order.vault.value);
    const auto as_it_was = *vault;
    overlay(vault->timing, order.timing);
    if (order.policy) vault->policy = *order.policy;
    const auto timing = inherit(draft.before().settings.timing, vault->timing, {});
    if (auto ok = check_timing(timing); !ok) return fail(ok.error());
    if (*vault == as_it_was) return std::string("nothing to change");
    draft.put(*vault);
    retime(draft, draft.before().settings, vault->id, std::nullopt);
    return {};
  }

  Result<std::string> operator()(const EditClient& order) const {
    auto client = draft.get<Client>(order.client);
    if (!client) return not_found("client", order.client.value);
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
    const auto vault = draft.get<Vault>(order.vault);
    if (!vault) return not_found("vault", order.vault.value);
    if (draft.before().tokens.size() >= kTokensMax) {
      return fail(ErrorCode::full, "there are already " + std::to_string(kTokensMax) + " tokens");
    }
    if (order.uses_max == 0 || order.uses_max > kTokenUsesMax) {
      return fail(ErrorCode::invalid,
                  "a token has 1 to " + std::to_string(kTokenUsesMax) + " uses");
    }
    if (order.expires_at <= draft.now()) {
      return fail(ErrorCode::invalid, "the token would already have expired");
    }
    const bool by_default = order.uses_max > 1 || draft.before().settings.does_approve;
    draft.put(Token{.id = draft.next_token(),
                    .hash = order.hash,
                    .vault = order.vault,
                    .created_by = actor,
                    .created_at = draft.now(),
                    .expires_at = order.expires_at,
                    .uses_max = order.uses_max,
                    .needs_approval = order.needs_approval.value_or(by_default)});
    return {};
  }

  Result<std::string> operator()(const RevokeToken& order) const {
    auto token = draft.get<Token>(order.token);
    if (!token) return not_found("token", order.token.value);
    if (token->revoked_at) return std::string("it was already revoked");
    token->revoked_at = draft.now();
    draft.put(std::move(*token));
    return {};
  }

  Result<std::string> operator()(const ApproveEnrolment& order) const {
    const auto host = draft.get<Enrolment>(order.enrolment);
    if (!host) return not_found("enrolment request", order.enrolment.value);
    if (draft.before().client_by_name.contains(host->name)) {
      return fail(ErrorCode::refused, "there is already a client named \"" + host->name +
                                          "\"; the host must ask again with another name");
    }
    // The host asked in time; only a token that was used up or revoked since then closes the door.
    const auto token = draft.get<Token>(host->token);
    if (const auto refusal = refusal_of(*token, host->asked_at)) {
      return fail(ErrorCode::refused, refusal->message);
    }
    admit(draft, *host);
    draft.erase(host->key());
    return {};
  }

  Result<std::string> operator()(const RejectEnrolment& order) const {
    auto host = draft.get<Enrolment>(order.enrolment);
    if (!host) return not_found("enrolment request", order.enrolment.value);
    if (host->state == EnrolmentState::rejected) return std::string("it was already rejected");
    host->state = EnrolmentState::rejected;
    draft.put(std::move(*host));
    return {};
  }

  Result<std::string> operator()(const InactivateAlert& order) const {
    if (order.why.size() > kWhyBytesMax) {
      return fail(ErrorCode::invalid,
                  "the reason is longer than " + std::to_string(kWhyBytesMax) + " bytes");
    }
    auto alert = draft.get<Alert>(order.alert);
    if (!alert) return not_found("active alert", order.alert.value);
    inactivate(draft, std::move(*alert), actor, order.why);
    return {};
  }

  Result<std::string> operator()(const RetryDelivery& order) const {
    const auto open = draft.get<Notification>(order.notification.id);
    if (!open) return retry_ended(order.notification);
    if (open->state == NotificationState::sending) {
      return fail(ErrorCode::refused, "it is being sent right now");
    }
    hurry(draft, *open);
    return {};
  }

  // The row is as some snapshot of the store had it, which may be a little behind.
  Result<std::string> retry_ended(const Notification& notification) const {
    switch (notification.state) {
      case NotificationState::pending:
      case NotificationState::sending:
        return fail(ErrorCode::refused, "it has just ended; look at it again");
      case NotificationState::delivered:
        return fail(ErrorCode::refused, "it was delivered");
      case NotificationState::cancelled:
        return fail(ErrorCode::refused,
                    "it was cancelled: its recipient was not told of the alert");
      case NotificationState::given_up: {
        const bool is_raise = notification.event == NotificationEvent::raised;
        if (is_raise && !draft.get<Alert>(notification.alert)) {
          return fail(ErrorCode::refused, "its alert is over: there is nothing to tell any more");
        }
        retry(draft, notification);
        return {};
      }
    }
    return {};
  }
};

}  // namespace

Result<std::string> carry_out(Draft& draft, const Order& order) {
  return std::visit(CarryOut{draft, order.actor}, order.what);
}

}  // namespace vaultbell::core
