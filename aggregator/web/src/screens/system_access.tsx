// Who may come in: API tokens, login links, and the sessions that there are.

import { useState } from "preact/hooks";
import { newIdempotencyKey, path, send } from "../api/request.ts";
import type { Access, Created } from "../api/running.ts";
import { mayAdminister } from "../api/session.ts";
import { ask } from "../parts/dialog.tsx";
import { type Action, type Column, List } from "../parts/list.tsx";
import { Empty, Lines } from "../parts/notes.tsx";
import { Time } from "../parts/time.tsx";
import { complain, toast } from "../parts/toasts.tsx";

const ROLES = [
  { value: "viewer", word: "viewer: looks" },
  { value: "operator", word: "operator: also treats alerts, maintenance and messages" },
  { value: "admin", word: "admin: may do everything" },
];

interface Making {
  title: string;
  route: string;
  life: string;
  lineOf: (secret: string) => string;
  remark: string;
}

const TOKEN: Making = {
  title: "New API token",
  route: "/access/tokens",
  life: "90d",
  lineOf: (secret) => secret,
  remark: "For a program: Authorization: Bearer, then the token. It is shown this once.",
};

const LINK: Making = {
  title: "New login link",
  route: "/access/login-links",
  life: "10m",
  lineOf: (secret) => `${location.origin}/login#once=${secret}`,
  remark: "Signs one browser in, once. It is shown this once.",
};

async function make({ title, route, life, lineOf, remark }: Making): Promise<void> {
  let created: Created | undefined;
  const idempotencyKey = newIdempotencyKey();
  const answer = await ask({
    title,
    fields: [
      { name: "name", label: "Whose it is", isRequired: true },
      { name: "role", label: "Role", choices: ROLES },
      { name: "expires_in", label: "Good for", value: life, hint: "such as 10m, 12h, 90d" },
    ],
    confirm: "Make it",
    act: async (filled) => {
      created = await send<Created>("POST", route, filled, { idempotencyKey });
    },
  });
  if (!answer || !created) return;
  await ask({
    title: `For ${answer["name"]}`,
    text: (
      <>
        <p>{remark}</p>
        <Lines label="To be kept" text={lineOf(created.token)} />
      </>
    ),
    confirm: "It is kept",
    isTold: true,
  });
}

async function revoke(all: readonly Access[]): Promise<void> {
  const answer = await ask({
    title: all.length === 1 ? `Revoke: ${nameOf(all[0]!)}` : `Revoke ${all.length} of them`,
    text: "Whoever has it is not let in any more, from now on.",
    confirm: "Revoke",
    isDangerous: true,
    act: async () => {
      for (const { id } of all) await send("DELETE", path("access", id));
    },
  });
  if (answer) toast("Revoked");
}

const KINDS = { api_token: "API token", login_link: "login link", session: "session" };

function nameOf({ kind, name }: Access): string {
  return `${KINDS[kind]} of ${name}`;
}

const COLUMNS: readonly Column<Access>[] = [
  { head: "Who", onPhone: "lead", cell: ({ name }) => name },
  { head: "With", onPhone: "fact", cell: ({ kind }) => KINDS[kind] },
  { head: "Role", onPhone: "fact", cell: ({ role }) => role },
  { head: "Made by", cell: ({ created_by: who }) => who },
  { head: "Since", cell: ({ created_at: at }) => <Time at={at} /> },
  {
    head: "Until",
    onPhone: "fact",
    cell: ({ expires_at: at }) => <Time at={at} none="for good" />,
  },
];

function actions(): Action<Access>[] {
  if (!mayAdminister.value) return [];
  return [{ word: "Revoke", run: revoke, isForMany: true, isDangerous: true }];
}

export function AccessList() {
  const [made, setMade] = useState(0); // the list is read anew at once, without waiting for the event
  const begin = async (making: Making) => {
    await make(making);
    setMade(made + 1);
  };
  return (
    <>
      {mayAdminister.value && (
        <div class="buttons above">
          <button type="button" onClick={() => void begin(TOKEN).catch(complain)}>
            New API token
          </button>
          <button type="button" onClick={() => void begin(LINK).catch(complain)}>
            New login link
          </button>
        </div>
      )}
      <List<Access>
        key={made}
        noun="access"
        nouns="accesses"
        route="/access"
        about={["access"]}
        columns={COLUMNS}
        keyOf={({ id }) => String(id)}
        watched={({ role }) => role}
        nameOf={nameOf}
        actions={actions()}
        empty={
          <Empty title="Nobody was given access yet">
            <p>
              Whoever may use the aggregator's socket may do everything there. For a browser make a
              login link, for a program an API token.
            </p>
          </Empty>
        }
      />
    </>
  );
}
