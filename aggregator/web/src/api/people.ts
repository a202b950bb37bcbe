// Contacts and groups with the fields that the dashboard shows (docs/api.md, Things and their fields).

import type { Revised } from "./things.ts";

export interface ContactChannel {
  channel: "email" | "mobile";
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
