// Enrolment, access and the aggregator itself, with the fields that the dashboard shows (docs/api.md).

import type { Channel, Status } from "./things.ts";

export interface Token {
  id: number;
  vault: string;
  /** Whose key it replaces; null: it is for new hosts. */
  client: string | null;
  state: "usable" | "used" | "expired" | "revoked";
  state_sentence: string;
  uses: number;
  uses_max: number;
  needs_approval: boolean;
  created_by: string;
  created_at: string;
  expires_at: string;
  last_client: string | null;
}

/** The answer to a creation: what was made is in `changes`, its secret only here. */
export interface Created {
  token: string;
  changes: { what: string; id: number }[];
}

export interface EnrolmentRequest {
  id: number;
  name: string;
  vault: string;
  fingerprint: string;
  state: "waiting" | "name_taken" | "rejected";
  state_sentence: string;
  token: number;
  asked_at: string;
  hostname: string | null;
  os: string | null;
  agent_version: string | null;
  address: string | null;
}

export interface PolicyRow {
  client: string | null;
  vault: string;
  policy_of: "vault" | "client";
  mode: string;
  recipients: string[];
  reason: string;
  reason_sentence: string;
}

export interface System {
  version: string;
  started_at: string;
  uptime: string;
  endpoints: Record<string, string | null>;
  state_dir: string;
  declared: Status["declared"];
  store: { used_bytes: number; max_bytes: number };
  loop: {
    commands: number;
    commits: number;
    last_commit_us: number;
    slowest_turn: string;
    last_turn_age: string;
    inbox_depth: number;
  };
  gateway: {
    clients_connected: number;
    heartbeats: number;
    messages_refused: number;
    reports_postponed: number;
  };
  web: { address: string | null; problem: string | null };
  disk: { free_bytes: number; size_bytes: number } | null;
  auditor: { agreed_age: string | null; does_disagree: boolean };
  channels: (Channel & { limits: { count: number; window: string }[] })[];
}

export interface Check {
  state: string;
  sentence: string;
  findings: { name: string; state: string; sentence: string }[];
}

export interface ThingChange {
  action: "create" | "update" | "delete";
  what: string;
  id: number;
  name: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

export interface AuditEntry {
  id: number;
  at: string;
  actor: string;
  action: string;
  remark: string | null;
  changes: ThingChange[];
  more: number;
}

export interface ConfigDiff {
  mistakes: string[];
  refusals: string[];
  remarks: string[];
  changes: ThingChange[];
}

export interface Access {
  id: number;
  kind: "api_token" | "login_link" | "session";
  name: string;
  role: string;
  created_by: string;
  created_at: string;
  expires_at: string | null;
  /** The login link or the token that a session was opened with. */
  opened_by: number | null;
}
