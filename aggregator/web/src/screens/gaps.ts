// When a client was not heard, in the time that is shown. Pure.

import type { Gap } from "../api/things.ts";

export interface ShownGap {
  from: number;
  until: number;
  isOpen: boolean;
  why: string;
}

/** The gaps between two moments, the oldest first. */
export function gapsBetween(gaps: readonly Gap[], from: number, until: number): ShownGap[] {
  return gaps
    .map((gap) => ({
      from: Math.max(Date.parse(gap.from), from),
      until: gap.until === null ? until : Math.min(Date.parse(gap.until), until),
      isOpen: gap.until === null,
      why: gap.why,
    }))
    .filter((gap) => gap.until > gap.from)
    .sort((one, other) => one.from - other.from);
}
