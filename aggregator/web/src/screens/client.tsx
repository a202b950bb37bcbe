// S5: one client: why it is as it is, what happened, and who hears of it.

import { path } from "../api/request.ts";
import { mayAdminister, mayOperate } from "../api/session.ts";
import type { Client as ClientThing } from "../api/things.ts";
import type { ScreenProps } from "../frame/app.tsx";
import { place } from "../frame/router.ts";
import { now, zone } from "../frame/settings.ts";
import { useReading } from "../live/reading.ts";
import { Head } from "../parts/head.tsx";
import { MenuButton } from "../parts/menu.tsx";
import { Empty, Facts, Panel } from "../parts/notes.tsx";
import { StatusOf } from "../parts/status.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { Time } from "../parts/time.tsx";
import { complain } from "../parts/toasts.tsx";
import { Unread } from "../parts/unread.tsx";
import { durationText } from "../words/durations.ts";
import { clientSentence } from "../words/sentences.ts";
import { AlertList } from "./alert_list.tsx";
import { useVaultChoices } from "./choices.ts";
import { clientActions, pause, rename } from "./client_actions.ts";
import { ClientAlerts } from "./client_alerts.tsx";
import { Gaps } from "./client_gaps.tsx";
import { Explain } from "./explain.tsx";
import { JobList } from "./job_list.tsx";
import { PolicyPanel } from "./policy_panel.tsx";
import { TimesPanel } from "./times_panel.tsx";
import { Timeline } from "./timeline.tsx";

const TABS = [
  { value: "", word: "Timeline" },
  { value: "jobs", word: "Jobs" },
  { value: "alerts", word: "Alerts" },
  { value: "settings", word: "Alert settings" },
  { value: "details", word: "Details" },
];

export function Client({ params }: ScreenProps) {
  const name = params["name"]!;
  const reading = useReading<ClientThing>(path("clients", name), ["client", "alert"]);
  const found = reading.found;
  if (!found) return <Unread title={name} reading={reading} />;
  return (
    <>
      <ClientHead client={found} reread={reading.reread} />
      <ClientAlerts client={found} />
      <Tabs label="Parts of the page" tabs={TABS} />
      <OpenTab client={found} reread={reading.reread} />
    </>
  );
}

interface PartProps {
  client: ClientThing;
  reread: () => void;
}

function ClientHead({ client, reread }: PartProps) {
  const vaults = useVaultChoices();
  const doing = (action: Promise<unknown> | void) =>
    void Promise.resolve(action).then(reread, complain);
  const items = () => [
    ...(mayAdminister.value ? [{ word: "Rename", run: () => doing(rename(client)) }] : []),
    ...clientActions(vaults).map(({ word, run, isDangerous = false }) => ({
      word,
      run: () => doing(run([client])),
      isDangerous,
    })),
  ];
  return (
    <Head
      title={client.name}
      sentence={
        <>
          <StatusOf state={client.state} /> {clientSentence(client, now.value, zone.value)} In the
          vault <a href={path("vaults", client.vault)}>{client.vault}</a>.
        </>
      }
    >
      {mayOperate.value && (
        <button type="button" onClick={() => doing(pause([client]))}>
          Start maintenance
        </button>
      )}
      <MenuButton label={`Actions for ${client.name}`} items={items} />
    </Head>
  );
}

function OpenTab({ client, reread }: PartProps) {
  switch (place.value.query["tab"]) {
    case "jobs":
      return <JobList client={client.name} />;
    case "alerts":
      return (
        <AlertList
          fixed={{ client: client.name, state: "all" }}
          empty={<Empty title={`There was never an alert about ${client.name}`} />}
        />
      );
    case "settings":
      return (
        <>
          <PolicyPanel
            of="client"
            name={client.name}
            policy={client.own_policy}
            inForce={client.policy}
          />
          <Explain client={client.name} />
        </>
      );
    case "details":
      return <Details client={client} reread={reread} />;
    default:
      return (
        <>
          <Gaps client={client} />
          <Timeline client={client.name} />
        </>
      );
  }
}

function Details({ client, reread }: PartProps) {
  const { passed_jobs: passed = [] } = client;
  return (
    <>
      <Panel title="The host">
        <Facts
          facts={[
            ["Host name", client.hostname],
            ["Operating system", client.os],
            ["Agent", client.agent_version],
            ["Address", client.address],
            ["Fingerprint of its key", <span class="mono">{client.fingerprint}</span>],
            ["Its clock is ahead by", durationText(client.clock_skew)],
            ["First seen", <Time at={client.created_at} isExact />],
            ["Last heartbeat", <Time at={client.last_heard} isExact none="never" />],
            ["Declared in", client.managed_by],
          ]}
        />
      </Panel>
      <TimesPanel of="client" thing={client} changed={reread} />
      {passed.length > 0 && (
        <Panel title="Jobs that its agent declares, and of which nothing is expected">
          <Facts facts={passed.map(({ name, why }) => [name, why] as const)} />
        </Panel>
      )}
    </>
  );
}
