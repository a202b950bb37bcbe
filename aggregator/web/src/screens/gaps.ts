// When a client was not heard, from its alerts. Pure.

import type { Alert } from "../api/things.ts";

export interface Gap {
  from: number;
  until: number;
  isOpen: boolean;
}

/** The gaps between two moments, the oldest first. */
export function gapsOf(alerts: readonly Alert[], from: number, until: number): Gap[] {
  return alerts
    .map((alert) => {
      const end = alert.inactivation && Date.parse(alert.inactivation.at);
      return { from: Date.parse(alert.first_at), until: end ?? until, isOpen: end === null };
    })
    .filter((gap) => gap.until > from && gap.from < until)
    .map((gap) => ({ ...gap, from: Math.max(gap.from, from), until: Math.min(gap.until, until) }))
    .sort((one, other) => one.from - other.from);
}
