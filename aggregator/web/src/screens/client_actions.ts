// What can be done to clients; in their list and on their page.

import { type Method, newIdempotencyKey, path, send } from "../api/request.ts";
import { mayAdminister, mayOperate } from "../api/session.ts";
import type { Client } from "../api/things.ts";
import { go } from "../frame/router.ts";
import { change } from "../parts/change.tsx";
import { type Answer, ask } from "../parts/dialog.tsx";
import type { Choice } from "../parts/filters.ts";
import type { Action } from "../parts/list.tsx";
import { toast } from "../parts/toasts.tsx";
import { count } from "../words/amounts.ts";
import { modeText } from "../words/states.ts";

function namesOf(clients: readonly Named[]): string {
  return clients.length === 1 ? clients[0]!.name : count(clients.length, "client");
}

/** Changes each of them; null where somebody called that off. */
async function changeAll(
  clients: readonly Client[],
  method: Method,
  what: string,
  body: Answer,
): Promise<true | null> {
  for (const client of clients) {
    const done = await change(method, `${path("clients", client.name)}/${what}`, body, client);
    if (done === null) return null;
  }
  return true;
}

/** What a maintenance can be about. */
type Named = Pick<Client, "name">;

export async function pause(clients: readonly Named[]): Promise<void> {
  const answer = await ask({
    title: `Maintenance of ${namesOf(clients)}`,
    text: "Alerts are raised and listed. Nobody is told before the end; of what is still active then they are.",
    fields: [
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
    act: async (filled) => {
      for (const { name } of clients) {
        const idempotencyKey = newIdempotencyKey();
        await send("POST", "/maintenances", { client: name, ...filled }, { idempotencyKey });
      }
    },
  });
  if (answer) toast(`Maintenance of ${namesOf(clients)} has begun`);
}

async function move(clients: readonly Client[], vaults: readonly Choice[]): Promise<void> {
  const answer = await ask({
    title: `Move ${namesOf(clients)}`,
    text: "Jobs, history and alerts move along; the policy and the times are those of the new vault, where the client has none of its own.",
    fields: [{ name: "vault", label: "To the vault", choices: vaults }],
    confirm: "Move",
    act: (filled) => changeAll(clients, "POST", "move", filled),
  });
  if (answer) toast(`${namesOf(clients)} moved to ${answer["vault"]}`);
}

async function setPolicy(clients: readonly Client[]): Promise<void> {
  const modes = ["same_as_vault", "default", "off"];
  const answer = await ask({
    title: `Alert policy of ${namesOf(clients)}`,
    text: "Replaces what was set. A custom policy is set on the client's own page, under Alert settings.",
    fields: [
      {
        name: "mode",
        label: "Policy",
        choices: modes.map((value) => ({ value, word: modeText(value) })),
      },
    ],
    confirm: "Set",
    act: (filled) => changeAll(clients, "PUT", "policy", filled),
  });
  if (answer) toast(`${namesOf(clients)}: ${modeText(answer["mode"]!)}`);
}

export async function testAlert(of: "vault" | "client", name: string): Promise<void> {
  const answer = await ask({
    title: `Test alert of ${name}`,
    text: "Whoever would be told of its alerts is told now. It ends by itself after 5 minutes.",
    confirm: "Raise it",
    act: () => send("POST", "/alerts/test", { [of]: name }),
  });
  if (answer) toast(`A test alert of ${name} is raised`);
}

export async function rename(client: Client): Promise<void> {
  const answer = await ask({
    title: `Rename ${client.name}`,
    fields: [{ name: "name", label: "New name", value: client.name, isRequired: true }],
    confirm: "Rename",
    act: (filled) => changeAll([client], "POST", "rename", filled),
  });
  if (answer) go(path("clients", answer["name"]!), { replace: true });
}

async function retire(clients: readonly Client[]): Promise<void> {
  const word = clients.length === 1 ? clients[0]!.name : String(clients.length);
  const answer = await ask({
    title: `Retire ${namesOf(clients)}`,
    text: "Out of service for good: alerts end, the key lets nobody in any more, the history stays.",
    fields: [{ name: "typed", label: `Type ${word} to confirm`, mustBe: word }],
    confirm: "Retire",
    isDangerous: true,
    act: () => changeAll(clients, "POST", "retire", {}),
  });
  if (answer) toast(`${namesOf(clients)} retired`);
}

export function clientActions(vaults: readonly Choice[]): Action<Client>[] {
  const always: Action<Client>[] = [
    {
      word: "Alert settings",
      run: ([client]) => go(`${path("clients", client!.name)}?tab=settings`),
    },
  ];
  const operating: Action<Client>[] = [
    { word: "Start maintenance", run: pause, isForMany: true },
    {
      word: "Raise a test alert",
      run: ([client]) => testAlert("client", client!.name),
    },
  ];
  const administering: Action<Client>[] = [
    { word: "Set the policy", run: setPolicy, isForMany: true },
    { word: "Move to another vault", run: (clients) => move(clients, vaults), isForMany: true },
    { word: "Retire", run: retire, isForMany: true, isDangerous: true },
  ];
  return [
    ...always,
    ...(mayOperate.value ? operating : []),
    ...(mayAdminister.value ? administering : []),
  ];
}
