// Who is signed in, and what that role may do.

import { computed, signal } from "@preact/signals";
import { Problem } from "./problem.ts";
import { read, send, setCsrf, whenSignedOut } from "./request.ts";

export type Role = "viewer" | "operator" | "admin";

export interface Session {
  name: string;
  role: Role;
  csrf: string | null;
  expires_at: string;
}

export const session = signal<Session | null>(null);
/** Whether it is known yet who is signed in. */
export const isSessionKnown = signal(false);
/** Whether the aggregator did not answer when it was asked. */
export const isAway = signal(false);

const RANK: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };
const rank = computed(() => (session.value ? RANK[session.value.role] : -1));

/** May treat alerts, maintenances and messages. */
export const mayOperate = computed(() => rank.value >= RANK.operator);
/** May change everything. */
export const mayAdminister = computed(() => rank.value >= RANK.admin);

function begin(found: Session): void {
  setCsrf(found.csrf ?? "");
  session.value = found;
  isSessionKnown.value = true;
}

function end(): void {
  setCsrf("");
  session.value = null;
  isSessionKnown.value = true;
}

/** How long until an aggregator that does not answer is asked again. */
const RETRY = 3000;

/** Asks who is signed in, until there is an answer. */
export async function findSession(): Promise<void> {
  whenSignedOut(end);
  try {
    begin(await read<Session>("/session"));
  } catch (problem) {
    if (problem instanceof Problem && problem.status === 401) return end();
    isAway.value = true;
    setTimeout(() => void findSession(), RETRY);
  }
}

export async function signIn(secret: string): Promise<void> {
  begin(await send<Session>("POST", "/session", { secret }));
}

export async function signOut(): Promise<void> {
  await send("DELETE", "/session");
  end();
}
