// A policy while somebody writes it: what is sent of it, and what stands against saving it. Pure.

import type { Contact, Group } from "../api/people.ts";
import type { Policy } from "../api/things.ts";

function isSaid(value: unknown): boolean {
  if (value === null || value === "") return false;
  return typeof value !== "object" || Object.keys(value as object).length > 0;
}

/** The body of a PUT: what is as usual is left out, and what the mode has no room for. */
export function bodyOfPolicy(policy: Policy): Record<string, unknown> {
  if (policy.mode === "same_as_vault") return { mode: policy.mode };
  const left = new Set<string>();
  if (policy.mode !== "custom") for (const name of ["contacts", "groups"]) left.add(name);
  if (!policy.quiet_hours) for (const name of ["quiet_zone", "do_critical_pass"]) left.add(name);
  if (!policy.escalate_after)
    for (const name of ["escalation_contacts", "escalation_groups"]) left.add(name);
  const holds = Object.entries(policy.notify_after_by_kind).filter(([, hold]) => isSaid(hold));
  return Object.fromEntries(
    Object.entries({ ...policy, notify_after_by_kind: Object.fromEntries(holds) }).filter(
      ([name, value]) => !left.has(name) && isSaid(value),
    ),
  );
}

/** Why a policy cannot be saved: by a custom one everybody who is named must be reached. null: it can. Of
 *  those that are not among what was read nothing is known: the aggregator decides. */
export function obstacleOf(
  policy: Policy,
  contacts: readonly Contact[],
  groups: readonly Group[],
): string | null {
  if (policy.mode !== "custom") return null;
  if (policy.contacts.length + policy.groups.length === 0)
    return "choose at least one contact or group.";
  const empty = groups.find(({ name, members }) => policy.groups.includes(name) && !members.length);
  if (empty) return `nobody is in the group ${empty.name}.`;
  const unreachable = contacts
    .filter((contact) => policy.contacts.includes(contact.name) && !contact.is_reachable)
    .map(({ name }) => name);
  if (unreachable.length === 0) return null;
  return `${unreachable.join(", ")} would not be reached: no address is verified. Confirm the code that was sent, or choose somebody else.`;
}
