// Every word of a state, with its shape and its tone: a colour alone says nothing.

export type Tone = "good" | "warn" | "bad" | "note" | "quiet";
export type Shape =
  "dot" | "ring" | "half" | "cross" | "triangle" | "square" | "bars" | "slash" | "clock";

export interface Sign {
  shape: Shape;
  tone: Tone;
  word: string;
}

const SIGNS: Record<string, Sign> = {
  // clients
  invited: { shape: "ring", tone: "quiet", word: "invited" },
  online: { shape: "dot", tone: "good", word: "online" },
  offline: { shape: "half", tone: "note", word: "offline" },
  disconnected: { shape: "cross", tone: "bad", word: "disconnected" },
  retired: { shape: "slash", tone: "quiet", word: "retired" },
  // runs
  running: { shape: "clock", tone: "note", word: "running" },
  succeeded: { shape: "dot", tone: "good", word: "succeeded" },
  warning: { shape: "square", tone: "warn", word: "warning" },
  failed: { shape: "cross", tone: "bad", word: "failed" },
  cancelled: { shape: "slash", tone: "quiet", word: "cancelled" },
  missed: { shape: "ring", tone: "bad", word: "missed" },
  // alerts
  critical: { shape: "triangle", tone: "bad", word: "critical" },
  informational: { shape: "dot", tone: "note", word: "informational" },
  active: { shape: "dot", tone: "bad", word: "active" },
  acknowledged: { shape: "half", tone: "warn", word: "acknowledged" },
  inactive: { shape: "ring", tone: "quiet", word: "inactive" },
  raised: { shape: "triangle", tone: "bad", word: "raised" },
  inactivated: { shape: "ring", tone: "quiet", word: "inactivated" },
  // deliveries
  pending: { shape: "clock", tone: "note", word: "pending" },
  sending: { shape: "half", tone: "note", word: "sending" },
  delivered: { shape: "dot", tone: "good", word: "delivered" },
  given_up: { shape: "cross", tone: "bad", word: "given up" },
  gathered: { shape: "bars", tone: "quiet", word: "gathered" },
  // addresses
  verified: { shape: "dot", tone: "good", word: "verified" },
  code_sent: { shape: "clock", tone: "warn", word: "code sent" },
  unverified: { shape: "cross", tone: "bad", word: "unverified" },
  // enrolment
  usable: { shape: "dot", tone: "good", word: "usable" },
  used: { shape: "ring", tone: "quiet", word: "used" },
  expired: { shape: "slash", tone: "quiet", word: "expired" },
  revoked: { shape: "slash", tone: "quiet", word: "revoked" },
  waiting: { shape: "clock", tone: "warn", word: "waiting" },
  name_taken: { shape: "cross", tone: "bad", word: "name taken" },
  rejected: { shape: "slash", tone: "quiet", word: "rejected" },
  // maintenances
  maintenance_active: { shape: "bars", tone: "warn", word: "active" },
  maintenance_planned: { shape: "clock", tone: "note", word: "planned" },
  maintenance_over: { shape: "ring", tone: "quiet", word: "over" },
  // findings
  not_configured: { shape: "slash", tone: "quiet", word: "not configured" },
  ok: { shape: "dot", tone: "good", word: "ok" },
};

/** The sign of a state; a word that is new is shown as it is. */
export function signOf(state: string): Sign {
  return SIGNS[state] ?? { shape: "ring", tone: "quiet", word: plain(state) };
}

/** "backup failed" of "backup_failed". */
export function plain(word: string): string {
  return word.replaceAll("_", " ");
}

const MODES: Record<string, string> = {
  off: "off",
  default: "default",
  custom: "custom",
  same_as_vault: "same as vault",
};

/** A policy's mode in words. */
export function modeText(mode: string): string {
  return MODES[mode] ?? plain(mode);
}
