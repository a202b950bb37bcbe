// S4: the clients, those in trouble first.

import { path } from "../api/request.ts";
import type { Client } from "../api/things.ts";
import { Head } from "../parts/head.tsx";
import { type Column, List } from "../parts/list.tsx";
import { Empty, Lines } from "../parts/notes.tsx";
import { StatusOf } from "../parts/status.tsx";
import { Time } from "../parts/time.tsx";
import { count } from "../words/amounts.ts";
import { modeText } from "../words/states.ts";
import { CLIENT_STATES, useVaultChoices } from "./choices.ts";
import { clientActions } from "./client_actions.ts";

const CLIENT_COLUMNS: readonly Column<Client>[] = [
  { head: "Client", onPhone: "lead", cell: (client) => client.name },
  { head: "State", onPhone: "fact", cell: (client) => <StatusOf state={client.state} /> },
  { head: "Since", cell: (client) => <Time at={client.state_since} /> },
  { head: "Vault", cell: (client) => <a href={path("vaults", client.vault)}>{client.vault}</a> },
  {
    head: "Last heartbeat",
    onPhone: "fact",
    cell: (client) => <Time at={client.last_heard} none="never" />,
  },
  { head: "Last run", cell: (client) => <LastRun client={client} /> },
  { head: "Alerts", isNumber: true, cell: (client) => <AlertCount client={client} /> },
  { head: "Policy", cell: (client) => <PolicyOf client={client} /> },
  { head: "Agent", cell: (client) => <Agent client={client} /> },
];

function AlertCount({ client }: { client: Client }) {
  const { active_alerts: number, name } = client;
  if (number === 0) return <span class="quiet">0</span>;
  return (
    <a
      class="bad"
      href={`/alerts?client=${encodeURIComponent(name)}`}
      aria-label={count(number, "active alert")}
    >
      {number}
    </a>
  );
}

function LastRun({ client }: { client: Client }) {
  const { last_run: run, last_outcome: outcome } = client;
  if (!run || !outcome) return <span class="quiet">none</span>;
  return (
    <a href={path("runs", run)}>
      <StatusOf state={outcome} />
      <span class="second">
        {client.last_job} <Time at={client.last_run_at} />
      </span>
    </a>
  );
}

function Agent({ client }: { client: Client }) {
  return (
    <>
      {client.agent_version ?? "–"}
      {client.is_outdated && <span class="second warn">outdated</span>}
      <span class="second">{client.address}</span>
    </>
  );
}

function PolicyOf({ client }: { client: Client }) {
  return (
    <>
      {modeText(client.policy)}
      {client.policy_of === "client" && <span class="second">its own</span>}
    </>
  );
}

export function ClientList({ fixed = {} }: { fixed?: Record<string, string> }) {
  const vaults = useVaultChoices();
  return (
    <List<Client>
      noun="client"
      route="/clients"
      about={["client", "alert", "vault"]}
      fixed={fixed}
      filters={[
        { kind: "text", name: "q", label: "Name" },
        { kind: "choice", name: "state", label: "State", choices: CLIENT_STATES },
        ...(fixed["vault"]
          ? []
          : [{ kind: "choice", name: "vault", label: "Vault", choices: vaults } as const]),
        {
          kind: "flag",
          name: "policy",
          label: "Differing policy",
          value: "differs",
        },
        { kind: "flag", name: "stale", label: "No good backup in 24 h", value: "24h" },
        { kind: "flag", name: "outdated", label: "Outdated agent" },
      ]}
      columns={CLIENT_COLUMNS.filter(({ head }) => head !== "Vault" || !fixed["vault"])}
      keyOf={(client) => client.name}
      watched={(client) =>
        `${client.state} ${client.active_alerts} ${client.policy} ${client.vault}`
      }
      addressOf={(client) => path("clients", client.name)}
      actions={clientActions(vaults)}
      empty={<NoClients vault={fixed["vault"] ?? "VAULT"} />}
    />
  );
}

function NoClients({ vault }: { vault: string }) {
  return (
    <Empty title="No client yet">
      <p>
        A host becomes a client with a join token. Make one under <a href="/enrolment">Enrolment</a>
        , or on the aggregator's host; then, on the host to be watched:
      </p>
      <Lines
        label="Commands that enrol a host"
        text={`vaultbell enrol token create --vault ${vault}\nvaultbell-agent enrol`}
      />
    </Empty>
  );
}

export function Clients() {
  return (
    <>
      <Head title="Clients" />
      <ClientList />
    </>
  );
}
