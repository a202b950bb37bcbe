// S21: a board to be read from afar. It only shows.

import { useEffect } from "preact/hooks";
import type { Alert, Page, Vault } from "../api/things.ts";
import { Live } from "../frame/header.tsx";
import { status } from "../frame/overview.tsx";
import { now, zone } from "../frame/settings.ts";
import { useReading } from "../live/reading.ts";
import { StatusOf } from "../parts/status.tsx";
import { Time } from "../parts/time.tsx";
import { clientsText } from "../words/sentences.ts";
import { clock } from "../words/times.ts";
import { worstFirst } from "./alert_list.tsx";

/** What fits on a screen; how many more there are is said. */
const ALERTS_MAX = 8;

export function Wall() {
  useEffect(() => {
    document.title = "Wall · Vaultbell";
  }, []);
  return (
    <main class="wall">
      <header>
        <h1>{status.value?.headline ?? "Vaultbell"}</h1>
        <p class="quiet">
          {clock(now.value, now.value, zone.value)} <Live />
        </p>
      </header>
      <Alerts />
      <Vaults />
    </main>
  );
}

function Alerts() {
  const { found } = useReading<Page<Alert>>("/alerts", ["alert"], { limit: 100 });
  if (!found) return null;
  const alerts = worstFirst(found.items);
  const more = alerts.length - ALERTS_MAX;
  return (
    <section aria-label="Active alerts">
      {alerts.length === 0 && <p class="good">No active alert</p>}
      <ul>
        {alerts.slice(0, ALERTS_MAX).map((alert) => (
          <li key={alert.id}>
            <StatusOf state={alert.severity} />
            <strong>{alert.headline}</strong>
            <span class="quiet">
              {alert.vault} <Time at={alert.first_at} />
            </span>
          </li>
        ))}
      </ul>
      {more > 0 && <p class="bad">and {found.next ? `more than ${more}` : more} more</p>}
    </section>
  );
}

function Vaults() {
  const { found } = useReading<Page<Vault>>("/vaults", ["vault", "client"], { limit: 100 });
  return (
    <section aria-label="Vaults" class="tiles">
      {found?.items.map(({ id, name, clients }) => (
        <div key={id} class="panel">
          <h2>{name}</h2>
          <p class={clients.disconnected > 0 ? "bad" : ""}>{clientsText(clients)}</p>
        </div>
      ))}
    </section>
  );
}
