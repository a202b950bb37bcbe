// What filters and forms can choose from.

import type { Page, Vault } from "../api/things.ts";
import { useReading } from "../live/reading.ts";
import type { Choice, Filter } from "../parts/filters.ts";
import { signOf } from "../words/states.ts";

export function choicesOf(words: readonly string[]): Choice[] {
  return words.map((value) => ({ value, word: signOf(value).word }));
}

export function useVaultChoices(): Choice[] {
  const vaults = useReading<Page<Vault>>("/vaults", ["vault"], { limit: 500 }).found?.items ?? [];
  return vaults.map(({ name }) => ({ value: name, word: name }));
}

/** How far back a list goes. */
export const SINCE: Filter = {
  kind: "choice",
  name: "since",
  label: "Of the last",
  all: "ever",
  choices: [
    { value: "24h", word: "24 hours" },
    { value: "7d", word: "7 days" },
    { value: "30d", word: "30 days" },
  ],
};

export const SEVERITIES = choicesOf(["critical", "warning", "informational"]);
export const OUTCOMES = choicesOf(["succeeded", "warning", "failed", "cancelled", "running"]);
export const OPERATIONS = choicesOf([
  "backup",
  "log_backup",
  "restore",
  "verify",
  "prune",
  "configure",
  "delete_backup",
  "stop_protection_retain",
  "stop_protection_delete",
]);
export const KINDS = choicesOf([
  "backup_failed",
  "restore_failed",
  "operation_failed",
  "backup_warning",
  "protection_stopped",
  "backup_data_deleted",
  "client_disconnected",
  "vault_outage",
  "backup_missed",
  "backup_overdue",
  "run_too_long",
  "backup_blocked",
  "verify_overdue",
  "duration_anomaly",
  "size_anomaly",
  "cloned_client",
  "never_connected",
  "spool_full",
  "delivery_failing",
  "self",
  "test",
]);
export const CLIENT_STATES = choicesOf(["disconnected", "offline", "invited", "online"]);
