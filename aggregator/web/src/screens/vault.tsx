// S3: one vault: its clients, its nights, its policy and its times.

import { path } from "../api/request.ts";
import { mayAdminister } from "../api/session.ts";
import type { Nights as NightsFound, Vault as VaultThing } from "../api/things.ts";
import type { ScreenProps } from "../frame/app.tsx";
import { go } from "../frame/router.ts";
import { useReading } from "../live/reading.ts";
import { Head } from "../parts/head.tsx";
import { MenuButton } from "../parts/menu.tsx";
import { Nights } from "../parts/nights.tsx";
import { Panel } from "../parts/notes.tsx";
import { complain } from "../parts/toasts.tsx";
import { Unread } from "../parts/unread.tsx";
import { clientsText } from "../words/sentences.ts";
import { ClientList } from "./clients.tsx";
import { PolicyPanel } from "./policy_panel.tsx";
import { TimesPanel } from "./times_panel.tsx";
import { deleteVault, renameVault } from "./vaults.tsx";

export function Vault({ params }: ScreenProps) {
  const name = params["name"]!;
  const reading = useReading<VaultThing>(path("vaults", name), ["vault", "client"]);
  const vault = reading.found;
  const nights = useReading<NightsFound>("/nights", ["run"], { vault: name }).found;
  if (!vault) return <Unread title={name} reading={reading} />;
  const items = () => [
    { word: "Rename", run: () => void renameVault(vault).then(() => go("/vaults"), complain) },
    {
      word: "Delete",
      run: () => void deleteVault(vault).then((isDone) => isDone && go("/vaults"), complain),
      isDangerous: true,
    },
  ];
  return (
    <>
      <Head
        title={vault.name}
        sentence={[
          clientsText(vault.clients),
          vault.managed_by && `declared in ${vault.managed_by}`,
        ]
          .filter(Boolean)
          .join("; ")}
      >
        {mayAdminister.value && <MenuButton label={`Actions for ${vault.name}`} items={items} />}
      </Head>
      {nights && (
        <Panel title="The last nights">
          <Nights vault={name} found={nights} />
        </Panel>
      )}
      <PolicyPanel of="vault" name={vault.name} policy={vault.own_policy} inForce={vault.policy} />
      <TimesPanel of="vault" thing={vault} changed={reading.reread} />
      <h2 class="section">Clients</h2>
      <ClientList fixed={{ vault: vault.name }} />
    </>
  );
}
