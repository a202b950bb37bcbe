// Sentences about things, from their fields.

import type { Alert, Client, Vault } from "../api/things.ts";
import { durationText } from "./durations.ts";
import { clock, relative, type Zone } from "./times.ts";

/** Why nobody was told, shorter than the reason's own sentence. */
const UNTOLD: Record<string, string> = {
  nobody_policy_off: "nobody: the policy is off",
  nobody_no_owner: "nobody: there is no owner",
  resolved_during_hold: "nobody: over before its hold ended",
  inactivated_during_hold: "nobody: inactivated before its hold ended",
  nobody_below_severity: "nobody: not severe enough for the policy",
  nobody_kind_excluded: "nobody: the policy leaves this kind out",
  nobody_reachable: "nobody: no address is verified",
  nobody_no_other_channel: "nobody: no other channel works",
  covered_by_outage: "nobody: one alert stood for the vault",
};

/** What became of telling an alert: "in 43 min", "delivered to 2", "held: maintenance". */
export function tellingText(alert: Alert, now: number): string {
  if (alert.notifies_at && alert.held_by === "hold") {
    return `tells ${relative(Date.parse(alert.notifies_at), now)}`;
  }
  if (alert.held_by) return `held: ${alert.held_by.replaceAll("_", " ")}`;
  const soFar = alert.told_so_far;
  if (!soFar) return "–";
  return UNTOLD[soFar] ?? soFar.replaceAll("_", " ");
}

function goodbyeText({ goodbye }: Client): string {
  return goodbye ? ` (${goodbye.replaceAll("_", " ")})` : "";
}

/** Why a client is in its state, in one sentence. */
export function clientSentence(client: Client, now: number, zone: Zone): string {
  const since = clock(Date.parse(client.state_since), now, zone);
  const heard = client.last_heard && clock(Date.parse(client.last_heard), now, zone);
  switch (client.state) {
    case "online":
      return `Since ${since}; a heartbeat every ${durationText(client.timing.heartbeat_every)}.`;
    case "offline":
      return `It said goodbye at ${since}${goodbyeText(client)}; after ${durationText(client.timing.offline_grace)} it counts as disconnected.`;
    case "disconnected":
      return `No heartbeat since ${heard ?? since}; after ${durationText(client.timing.disconnect_after)} of silence it counts as disconnected.`;
    case "invited":
      return "Enrolled, and never seen: start vaultbell-agent on the host.";
    case "retired":
      return `Since ${since}.`;
    default:
      return `Since ${since}.`;
  }
}

/** "5 of 6 online, 1 disconnected". */
export function clientsText(clients: Vault["clients"]): string {
  const { invited, online, offline, disconnected } = clients;
  const all = invited + online + offline + disconnected;
  if (all === 0) return "no clients yet";
  const rest = Object.entries({ disconnected, offline, invited })
    .filter(([, number]) => number > 0)
    .map(([state, number]) => `${number} ${state}`);
  return [`${online} of ${all} online`, ...rest].join(", ");
}
