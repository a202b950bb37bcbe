// Starting or planning a maintenance of anything; `pause` is the short way for clients.

import { newIdempotencyKey, send } from "../api/request.ts";
import { ask } from "../parts/dialog.tsx";
import type { Choice } from "../parts/filters.ts";
import { toast } from "../parts/toasts.tsx";
import { KINDS } from "./choices.ts";

export async function startMaintenance(vaults: readonly Choice[]): Promise<void> {
  const idempotencyKey = newIdempotencyKey();
  const answer = await ask({
    title: "Maintenance",
    text: "Alerts are raised and listed. Nobody is told before the end; of what is still active then they are.",
    fields: [
      { name: "vault", label: "Vault", choices: [{ value: "", word: "all vaults" }, ...vaults] },
      { name: "client", label: "Or only the client", hint: "its name; then no vault" },
      { name: "job", label: "And of it only the job", hint: "its name" },
      {
        name: "kind",
        label: "Kind of alert",
        choices: [{ value: "", word: "all kinds" }, ...KINDS],
      },
      { name: "from", label: "From", hint: "such as 2026-12-01T20:00:00Z; empty: now" },
      {
        name: "for",
        label: "For how long",
        value: "2h",
        isRequired: true,
        hint: "such as 30m, 2h, 1d",
      },
      { name: "why", label: "Why", isRequired: true },
    ],
    confirm: "Start",
    act: (filled) => send("POST", "/maintenances", filled, { idempotencyKey }),
  });
  if (answer) toast(answer["from"] ? "Maintenance is planned" : "Maintenance has begun");
}
