// S18: let hosts in.

import { path, send } from "../api/request.ts";
import type { EnrolmentRequest } from "../api/running.ts";
import { mayAdminister } from "../api/session.ts";
import { place } from "../frame/router.ts";
import { ask } from "../parts/dialog.tsx";
import { Head } from "../parts/head.tsx";
import { type Action, type Column, List } from "../parts/list.tsx";
import { Empty } from "../parts/notes.tsx";
import { StatusOf } from "../parts/status.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { Time } from "../parts/time.tsx";
import { toast } from "../parts/toasts.tsx";
import { choicesOf } from "./choices.ts";
import { Invitation } from "./enrolment_invitation.tsx";
import { TokenList } from "./enrolment_tokens.tsx";

const TABS = [
  { value: "", word: "Hosts that asked" },
  { value: "tokens", word: "Tokens" },
];

export function Enrolment() {
  return (
    <>
      <Head
        title="Enrolment"
        sentence="A host becomes a client with a join token; where the token says so, after somebody has compared its fingerprint."
      />
      {mayAdminister.value && <Invitation />}
      <Tabs label="Parts of the page" tabs={TABS} />
      {place.value.query["tab"] === "tokens" ? <TokenList /> : <Requests />}
    </>
  );
}

async function decide(
  [request]: readonly EnrolmentRequest[],
  order: "approve" | "reject",
): Promise<void> {
  const { id, name, fingerprint, vault } = request!;
  const isApproval = order === "approve";
  const answer = await ask({
    title: isApproval ? `Let ${name} in` : `Reject ${name}`,
    text: (
      <>
        <p>
          {isApproval
            ? `It becomes a client of ${vault}. Its agent prints the same fingerprint:`
            : "It is not let in, and has to ask anew with another token. Its fingerprint:"}
        </p>
        <p class="mono">{fingerprint}</p>
      </>
    ),
    confirm: isApproval ? "It is the same: approve" : "Reject",
    isDangerous: !isApproval,
    act: () => send("POST", `${path("enrolment", "requests", id)}/${order}`, {}),
  });
  if (answer) toast(isApproval ? `${name} is let in` : `${name} is rejected`);
}

function actions(): Action<EnrolmentRequest>[] {
  if (!mayAdminister.value) return [];
  return [
    {
      word: "Approve",
      key: "a",
      run: (requests) => decide(requests, "approve"),
      isFor: ({ state }) => state !== "name_taken",
    },
    {
      word: "Reject",
      run: (requests) => decide(requests, "reject"),
      isFor: ({ state }) => state !== "rejected",
      isDangerous: true,
    },
  ];
}

const COLUMNS: readonly Column<EnrolmentRequest>[] = [
  { head: "Host", onPhone: "lead", cell: ({ name }) => name },
  {
    head: "State",
    onPhone: "fact",
    cell: ({ state, state_sentence: sentence }) => (
      <>
        <StatusOf state={state} />
        {state !== "waiting" && <span class="second">{sentence}</span>}
      </>
    ),
  },
  {
    head: "Fingerprint",
    onPhone: "fact",
    cell: ({ fingerprint }) => <span class="mono">{fingerprint}</span>,
  },
  { head: "For the vault", cell: ({ vault }) => <a href={path("vaults", vault)}>{vault}</a> },
  {
    head: "Says it is",
    cell: ({ hostname, os, address }) => (
      <>
        {hostname ?? "–"}
        <span class="second">{[address, os].filter(Boolean).join(", ")}</span>
      </>
    ),
  },
  { head: "Asked", onPhone: "fact", cell: ({ asked_at: at }) => <Time at={at} /> },
  { head: "Token", isNumber: true, cell: ({ token }) => token },
];

const STATES = choicesOf(["waiting", "name_taken", "rejected"]);
const RANK = { waiting: 0, name_taken: 1, rejected: 2 };

function Requests() {
  return (
    <List<EnrolmentRequest>
      noun="host"
      route="/enrolment/requests"
      about={["enrolment"]}
      filters={[{ kind: "choice", name: "state", label: "State", choices: STATES }]}
      columns={COLUMNS}
      keyOf={({ id }) => String(id)}
      watched={({ state }) => state}
      nameOf={({ name }) => name}
      actions={actions()}
      arranged={(rows) => [...rows].sort((one, other) => RANK[one.state] - RANK[other.state])}
      empty={
        <Empty title="No host waits">
          <p>Hosts that ask with a token that needs approval stand here, until somebody decides.</p>
        </Empty>
      }
    />
  );
}
