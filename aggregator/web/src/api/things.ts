// The things of the API with the fields that the dashboard shows (docs/api.md, Things and their fields).

export interface Page<T> {
  items: T[];
  next: string | null;
}

export type ClientState = "invited" | "online" | "offline" | "disconnected" | "retired";
export type Severity = "critical" | "warning" | "informational";
export type Outcome = "running" | "succeeded" | "warning" | "failed" | "cancelled";

export interface Timing {
  heartbeat_every: string | null;
  disconnect_after: string | null;
  offline_grace: string | null;
}

export interface Policy {
  mode: "off" | "default" | "custom" | "same_as_vault";
  contacts: string[];
  groups: string[];
  least_severity: Severity | null;
  kinds: string[];
  notify_after: string | null;
  notify_after_by_kind: Record<string, string>;
  frequency: "each" | "hourly" | "daily" | null;
  tells_recovery: boolean;
  remind_every: string | null;
  escalate_after: string | null;
  escalation_contacts: string[];
  escalation_groups: string[];
  quiet_hours: string | null;
  quiet_zone: string | null;
  do_critical_pass: boolean | null;
}

/** What a changing request can name, so that it does not overwrite another's change. */
export interface Revised {
  revision?: number;
}

export interface Vault extends Revised {
  id: number;
  name: string;
  own_policy: Policy;
  own_timing: Timing;
  warning_counts_as: string | null;
  managed_by: string | null;
  created_at: string;
  policy: string;
  timing: Timing;
  clients: Record<ClientState, number>;
}

export interface Client extends Revised {
  id: number;
  name: string;
  vault: string;
  state: ClientState;
  state_since: string;
  goodbye: string | null;
  own_policy: Policy;
  own_timing: Timing;
  hostname: string | null;
  os: string | null;
  agent_version: string | null;
  address: string | null;
  clock_skew: string | null;
  fingerprint: string;
  managed_by: string | null;
  created_at: string;
  passed_jobs?: { name: string; why: string }[];
  policy: string;
  policy_of: string;
  timing: Timing;
  last_heard: string | null;
  active_alerts: number;
  is_outdated?: boolean;
  last_job?: string | null;
  last_run?: number | null;
  last_outcome?: Outcome | null;
  last_run_at?: string | null;
  last_good_at?: string | null;
  /** The active ones; only of a single client. */
  alerts?: Alert[];
}

export interface Band {
  low: number;
  high: number;
  median: number;
  deviation: number;
  count: number;
}

export interface JobSettings {
  operation: string | null;
  every: string | null;
  cron: string | null;
  zone: string | null;
  grace: string | null;
  max_age: string | null;
  max_duration: string | null;
  verify_every: string | null;
  is_high_frequency: boolean;
  tolerate_failures: number;
  warning_counts_as: string | null;
  has_bands: boolean;
}

export interface Job extends Revised {
  id: number;
  client: string;
  name: string;
  tool: string | null;
  last_operation: string | null;
  last_outcome: Outcome | null;
  last_run: number | null;
  last_run_at: string | null;
  last_good_at: string | null;
  failures_in_row: number;
  settings: JobSettings;
  agent_settings?: JobSettings | null;
  conflict?: string | null;
  managed_by: string | null;
  created_at: string;
  next_due_at: string | null;
  missed_at: string | null;
  overdue_at: string | null;
  verify_due_at: string | null;
  bands: { duration: Band | null; bytes_added: Band | null; bytes_total: Band | null };
}

export interface Run {
  id: number;
  client: string;
  job: string;
  operation: string;
  outcome: Outcome;
  reason: string | null;
  reason_sentence: string | null;
  trigger: string;
  started_at: string | null;
  ended_at: string | null;
  duration: string | null;
  received_at: string;
  exit_code: number | null;
  signal: number | null;
  bytes_read: number | null;
  bytes_added: number | null;
  bytes_total: number | null;
  files: number | null;
  tool: string | null;
  snapshot: string | null;
  message: string | null;
  verdict: string;
  verdict_sentence: string;
  alert: number | null;
  output?: string | null;
}

export interface Recipient {
  name: string;
  channel: string;
  address: string;
}

export interface Alert {
  id: number;
  severity: Severity;
  kind: string;
  headline: string;
  state: "active" | "acknowledged" | "inactive";
  vault: string | null;
  client: string | null;
  job: string | null;
  operation: string | null;
  topic: string | null;
  message: string | null;
  first_at: string;
  last_at: string;
  occurrences: number;
  run: number | null;
  decision: { reason: string; reason_sentence: string; at: string; policy_of: string } | null;
  told: (Recipient & { delivery: number | null })[];
  acknowledgement: { at: string; who: string; why: string | null } | null;
  comments: { at: string; who: string; text: string }[];
  is_flapping: boolean;
  reminders: number;
  inactivation: {
    reason: string;
    reason_sentence: string;
    at: string;
    who: string | null;
    why: string | null;
    run: number | null;
  } | null;
  notifies_at: string | null;
  held_by: string | null;
  held_by_sentence: string | null;
  told_so_far: string | null;
  deliveries?: Delivery[];
}

export interface Delivery extends Recipient {
  id: number;
  state: "pending" | "sending" | "delivered" | "given_up" | "cancelled" | "gathered";
  event: string;
  alert: number | null;
  headline: string | null;
  why: string | null;
  why_sentence: string | null;
  contact: string | null;
  group: string | null;
  is_for_digest: boolean;
  digest: number | null;
  give_up_at: string | null;
  latency: string | null;
  may_be_repeated: boolean;
  created_at: string;
  next_attempt_at: string | null;
  attempt_count: number;
  last_answer: string | null;
  end_reason: string | null;
  end_reason_sentence: string | null;
  ended_at: string | null;
}

export interface Story {
  story: { at: string; what: string }[];
}

export interface ClientExplanation {
  /** null: the policy would be the vault's. */
  client: string | null;
  vault: string;
  policy: string;
  policy_of: string;
  kinds: {
    kind: string;
    severity: Severity;
    notify_after: string;
    policy_of: string;
    reason: string;
    reason_sentence: string;
    recipients: (Recipient & { why: string; why_sentence: string })[];
  }[];
}

export interface Status {
  headline: string;
  active_alerts: Record<Severity, number>;
  clients: Record<ClientState, number>;
  vaults: number;
  jobs: number;
  runs_24h: Record<Outcome, number> & { is_complete: boolean };
  outbox: {
    pending: number;
    sending: number;
    oldest_at: string | null;
    oldest_age: string | null;
    given_up_24h: number;
  };
  requests_waiting: number;
  account: string;
  owners: string[];
  is_mail_configured: boolean;
  notify_after: string;
  version: string;
  declared: { folder: string; objects: number; problem: string | null };
}

export interface Night {
  vault: string;
  day: string;
  succeeded: number;
  warning: number;
  failed: number;
  cancelled: number;
  missed: number;
}

export interface Nights extends Page<Night> {
  today: string;
}

export interface Channel {
  channel: string;
  is_configured: boolean;
  failing_since: string | null;
  delivered_at: string | null;
  last_answer: string | null;
  pending: number;
  sending: number;
}

export interface Maintenance extends Revised {
  id: number;
  vault: string | null;
  client: string | null;
  job: string | null;
  kind: string | null;
  from: string;
  until: string | null;
  cron: string | null;
  zone: string | null;
  length: string | null;
  why: string;
  is_active: boolean;
  active_until: string | null;
  created_by: string;
  ended_at: string | null;
  ended_by: string | null;
  managed_by: string | null;
}

export interface Moment {
  at: string;
  kind: "run" | "alert" | "change" | "delivery";
  id: number;
  what: string;
  sentence: string;
  alert: number | null;
}

export interface Gap {
  from: string;
  until: string | null;
  why: string;
}

export interface Found {
  what: "client" | "vault" | "contact" | "group" | "job";
  name: string;
  client: string | null;
}
