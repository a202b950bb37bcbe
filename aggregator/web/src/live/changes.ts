// What an event says, and when somebody who shows a thing reads it again. Pure.

const WHATS = [
  "vault",
  "client",
  "job",
  "run",
  "alert",
  "delivery",
  "contact",
  "group",
  "maintenance",
  "enrolment",
  "token",
  "access",
  "audit",
  "address",
  "channel",
] as const;

export type What = (typeof WHATS)[number];

/** A thing changed; or, with "everything", something was missed. */
export type Change = { what: What; id?: number | string } | { what: "everything" };

/** At most one reading in this time for each list or page: a storm of reports must not become one of
 *  requests. */
export const REREAD_PAUSE = 2000;
/** What changes together is read together. */
export const GATHERING = 200;

/** The change that an event's text names; null of a text that is none. */
export function readChange(text: string): Change | null {
  try {
    const found = JSON.parse(text) as { what?: unknown; id?: unknown };
    const what = WHATS.find((known) => known === found.what);
    if (!what) return null;
    const isNamed = typeof found.id === "number" || typeof found.id === "string";
    return isNamed ? { what, id: found.id as number | string } : { what };
  } catch {
    return null;
  }
}

export function concerns(change: Change, about: readonly What[]): boolean {
  return change.what === "everything" || about.includes(change.what);
}

/** How long to wait until the next reading, after the last one at that time. */
export function waitBeforeReread(lastAt: number, now: number): number {
  return Math.max(GATHERING, lastAt + REREAD_PAUSE - now);
}

const RETRY_FIRST = 1000;
const RETRY_MAX = 30_000;

/** How long to wait before the stream is opened again, after so many failures in a row. */
export function waitBeforeRetry(failures: number): number {
  return Math.min(RETRY_MAX, RETRY_FIRST * 2 ** Math.max(0, failures - 1));
}
