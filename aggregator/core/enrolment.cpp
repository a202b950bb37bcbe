#include "aggregator/core/enrolment.hpp"

#include <algorithm>

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
  return !token || refusal_of(*token, request.asked_at).has_value();
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

Client admit(Draft& draft, const Enrolment& host) {
  auto token = *draft.get<Token>(host.token);
  Client client{.id = draft.next_client(),
                .vault = host.vault,
                .name = host.name,
                .public_key = host.public_key,
                .state_since = draft.now(),
                .created_at = draft.now(),
                .host = host.host,
                .expected_until = std::max(token.expires_at, draft.now() + kConnectWithinMin)};
  ++token.uses;
  token.last_client = client.id;
  draft.put(std::move(token));
  draft.put(client);
  draft.emit(Admit{client.id, client.public_key});
  draft.emit(Note{NoteKind::client_enrolled, "client \"" + client.name + "\" is enrolled"});
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
  if (auto refusal = refusal_of(*token, draft.now())) {
    return answer(draft, request.request, std::move(*refusal));
  }
  Enrolment host{.id = earlier ? earlier->id : EnrolmentId{},
                 .public_key = request.public_key,
                 .name = request.name,
                 .token = token->id,
                 .vault = token->vault,
                 .asked_at = draft.now(),
                 .host = request.host};
  const bool is_name_taken = draft.before().client_by_name.contains(request.name);
  if (!is_name_taken && !token->needs_approval) {
    if (earlier) draft.erase(earlier->key());
    return answer(draft, request.request, accepted(draft, admit(draft, host)));
  }
  if (!earlier) host.id = draft.next_enrolment();
  host.state = is_name_taken ? EnrolmentState::name_taken : EnrolmentState::waiting;
  if (!keep(draft, host, earlier)) return answer(draft, request.request, busy());
  if (!is_name_taken) return answer(draft, request.request, EnrolmentWaits{request.name});
  answer(draft, request.request,
         EnrolmentRefused{EnrolmentRefusal::name_taken,
                          "there is already a client named \"" + request.name +
                              "\" with another key; choose another name with --name"});
}

}  // namespace vaultbell::core
