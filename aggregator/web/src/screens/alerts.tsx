// S8: the work list.

import type { Alert } from "../api/things.ts";
import { place, setQuery } from "../frame/router.ts";
import { Head } from "../parts/head.tsx";
import { Empty } from "../parts/notes.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { plain } from "../words/states.ts";
import { AlertList } from "./alert_list.tsx";
import { KINDS, SEVERITIES, useVaultChoices } from "./choices.ts";

const TABS = [
  { value: "", word: "Active" },
  { value: "acknowledged", word: "Acknowledged" },
  { value: "inactive", word: "Inactive" },
  { value: "all", word: "All" },
];

const HEADINGS: Record<string, (alert: Alert) => string> = {
  client: (alert) => alert.client ?? "no client",
  vault: (alert) => alert.vault ?? "no vault",
  kind: (alert) => plain(alert.kind),
};

export function Alerts() {
  const vaults = useVaultChoices();
  const { query } = place.value;
  const { state } = query;
  return (
    <>
      <Head title="Alerts">
        <label class="choice">
          <span class="quiet">Group by </span>
          <select
            value={query["group"] ?? ""}
            onChange={(event) => setQuery({ group: event.currentTarget.value })}
          >
            <option value="">nothing</option>
            {Object.keys(HEADINGS).map((word) => (
              <option key={word}>{word}</option>
            ))}
          </select>
        </label>
      </Head>
      <Tabs name="state" label="State of the alerts" tabs={TABS} />
      <AlertList
        fixed={state ? { state } : {}}
        filters={[
          { kind: "choice", name: "severity", label: "Severity", choices: SEVERITIES },
          { kind: "choice", name: "vault", label: "Vault", choices: vaults },
          { kind: "choice", name: "kind", label: "Kind", choices: KINDS },
          { kind: "text", name: "client", label: "Client" },
        ]}
        headingOf={HEADINGS[query["group"] ?? ""]}
        empty={
          <Empty title={state ? "No such alert" : "No active alert"}>
            {!state && (
              <p>Nothing is wrong that Vaultbell knows of. What is over is under Inactive.</p>
            )}
          </Empty>
        }
      />
    </>
  );
}
