#include "aggregator/core/connections.hpp"

#include "aggregator/core/alerts.hpp"
#include "aggregator/core/reports.hpp"

namespace vaultbell::core {

namespace {

ClientTiming timing_in(const Draft& draft, const Settings& settings, const Client& client) {
  const auto vault = draft.get<Vault>(client.vault);
  check(vault.has_value(), "a client's vault exists");
  return resolve(settings.timing, vault->timing, client.timing);
}

ClientTiming timing_in(const Draft& draft, const Client& client) {
  return timing_in(draft, draft.before().settings, client);
}

void become(Client& client, ClientState state, Instant now) {
  if (client.state == state) return;
  client.state = state;
  client.state_since = now;
}

void recover_connection(Draft& draft, ClientId client) {
  recover(draft, {.kind = AlertKind::client_disconnected, .client = client},
          {.reason = InactiveReason::recovered_by_connection, .at = draft.now()});
}

void come_back(Draft& draft, Client& client) {
  if (client.state != ClientState::online) {
    draft.emit(Note{NoteKind::client_online, "client \"" + client.name + "\" is online"});
  }
  become(client, ClientState::online, draft.now());
  client.goodbye.reset();
  recover_connection(draft, client.id);
}

// Whether a silence was measured with a shorter limit than now counts: before a goodbye or a change
// of times that the gateway did not know of yet. Half the limit, because gateway and core read
// their clocks at different moments.
bool is_out_of_date(const ClientSilent& silent, Duration limit, Instant now) {
  return now - silent.last_heard_at < limit / 2;
}

}  // namespace

ClientTiming timing_of(const State& state, ClientId id) {
  const auto client = state.clients.find(id);
  if (client == state.clients.end()) return state.settings.timing;
  const auto vault = state.vaults.find(client->second.vault);
  check(vault != state.vaults.end(), "a client's vault exists");
  return resolve(state.settings.timing, vault->second.timing, client->second.timing);
}

std::optional<Duration> silence_limit(ClientState state, const ClientTiming& timing) {
  switch (state) {
    case ClientState::online:
      return timing.disconnect_after;
    case ClientState::offline:
      return timing.offline_grace;
    case ClientState::invited:
    case ClientState::disconnected:
    case ClientState::retired:
      return std::nullopt;
  }
  return std::nullopt;
}

void hello(Draft& draft, const HelloReceived& hello) {
  auto client = draft.get<Client>(hello.client);
  if (!client || client->state == ClientState::retired) return;
  const auto as_it_was = *client;
  come_back(draft, *client);
  client->host = hello.host;
  client->clock_skew = hello.client_time - draft.now();
  const auto timing = timing_in(draft, *client);
  SendWelcome welcome{.client = client->id,
                      .name = client->name,
                      .vault = draft.get<Vault>(client->vault)->name,
                      .timing = timing};
  welcome.acks = catch_up(draft, *client, hello.spools);
  draft.emit(Watch{client->id, timing.disconnect_after, true});
  draft.emit(std::move(welcome));
  if (*client != as_it_was) draft.put(std::move(*client));
}

void fell_silent(Draft& draft, const ClientSilent& silent) {
  auto client = draft.get<Client>(silent.client);
  if (!client) return;
  const auto limit = silence_limit(client->state, timing_in(draft, *client));
  if (!limit) return;
  if (is_out_of_date(silent, *limit, draft.now()))
    return draft.emit(Watch{client->id, limit, true});
  const bool was_offline = client->state == ClientState::offline;
  raise(draft, {.subject = {.kind = AlertKind::client_disconnected, .client = client->id},
                .message = (was_offline ? "went offline and did not come back; last heard at "
                                        : "no heartbeat since ") +
                           to_iso(silent.last_heard_at)});
  become(*client, ClientState::disconnected, draft.now());
  draft.emit(Watch{client->id, std::nullopt, false});
  draft.put(std::move(*client));
}

void heard_again(Draft& draft, const ClientHeard& heard) {
  auto client = draft.get<Client>(heard.client);
  if (!client || client->state == ClientState::retired) return;
  const auto as_it_was = *client;
  come_back(draft, *client);
  draft.emit(Watch{client->id, timing_in(draft, *client).disconnect_after, true});
  if (*client != as_it_was) draft.put(std::move(*client));
}

void goodbye(Draft& draft, const GoodbyeReceived& goodbye) {
  auto client = draft.get<Client>(goodbye.client);
  if (!client || client->state == ClientState::retired) return;
  const auto as_it_was = *client;
  // Whoever says goodbye was there: a disconnect alert is over.
  recover_connection(draft, client->id);
  become(*client, ClientState::offline, draft.now());
  client->goodbye = goodbye.reason;
  draft.emit(Note{NoteKind::client_offline, "client \"" + client->name + "\" said goodbye: " +
                                                std::string(to_text(goodbye.reason))});
  draft.emit(Watch{client->id, timing_in(draft, *client).offline_grace, true});
  if (*client != as_it_was) draft.put(std::move(*client));
}

void spool_full_changed(Draft& draft, const SpoolFullChanged& changed) {
  if (!draft.get<Client>(changed.client)) return;
  const Subject subject{.kind = AlertKind::spool_full, .client = changed.client};
  const bool is_known = draft.before().alert_by_subject.contains(subject);
  if (changed.is_full && !is_known) {
    raise(draft,
          {.subject = subject, .message = "the agent's spool is full: it refuses new reports"});
  } else if (!changed.is_full) {
    recover(draft, subject, {.reason = InactiveReason::recovered_by_space, .at = draft.now()});
  }
}

void retime(Draft& draft, const Settings& settings, std::optional<VaultId> vault,
            std::optional<ClientId> only) {
  for (const auto& [id, before] : draft.before().clients) {
    if ((only && id != *only) || (vault && before.vault != *vault)) continue;
    const auto client = draft.get<Client>(id);
    const auto timing = timing_in(draft, settings, *client);
    const auto old = timing_of(draft.before(), id);
    if (timing == old) continue;
    if (const auto limit = silence_limit(client->state, timing)) {
      // Its last heartbeat came at the old pace: a limit that is shorter begins to count now.
      const bool is_for_a_new_pace =
          client->state == ClientState::online && *limit < 2 * old.heartbeat_every;
      draft.emit(Watch{id, limit, is_for_a_new_pace});
    }
    if (client->state == ClientState::online) draft.emit(SendTiming{id, timing});
  }
}

}  // namespace vaultbell::core
