// S14: who would hear about what, and of whom nobody would.

import { path, urlOf } from "../api/request.ts";
import type { PolicyRow } from "../api/running.ts";
import { mayAdminister } from "../api/session.ts";
import { go, place } from "../frame/router.ts";
import { type Filter, queryOf } from "../parts/filters.ts";
import { Head } from "../parts/head.tsx";
import { type Action, type Column, List } from "../parts/list.tsx";
import { Empty } from "../parts/notes.tsx";
import { ShapeOf } from "../parts/status.tsx";
import { modeText } from "../words/states.ts";
import { useVaultChoices } from "./choices.ts";

const NOBODY: Filter = { kind: "flag", name: "nobody", label: "Nobody would be told" };

function addressOf({ client, vault }: PolicyRow): string {
  return client === null ? path("vaults", vault) : `${path("clients", client)}?tab=settings`;
}

/** Where the policy that counts is changed. */
function addressOfPolicy({ client, vault, policy_of: of }: PolicyRow): string {
  const holder =
    of === "client" && client !== null ? path("clients", client) : path("vaults", vault);
  return `${holder}/policy`;
}

function nameOf({ client, vault }: PolicyRow): string {
  return client ?? `${vault} (no clients)`;
}

function Recipients({ row }: { row: PolicyRow }) {
  if (row.recipients.length > 0) return <span class="address">{row.recipients.join(", ")}</span>;
  return (
    <>
      <span class="status bad">
        <ShapeOf shape="cross" />
        nobody would be told
      </span>
      <span class="second">{row.reason_sentence}</span>
    </>
  );
}

const COLUMNS: readonly Column<PolicyRow>[] = [
  { head: "Client", onPhone: "lead", cell: nameOf },
  { head: "Vault", cell: ({ vault }) => <a href={path("vaults", vault)}>{vault}</a> },
  {
    head: "Would be told of a failed backup",
    onPhone: "fact",
    cell: (row) => <Recipients row={row} />,
  },
  { head: "Policy", onPhone: "fact", cell: ({ mode }) => modeText(mode) },
  {
    head: "Of",
    cell: (row) => <a href={addressOfPolicy(row)}>{`the ${row.policy_of}`}</a>,
  },
];

function actions(): Action<PolicyRow>[] {
  if (!mayAdminister.value) return [];
  return [
    { word: "Change the policy that counts", run: ([row]) => go(addressOfPolicy(row!)) },
    {
      word: "Give the client a policy of its own",
      run: ([row]) => go(`${path("clients", row!.client!)}/policy`),
      isFor: ({ client, policy_of: of }) => client !== null && of === "vault",
    },
  ];
}

/** Of whom nobody hears stands first. */
function nobodyFirst(rows: readonly PolicyRow[]): readonly PolicyRow[] {
  const rank = ({ recipients }: PolicyRow) => Math.min(recipients.length, 1);
  return [...rows].sort((one, other) => rank(one) - rank(other));
}

export function Policies() {
  const filters: Filter[] = [
    NOBODY,
    { kind: "choice", name: "vault", label: "Vault", choices: useVaultChoices() },
  ];
  const address = urlOf("/policies", { ...queryOf(filters, place.value.query), limit: 500 });
  return (
    <>
      <Head title="Policies" sentence="Who would be told of a failed backup, client by client.">
        <a class="button" href={address} download="policies.json">
          Save as JSON
        </a>
      </Head>
      <List<PolicyRow>
        noun="policy"
        nouns="policies"
        route="/policies"
        about={["client", "vault", "contact", "group"]}
        filters={filters}
        columns={COLUMNS}
        keyOf={({ client, vault }) => JSON.stringify([client, vault])}
        watched={({ mode, recipients }) => `${mode} ${recipients.join()}`}
        nameOf={nameOf}
        addressOf={addressOf}
        actions={actions()}
        arranged={nobodyFirst}
        empty={
          <Empty title="No vault yet">
            <p>
              A policy belongs to a <a href="/vaults">vault</a> or to one of its clients.
            </p>
          </Empty>
        }
      />
    </>
  );
}
