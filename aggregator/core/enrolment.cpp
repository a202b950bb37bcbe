#include "aggregator/core/enrolment.hpp"

#include <algorithm>
#include <utility>

#include "aggregator/core/audit.hpp"
#include "aggregator/core/client_keys.hpp"
#include "aggregator/core/refusals.hpp"

namespace vaultbell::core {

namespace {

// A host that was let in at the last moment gets so long to connect.
constexpr Duration kConnectWithinMin = std::chrono::minutes(10);

void answer(Draft& draft, RequestId request, decltype(AnswerEnrolment::answer) what) {
  draft.emit(AnswerEnrolment{request, std::move(what)});
}

EnrolmentAccepted accepted(const Draft& draft, const Client& client) {
  return {.client = client.name, .vault = draft.get<Vault>(client.vault)->name};
}

std::optional<Client> client_with_key(const Draft& draft, const PublicKey& key) {
  const auto& by_key = draft.before().client_by_key;
  const auto found = by_key.find(key);
  if (found == by_key.end()) return std::nullopt;
  return draft.get<Client>(found->second);
}

std::optional<Token> token_with_hash(const Draft& draft, const TokenHash& hash) {
  const auto& by_hash = draft.before().token_by_hash;
  const auto found = by_hash.find(hash);
  if (found == by_hash.end()) return std::nullopt;
  return draft.get<Token>(found->second);
}

std::optional<Enrolment> earlier_request(const Draft& draft, const PublicKey& key) {
  const auto& by_key = draft.before().enrolment_by_key;
  const auto found = by_key.find(key);
  if (found == by_key.end()) return std::nullopt;
  return draft.get<Enrolment>(found->second);
}

// Whether nobody can be let in by this request any more.
bool is_useless(const Draft& draft, const Enrolment& request) {
  if (request.state != EnrolmentState::waiting) return true;
  const auto token = draft.get<Token>(request.token);
  return !token || refusal_of(draft, *token, request.asked_at).has_value();
}

// Where no more requests fit, the oldest useless one makes room. False: all of them are needed.
bool make_room(Draft& draft) {
  const auto& rows = draft.before().enrolments;
  if (rows.size() < kEnrolmentsMax) return true;
  for (const auto& [id, row] : rows) {
    if (!is_useless(draft, row)) continue;
    draft.erase(id);
    return true;
  }
  return false;
}

// Keeps a request for the administrator to see; the same request asked again changes nothing.
bool keep(Draft& draft, const Enrolment& request, const std::optional<Enrolment>& earlier) {
  if (!earlier && !make_room(draft)) return false;
  auto compared = request;
  if (earlier) compared.asked_at = earlier->asked_at;
  if (!earlier || compared != *earlier) draft.put(request);
  return true;
}

Client new_client(Draft& draft, const Enrolment& host, Instant expected_until) {
  Client client{.id = draft.next_client(),
                .vault = host.vault,
                .name = host.name,
                .public_key = host.public_key,
                .state_since = draft.now(),
                .created_at = draft.now(),
                .host = host.host,
                .expected_until = expected_until};
  draft.put(client);
  draft.emit(Admit{client.id, client.public_key});
  draft.emit(Note{NoteKind::client_enrolled, "client \"" + client.name + "\" is enrolled"});
  return client;
}

// What is kept of a request. A token that was made for a client says which: the name that the host
// asks for, often no more than its host name, says nothing then.
Enrolment host_of(const Draft& draft, const EnrolmentRequested& request, const Token& token) {
  const auto client = draft.get<Client>(token.client);
  return {.public_key = request.public_key,
          .name = client ? client->name : request.name,
          .token = token.id,
          .vault = client ? client->vault : token.vault,
          .asked_at = draft.now(),
          .host = request.host};
}

// The vault into which such a token would let a host.
Result<VaultId> vault_of_token(const Draft& draft, const CreateToken& order) {
  if (!order.client.is_set()) {
    if (!draft.get<Vault>(order.vault)) return there_is_no("vault", order.vault.value);
    return order.vault;
  }
  const auto client = draft.get<Client>(order.client);
  if (!client) return there_is_no("client", order.client.value);
  if (client->state == ClientState::retired) {
    return fail(ErrorCode::refused,
                "client \"" + client->name +
                    "\" is retired: its name is free, a host can enrol under it as a new client");
  }
  if (order.uses_max > 1) {
    return fail(ErrorCode::invalid, "a token for a client has 1 use: it has one key");
  }
  return client->vault;
}

EnrolmentRefused name_taken(const std::string& name) {
  return {EnrolmentRefusal::name_taken,
          "there is already a client named \"" + name +
              "\" with another key; choose another name with --name, or, if it is this host, ask "
              "for a token made with --for-client " +
              name};
}

EnrolmentRefused busy() {
  return {EnrolmentRefusal::busy, "too many hosts wait for enrolment; try again later"};
}

}  // namespace

std::optional<EnrolmentRefused> refusal_of(const Token& token, Instant now) {
  if (token.revoked_at) {
    return EnrolmentRefused{EnrolmentRefusal::token_revoked,
                            "this join token was revoked at " + to_iso(*token.revoked_at)};
  }
  if (token.uses >= token.uses_max) {
    return EnrolmentRefused{
        EnrolmentRefusal::token_used,
        "this join token has already been used" +
            (token.uses_max > 1 ? " " + std::to_string(token.uses) + " times" : std::string()) +
            "; ask for a new one"};
  }
  if (now >= token.expires_at) {
    return EnrolmentRefused{
        EnrolmentRefusal::token_expired,
        "this join token expired at " + to_iso(token.expires_at) + "; ask for a new one"};
  }
  return std::nullopt;
}

std::optional<EnrolmentRefused> refusal_of(const Draft& draft, const Token& token, Instant now) {
  const auto client = draft.get<Client>(token.client);
  if (client && client->state == ClientState::retired) {
    return EnrolmentRefused{EnrolmentRefusal::token_revoked,
                            "this join token is for client \"" + client->name +
                                "\", which was retired; ask for a new one"};
  }
  return refusal_of(token, now);
}

bool is_name_taken(const Draft& draft, const Token& token, const std::string& name) {
  return !token.client.is_set() && draft.before().client_by_name.contains(name);
}

Client admit(Draft& draft, const Enrolment& host, Token token) {
  const auto expected_until = std::max(token.expires_at, draft.now() + kConnectWithinMin);
  const auto known = draft.get<Client>(token.client);
  const auto client = known ? replace_key(draft, *known, host, expected_until)
                            : new_client(draft, host, expected_until);
  ++token.uses;
  token.last_client = client.id;
  draft.put(std::move(token));
  return client;
}

void request_enrolment(Draft& draft, const EnrolmentRequested& request) {
  // Whoever holds the key is the client: an agent that lost our answer asks again.
  if (const auto client = client_with_key(draft, request.public_key)) {
    return answer(draft, request.request, accepted(draft, *client));
  }
  const auto token = token_with_hash(draft, request.token_hash);
  if (!token) {
    return answer(draft, request.request,
                  EnrolmentRefused{EnrolmentRefusal::token_unknown,
                                   "this join token is not known here: it was altered, or made by "
                                   "another aggregator"});
  }
  const auto earlier = earlier_request(draft, request.public_key);
  if (earlier && earlier->token == token->id && earlier->state == EnrolmentState::rejected) {
    return answer(
        draft, request.request,
        EnrolmentRefused{EnrolmentRefusal::rejected, "an administrator has rejected this host"});
  }
  if (auto refusal = refusal_of(draft, *token, draft.now())) {
    return answer(draft, request.request, std::move(*refusal));
  }
  auto host = host_of(draft, request, *token);
  const bool is_taken = is_name_taken(draft, *token, host.name);
  if (!is_taken && !token->needs_approval) {
    if (earlier) draft.erase(earlier->key());
    const auto client = admit(draft, host, *token);
    // With approval it is the administrator's order that is in the log.
    if (token->client.is_set()) audit_host(draft, client, "enrol_anew");
    return answer(draft, request.request, accepted(draft, client));
  }
  host.id = earlier ? earlier->id : draft.next_enrolment();
  host.state = is_taken ? EnrolmentState::name_taken : EnrolmentState::waiting;
  if (!keep(draft, host, earlier)) return answer(draft, request.request, busy());
  if (!is_taken) return answer(draft, request.request, EnrolmentWaits{host.name});
  answer(draft, request.request, name_taken(host.name));
}

Result<std::string> create_token(Draft& draft, const std::string& actor, const CreateToken& order) {
  const auto vault = vault_of_token(draft, order);
  if (!vault) return fail(vault.error());
  if (draft.before().tokens.size() >= kTokensMax) {
    return fail(ErrorCode::full, "there are already " + std::to_string(kTokensMax) + " tokens");
  }
  if (order.uses_max == 0 || order.uses_max > kTokenUsesMax) {
    return fail(ErrorCode::invalid, "a token has 1 to " + std::to_string(kTokenUsesMax) + " uses");
  }
  if (order.expires_at <= draft.now()) {
    return fail(ErrorCode::invalid, "the token would already have expired");
  }
  const bool by_default = order.uses_max > 1 || draft.before().settings.does_approve;
  draft.put(Token{.id = draft.next_token(),
                  .hash = order.hash,
                  .vault = *vault,
                  .created_by = actor,
                  .created_at = draft.now(),
                  .expires_at = order.expires_at,
                  .uses_max = order.uses_max,
                  .needs_approval = order.needs_approval.value_or(by_default),
                  .client = order.client});
  return {};
}

Result<std::string> approve_enrolment(Draft& draft, const ApproveEnrolment& order) {
  const auto host = draft.get<Enrolment>(order.enrolment);
  if (!host) return there_is_no("enrolment request", order.enrolment.value);
  const auto token = draft.get<Token>(host->token);
  if (!token) {
    return fail(ErrorCode::refused,
                "the join token with which it asked is kept no more; the host must ask again with "
                "a new one");
  }
  if (const auto client = client_with_key(draft, host->public_key)) {
    return fail(ErrorCode::refused,
                "client \"" + client->name + "\" has the key of this host by now; reject it");
  }
  if (is_name_taken(draft, *token, host->name)) {
    return fail(ErrorCode::refused,
                "there is already a client named \"" + host->name +
                    "\"; the host must ask again with another name, or, if it is that client, "
                    "with a token made with --for-client " +
                    host->name);
  }
  // The host asked in time; only a token that was used up or revoked since then closes the door.
  if (const auto refusal = refusal_of(draft, *token, host->asked_at)) {
    return fail(ErrorCode::refused, refusal->message);
  }
  admit(draft, *host, *token);
  draft.erase(host->key());
  return {};
}

}  // namespace vaultbell::core
