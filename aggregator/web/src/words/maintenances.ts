// Maintenances in words. Pure.

import type { Maintenance } from "../api/things.ts";
import { durationText } from "./durations.ts";
import { plain } from "./states.ts";
import { readMoment, type Zone } from "./times.ts";

/** "all vaults", "vault prod", "client db-1, job nightly: backup failed". */
export function scopeText({ vault, client, job, kind }: Maintenance): string {
  const parts = [vault && `vault ${vault}`, client && `client ${client}`, job && `job ${job}`];
  const scope = parts.filter(Boolean).join(", ") || "all vaults";
  return kind ? `${scope}: ${plain(kind)}` : scope;
}

export type Phase = "active" | "planned" | "over";

export function phaseOf(one: Maintenance, now: number): Phase {
  if (one.ended_at !== null) return "over";
  if (one.is_active) return "active";
  return one.until !== null && Date.parse(one.until) <= now ? "over" : "planned";
}

/** "0 2 * * SUN UTC, 2 h each"; "once". */
export function windowText({ cron, zone, length }: Maintenance): string {
  return cron === null ? "once" : `${cron} ${zone ?? "UTC"}, ${durationText(length)} each`;
}

/** The body of a creation, of what was filled in: a window that comes again has a length, and no end. */
export function bodyOfMaintenance(filled: Record<string, string>, zone: Zone): object {
  const { from, for: length, cron, zone: cronZone, ...rest } = filled;
  const begun = from === undefined ? rest : { ...rest, from: readMoment(from, zone) };
  if (cron === undefined) return { ...begun, for: length };
  return { ...begun, cron, length, ...(cronZone === undefined ? {} : { zone: cronZone }) };
}
