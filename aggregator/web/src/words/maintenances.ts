// Maintenances in words. Pure.

import type { Maintenance } from "../api/things.ts";
import { durationText } from "./durations.ts";
import { plain } from "./states.ts";

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
