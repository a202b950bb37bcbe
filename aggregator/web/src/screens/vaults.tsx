// S3: the vaults.

import { newIdempotencyKey, path, send } from "../api/request.ts";
import { mayAdminister } from "../api/session.ts";
import type { Vault } from "../api/things.ts";
import { go } from "../frame/router.ts";
import { change } from "../parts/change.tsx";
import { ask } from "../parts/dialog.tsx";
import { Head } from "../parts/head.tsx";
import { type Action, List } from "../parts/list.tsx";
import { Empty } from "../parts/notes.tsx";
import { complain, toast } from "../parts/toasts.tsx";
import { durationText } from "../words/durations.ts";
import { whomText } from "../words/policies.ts";
import { clientsText } from "../words/sentences.ts";
import { modeText } from "../words/states.ts";

async function create(): Promise<void> {
  const answer = await ask({
    title: "New vault",
    text: "Clients of a vault share its policy and its times, where they have none of their own.",
    fields: [{ name: "name", label: "Name", isRequired: true }],
    confirm: "Create",
    act: (filled) => send("POST", "/vaults", filled, { idempotencyKey: newIdempotencyKey() }),
  });
  if (answer) go(path("vaults", answer["name"]!));
}

export async function renameVault(vault: Vault): Promise<void> {
  const answer = await ask({
    title: `Rename ${vault.name}`,
    fields: [{ name: "name", label: "New name", value: vault.name, isRequired: true }],
    confirm: "Rename",
    act: (filled) => change("POST", `${path("vaults", vault.name)}/rename`, filled, vault),
  });
  if (answer) toast(`${vault.name} is called ${answer["name"]} now`);
}

export async function deleteVault(vault: Vault): Promise<boolean> {
  const answer = await ask({
    title: `Delete ${vault.name}`,
    text: "Only an empty vault can be deleted.",
    confirm: "Delete",
    isDangerous: true,
    act: () => send("DELETE", path("vaults", vault.name)),
  });
  if (answer) toast(`${vault.name} is deleted`);
  return answer !== null;
}

function actions(): Action<Vault>[] {
  if (!mayAdminister.value) return [];
  return [
    { word: "Alert policy", run: ([vault]) => go(`${path("vaults", vault!.name)}/policy`) },
    { word: "Rename", run: ([vault]) => renameVault(vault!) },
    { word: "Delete", run: ([vault]) => deleteVault(vault!), isDangerous: true },
  ];
}

export function Vaults() {
  return (
    <>
      <Head title="Vaults">
        {mayAdminister.value && (
          <button type="button" class="main" onClick={() => void create().catch(complain)}>
            New vault
          </button>
        )}
      </Head>
      <List<Vault>
        noun="vault"
        route="/vaults"
        about={["vault", "client"]}
        columns={[
          { head: "Vault", onPhone: "lead", cell: (vault) => vault.name },
          { head: "Clients", onPhone: "fact", cell: (vault) => clientsText(vault.clients) },
          { head: "Policy", onPhone: "fact", cell: (vault) => modeText(vault.policy) },
          { head: "Tells", cell: (vault) => whomText(vault.own_policy) },
          { head: "After", cell: (vault) => durationText(vault.own_policy.notify_after) },
          { head: "As", cell: (vault) => vault.own_policy.frequency ?? "each" },
          {
            head: "Disconnected after",
            cell: (vault) => durationText(vault.timing.disconnect_after),
          },
        ]}
        keyOf={(vault) => vault.name}
        watched={(vault) => `${vault.policy} ${JSON.stringify(vault.clients)}`}
        addressOf={(vault) => path("vaults", vault.name)}
        actions={actions()}
        empty={
          <Empty title="No vault yet">
            <p>A vault holds the hosts that share a policy: make the first one.</p>
          </Empty>
        }
      />
    </>
  );
}
