// The join tokens; never their texts.

import { path, send } from "../api/request.ts";
import type { Token } from "../api/running.ts";
import { mayAdminister } from "../api/session.ts";
import { ask } from "../parts/dialog.tsx";
import { type Action, type Column, List } from "../parts/list.tsx";
import { Empty } from "../parts/notes.tsx";
import { StatusOf } from "../parts/status.tsx";
import { Time } from "../parts/time.tsx";
import { count } from "../words/amounts.ts";

async function revoke(tokens: readonly Token[]): Promise<void> {
  await ask({
    title: `Revoke ${count(tokens.length, "token")}`,
    text: "No host can enrol with it any more. Those that it let in stay.",
    confirm: "Revoke",
    isDangerous: true,
    act: async () => {
      for (const { id } of tokens) await send("DELETE", path("enrolment", "tokens", id));
    },
  });
}

function actions(): Action<Token>[] {
  if (!mayAdminister.value) return [];
  return [
    {
      word: "Revoke",
      run: revoke,
      isFor: ({ state }) => state === "usable",
      isForMany: true,
      isDangerous: true,
    },
  ];
}

const COLUMNS: readonly Column<Token>[] = [
  { head: "Token", onPhone: "lead", cell: ({ id }) => `Token ${id}` },
  { head: "State", onPhone: "fact", cell: ({ state }) => <StatusOf state={state} /> },
  {
    head: "For",
    onPhone: "fact",
    cell: ({ vault, client }) => (client === null ? vault : `${client}, with a new key`),
  },
  { head: "Uses", onPhone: "fact", cell: ({ uses, uses_max: max }) => `${uses} of ${max}` },
  {
    head: "Approval",
    cell: ({ needs_approval: isNeeded }) => (isNeeded ? "needed" : "by itself"),
  },
  { head: "Expires", cell: ({ expires_at: at }) => <Time at={at} /> },
  {
    head: "Made",
    cell: ({ created_by: who, created_at: at }) => (
      <>
        {who} <Time at={at} />
      </>
    ),
  },
  {
    head: "Last let in",
    cell: ({ last_client: client }) =>
      client === null ? "–" : <a href={path("clients", client)}>{client}</a>,
  },
];

export function TokenList() {
  return (
    <List<Token>
      noun="token"
      route="/enrolment/tokens"
      about={["token", "client", "enrolment"]}
      columns={COLUMNS}
      keyOf={({ id }) => String(id)}
      watched={({ state, uses }) => `${state} ${uses}`}
      nameOf={({ id }) => `token ${id}`}
      actions={actions()}
      empty={
        <Empty title="No token yet">
          <p>A token lets hosts in for as long as it is good: add a host above.</p>
        </Empty>
      }
    />
  );
}
