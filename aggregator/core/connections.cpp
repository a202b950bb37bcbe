#include "aggregator/core/connections.hpp"

#include <algorithm>

#include "aggregator/core/alerts.hpp"
#include "aggregator/core/audit.hpp"
#include "aggregator/core/clock_shift.hpp"
#include "aggregator/core/outages.hpp"
#include "aggregator/core/refusals.hpp"
#include "aggregator/core/reports.hpp"
#include "shared/domain/name.hpp"

namespace vaultbell::core {

namespace {

constexpr std::size_t kRowsPerInvited = 2;

tl::unexpected<Error> no_client(ClientId id) {
  return there_is_no("client", id.value);
}

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

Inactivation by_connection(const Draft& draft) {
  return {.reason = InactiveReason::recovered_by_connection, .at = draft.now()};
}

// R4.8: whoever comes and goes so often gets one alert that stays, not one with each disconnect.
bool is_flapping(Client& client, Instant now) {
  std::erase_if(client.returns, [&](Instant at) { return at <= now - kFlappingWindow; });
  client.returns.push_back(now);
  if (client.returns.size() > kFlappingReturns) client.returns.erase(client.returns.begin());
  return client.returns.size() == kFlappingReturns;
}

Subject disconnect_of(ClientId client) {
  return {.kind = AlertKind::client_disconnected, .client = client};
}

// The active alert about a disconnect.
std::optional<Alert> disconnect_alert(const Draft& draft, ClientId client) {
  const auto active = draft.before().alert_by_subject.find(disconnect_of(client));
  if (active == draft.before().alert_by_subject.end()) return std::nullopt;
  return draft.get<Alert>(active->second);
}

// Nobody waits for it any more: the outage that its silence is part of may be over. That is one of
// the vault in which it fell silent.
void leave_outage(Draft& draft, const Client& client, const std::optional<Alert>& alert) {
  note_return(draft, alert ? alert->vault : client.vault);
}

// Its disconnect is over, unless it flaps.
void return_from_disconnect(Draft& draft, Client& client) {
  if (client.state != ClientState::disconnected) return;
  const auto now = now_for(draft, client.id);
  client.returned_at = now;
  auto alert = disconnect_alert(draft, client.id);
  leave_outage(draft, client, alert);
  if (!is_flapping(client, now) || !alert) {
    recover(draft, disconnect_of(client.id), by_connection(draft));
    return;
  }
  alert->is_flapping = true;
  draft.put(std::move(*alert));
}

void come_back(Draft& draft, Client& client) {
  if (client.state != ClientState::online) {
    draft.emit(Note{NoteKind::client_online, "client \"" + client.name + "\" is online"});
  }
  return_from_disconnect(draft, client);
  if (client.state == ClientState::invited) {
    client.expected_until.reset();
    recover(draft, {.kind = AlertKind::never_connected, .client = client.id}, by_connection(draft));
  }
  become(client, ClientState::online, now_for(draft, client.id));
  client.goodbye.reset();
}

// R2.10: a boot that was left comes back only where two hosts use the same key.
void note_boot(Draft& draft, Client& client, const HostFacts& host) {
  auto& boots = client.boots;
  if (!boots.empty() && boots.back().boot == host.boot) {
    boots.back().address = host.address;
    return;
  }
  const auto known = std::ranges::find(boots, host.boot, &BootSeen::boot);
  if (known != boots.end()) {
    raise(draft, {.subject = {.kind = AlertKind::cloned_client, .client = client.id},
                  .message = "two hosts use the key of this client: " + host.hostname + " at " +
                             host.address + ", and one at " + boots.back().address});
    boots.erase(known);
  }
  boots.push_back({host.boot, host.address});
  if (boots.size() > kBootsMax) boots.erase(boots.begin());
}

void retire(Draft& draft, Client client) {
  if (client.state == ClientState::disconnected) {
    leave_outage(draft, client, disconnect_alert(draft, client.id));
  }
  become(client, ClientState::retired, draft.now());
  client.policy = {.mode = PolicyMode::same_as_vault};
  draft.emit(Expel{client.id, client.public_key});
  draft.put(std::move(client));
}

// It is out of service because its host says so. Whoever controls a host could end its alarms like
// that: people are told (docs/decisions/0033).
void unenrol(Draft& draft, const Client& client) {
  raise(draft, {.subject = unenrolment_of(client.id),
                .message = "the host was unenrolled (vaultbell-agent unenrol): nothing is expected "
                           "of it any more"});
  draft.emit(Note{NoteKind::client_offline,
                  "client \"" + client.name + "\" was unenrolled by its host: it is retired"});
  retire(draft, client);
  audit_host(draft, client, "unenrol");
}

// Tells gateway and agent of the client's times where they change.
void retime_client(Draft& draft, const Settings& settings, ClientId id) {
  const auto client = draft.get<Client>(id);
  if (!client) return;
  const auto timing = timing_in(draft, settings, *client);
  const auto old = timing_of(draft.before(), id);
  if (timing == old) return;
  if (const auto limit = silence_limit(client->state, timing)) {
    // Its last heartbeat came at the old pace: a limit that is shorter begins to count now.
    const bool is_for_a_new_pace =
        client->state == ClientState::online && *limit < 2 * old.heartbeat_every;
    draft.emit(Watch{id, limit, is_for_a_new_pace});
  }
  if (client->state == ClientState::online) draft.emit(SendTiming{id, timing});
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
  note_boot(draft, *client, hello.host);
  client->host = hello.host;
  client->clock_skew = hello.client_time - now_for(draft, client->id);
  const auto timing = timing_in(draft, *client);
  SendWelcome welcome{.client = client->id,
                      .name = client->name,
                      .vault = draft.get<Vault>(client->vault)->name,
                      .timing = timing};
  welcome.acks = catch_up(draft, *client, hello.spools);
  client->catching_up = announced(hello.spools, welcome.acks);
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
  const auto raised =
      raise(draft, {.subject = {.kind = AlertKind::client_disconnected, .client = client->id},
                    .message = (was_offline ? "went offline and did not come back; last heard at "
                                            : "no heartbeat since ") +
                               to_iso(silent.last_heard_at)});
  if (raised.is_new && !was_offline) note_silence(draft, *client, raised.alert);
  become(*client, ClientState::disconnected, now_for(draft, client->id));
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
  // It waited in the inbox while another host took the client over: that one has not left.
  if (client->public_key != goodbye.by) return;
  if (goodbye.reason == GoodbyeReason::unenrolled) return unenrol(draft, *client);
  const auto as_it_was = *client;
  // Whoever says goodbye was there.
  return_from_disconnect(draft, *client);
  become(*client, ClientState::offline, now_for(draft, client->id));
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

void judge_invited(Draft& draft) {
  for (const auto& [at, id] : draft.before().clients_due.in_order()) {
    if (at > draft.now() || !draft.has_room_for(kRowsPerInvited)) return;
    auto client = *draft.get<Client>(id);
    raise(draft, {.subject = {.kind = AlertKind::never_connected, .client = id},
                  .message = "it was enrolled at " + to_iso(client.created_at) +
                             " and has never been seen since"});
    client.expected_until.reset();
    draft.put(std::move(client));
  }
}

Result<std::string> retire_client(Draft& draft, const RetireClient& order) {
  auto client = draft.get<Client>(order.client);
  if (!client) return no_client(order.client);
  if (client->state == ClientState::retired) return std::string("it was already retired");
  draft.emit(Note{NoteKind::client_offline, "client \"" + client->name + "\" is retired"});
  retire(draft, std::move(*client));
  return std::string("its alerts end, its history stays");
}

Result<std::string> move_client(Draft& draft, const MoveClient& order) {
  auto client = draft.get<Client>(order.client);
  if (!client) return no_client(order.client);
  if (!draft.get<Vault>(order.vault)) {
    return there_is_no("vault", order.vault.value);
  }
  if (client->vault == order.vault) return std::string("it is in that vault");
  client->vault = order.vault;
  draft.put(*client);
  retime(draft, draft.before().settings, std::nullopt, client->id);
  return std::string();
}

Result<std::string> rename_client(Draft& draft, const RenameClient& order) {
  auto client = draft.get<Client>(order.client);
  if (!client) return no_client(order.client);
  if (auto ok = check_name("client name", order.name); !ok) return fail(ok.error());
  if (client->name == order.name) return std::string("nothing to change");
  if (draft.before().client_by_name.contains(order.name)) {
    return fail(ErrorCode::refused, "there is already a client named \"" + order.name + "\"");
  }
  client->name = order.name;
  draft.put(std::move(*client));
  return std::string();
}

void retime(Draft& draft, const Settings& settings, std::optional<VaultId> vault,
            std::optional<ClientId> only) {
  if (only) return retime_client(draft, settings, *only);
  const auto& state = draft.before();
  if (vault) {
    const auto clients = state.clients_in.find(*vault);
    if (clients == state.clients_in.end()) return;
    for (const auto id : clients->second) retime_client(draft, settings, id);
    return;
  }
  if (settings.timing == state.settings.timing) return;
  for (const auto& [id, client] : state.clients) retime_client(draft, settings, id);
}

}  // namespace vaultbell::core
