// The addresses of things, where a list only names them. Pure.

import { path } from "../api/request.ts";
import type { Use } from "../api/people.ts";

/** Where a contact or a group can be taken out of what uses it. */
export function addressOfUse({ what, name }: Use): string {
  return what === "group" ? path("groups", name) : `${path(`${what}s`, name)}/policy`;
}

const AS: Record<Use["as"], string> = {
  member: "a member",
  policy: "told by its policy",
  escalation: "told by its policy when nobody reacts",
};

/** "vault production: told by its policy". */
export function useText({ what, name, as }: Use): string {
  return `${what} ${name}: ${AS[as] ?? as}`;
}
