#include "aggregator/core/client_keys.hpp"

#include <utility>

#include "aggregator/core/audit.hpp"
#include "aggregator/core/connections.hpp"

namespace vaultbell::core {

namespace {

// A client has it, or would have it as soon as somebody approves its request.
bool is_somebodys(const State& state, const PublicKey& key) {
  return state.client_by_key.contains(key) || state.enrolment_by_key.contains(key);
}

// The gateway forgot how long it was silent together with its old key: it is watched anew, as long
// as one that has just been heard.
void watch_anew(Draft& draft, const Client& client) {
  const auto limit = silence_limit(client.state, timing_of(draft.before(), client.id));
  if (limit || client.state == ClientState::disconnected) draft.emit(Watch{client.id, limit, true});
}

}  // namespace

Client replace_key(Draft& draft, Client client, const Enrolment& host, Instant expected_until) {
  draft.emit(Expel{client.id, client.public_key});
  client.public_key = host.public_key;
  client.host = host.host;
  client.boots.clear();  // of the old key: whoever comes with the new one is no clone of them
  client.catching_up.clear();
  if (client.state == ClientState::invited) client.expected_until = expected_until;
  draft.put(client);
  draft.emit(Admit{client.id, client.public_key});
  watch_anew(draft, client);
  draft.emit(Note{NoteKind::client_enrolled,
                  "client \"" + client.name + "\" is enrolled anew; its old key lets nobody in"});
  return client;
}

void change_key(Draft& draft, const KeyOffered& offered) {
  auto client = draft.get<Client>(offered.client);
  if (!client || client->state == ClientState::retired) return;
  const bool is_its_own = client->public_key == offered.by;
  if (!is_its_own || is_somebodys(draft.before(), offered.public_key)) return;
  draft.emit(Expel{client->id, client->public_key});
  client->public_key = offered.public_key;
  draft.put(*client);
  draft.emit(Admit{client->id, client->public_key});
  watch_anew(draft, *client);
  audit_host(draft, *client, "change_key");
  draft.emit(
      Note{NoteKind::client_enrolled,
           "client \"" + client->name + "\" has changed its key; the old one lets nobody in"});
}

}  // namespace vaultbell::core
