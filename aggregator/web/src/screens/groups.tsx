// S12: the teams.

import type { Group } from "../api/people.ts";
import { newIdempotencyKey, path, send } from "../api/request.ts";
import { mayAdminister } from "../api/session.ts";
import { go } from "../frame/router.ts";
import { ask } from "../parts/dialog.tsx";
import { Head } from "../parts/head.tsx";
import { type Action, type Column, List } from "../parts/list.tsx";
import { Empty } from "../parts/notes.tsx";
import { complain } from "../parts/toasts.tsx";
import { deleteUsed } from "../parts/uses.tsx";
import { count } from "../words/amounts.ts";

async function create(): Promise<void> {
  const answer = await ask({
    title: "New group",
    text: "Its members are chosen next.",
    fields: [{ name: "name", label: "Name", isRequired: true }],
    confirm: "Create",
    act: (filled) => send("POST", "/groups", filled, { idempotencyKey: newIdempotencyKey() }),
  });
  if (answer) go(path("groups", answer["name"]!));
}

const COLUMNS: readonly Column<Group>[] = [
  { head: "Group", onPhone: "lead", cell: ({ name }) => name },
  {
    head: "Members",
    onPhone: "fact",
    cell: ({ members, member_count: number }) => (
      <>
        {count(number, "member")}
        <span class="second">{members.slice(0, 8).join(", ")}</span>
      </>
    ),
  },
  { head: "Used in", isNumber: true, cell: ({ uses }) => uses },
  { head: "Declared in", cell: (group) => group.managed_by ?? "–" },
];

function actions(): Action<Group>[] {
  if (!mayAdminister.value) return [];
  return [
    { word: "Change", run: ([group]) => go(path("groups", group!.name)) },
    { word: "Delete", run: ([group]) => deleteUsed("group", group!.name), isDangerous: true },
  ];
}

export function Groups() {
  return (
    <>
      <Head title="Groups" sentence="Contacts that are told together.">
        <a class="button" href="/contacts">
          Contacts
        </a>
        {mayAdminister.value && (
          <button type="button" class="main" onClick={() => void create().catch(complain)}>
            New group
          </button>
        )}
      </Head>
      <List<Group>
        noun="group"
        route="/groups"
        about={["group", "contact"]}
        columns={COLUMNS}
        keyOf={({ name }) => name}
        watched={({ members }) => members.join()}
        addressOf={({ name }) => path("groups", name)}
        actions={actions()}
        empty={
          <Empty title="No group yet">
            <p>
              A group spares policies the names: who joins or leaves a team is changed in one place.
              It needs <a href="/contacts">contacts</a>.
            </p>
          </Empty>
        }
      />
    </>
  );
}
