// Starting or planning a maintenance of anything; `pause` is the short way for clients.

import { newIdempotencyKey, send } from "../api/request.ts";
import { zone } from "../frame/settings.ts";
import { ask } from "../parts/dialog.tsx";
import type { Choice } from "../parts/filters.ts";
import { toast } from "../parts/toasts.tsx";
import { bodyOfMaintenance } from "../words/maintenances.ts";
import { KINDS } from "./choices.ts";

export async function startMaintenance(vaults: readonly Choice[]): Promise<void> {
  const names = { browser: "in the browser's time zone", utc: "in UTC" };
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
      { name: "from", label: "From", hint: `empty: now; ${names[zone.value]}`, isMoment: true },
      {
        name: "for",
        label: "For how long",
        value: "2h",
        isRequired: true,
        hint: "such as 30m, 2h, 1d",
      },
      { name: "cron", label: "Again and again", hint: "a cron line, such as 0 2 * * SUN" },
      { name: "zone", label: "Time zone of that", hint: "such as Europe/Berlin; empty: UTC" },
      { name: "why", label: "Why", isRequired: true },
    ],
    confirm: "Start",
    act: (filled) =>
      send("POST", "/maintenances", bodyOfMaintenance(filled, zone.value), { idempotencyKey }),
  });
  if (answer)
    toast(answer["from"] || answer["cron"] ? "Maintenance is planned" : "Maintenance has begun");
}
