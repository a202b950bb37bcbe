// Entries of the audit log in words. Pure.

import type { ThingChange } from "../api/running.ts";
import { type Difference, differences } from "../parts/differences.ts";

type Thing = Record<string, unknown>;

function isThing(value: unknown): value is Thing {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The fields with those of the things inside: "own policy mode"; without what only repeats one in words. */
export function flattened(thing: Thing, prefix = ""): Thing {
  const pairs = Object.entries(thing).flatMap(([name, value]): [string, unknown][] => {
    const full = prefix + name;
    if (name.endsWith("_sentence")) return [];
    return isThing(value) ? Object.entries(flattened(value, `${full} `)) : [[full, value]];
  });
  return Object.fromEntries(pairs);
}

/** What is otherwise after a change; of a creation what it holds, of a deletion what it held. */
export function differencesOf({ before, after }: ThingChange): Difference[] {
  const from = flattened(before ?? {});
  const to = flattened(after ?? {});
  const gone = Object.keys(from).filter((name) => !(name in to));
  return differences(from, { ...to, ...Object.fromEntries(gone.map((name) => [name, null])) });
}

const DONE: Record<ThingChange["action"], string> = {
  create: "created",
  update: "changed",
  delete: "deleted",
};

/** "vault prod changed". */
export function changeText({ action, what, name }: ThingChange): string {
  return `${what.replaceAll("_", " ")} ${name} ${DONE[action] ?? action}`;
}
