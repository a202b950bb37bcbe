// Contacts and groups with the fields that the dashboard shows (docs/api.md, Things and their fields).

import type { Recipient, Revised } from "./things.ts";

export interface ContactChannel {
  channel: "email" | "mobile" | "webhook";
  address: string;
  state: "verified" | "code_sent" | "unverified";
  state_sentence: string;
  verified_at: string | null;
  /** The address that messages go to now; another one while a changed address is not confirmed. */
  in_use: string | null;
  code_expires_at: string | null;
  code_tries_left: number | null;
  /** When another code may be sent, where that is later than now. */
  next_code_at: string | null;
}

export interface Contact extends Revised {
  id: number;
  name: string;
  channels: ContactChannel[];
  is_reachable: boolean;
  managed_by: string | null;
  created_at: string;
  groups: string[];
  uses: number;
}

export interface Group extends Revised {
  id: number;
  name: string;
  members: string[];
  member_count: number;
  managed_by: string | null;
  created_at: string;
  uses: number;
}

export interface Use {
  what: "group" | "vault" | "client";
  name: string;
  as: "member" | "policy" | "escalation";
}

export interface Attempt {
  number: number;
  started_at: string;
  ended_at: string | null;
  latency: string | null;
  result: string;
  result_sentence: string;
  answer: string | null;
}

/** What a delivery says; all null where that can no longer be known, with why. */
export interface Message {
  subject: string | null;
  text: string | null;
  raw: string | null;
  problem?: string | null;
}

export interface Digest extends Recipient {
  due_at: string;
  alerts: { alert: number; headline: string; event: string; delivery: number }[];
}
