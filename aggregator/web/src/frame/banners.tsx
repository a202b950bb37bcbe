// What everybody should know, wherever they are; nothing when there is nothing.

import type { Channel, Maintenance, Page } from "../api/things.ts";
import { useReading } from "../live/reading.ts";
import { Time } from "../parts/time.tsx";
import { count } from "../words/amounts.ts";
import { status } from "./overview.tsx";

export function Banners() {
  const overview = status.value;
  const maintenances = useReading<Page<Maintenance>>("/maintenances", ["maintenance"]).found;
  const channels = useReading<Page<Channel>>("/channels", ["channel", "delivery"]).found;
  const silences = maintenances?.items.filter(
    (one) => one.is_active && !one.vault && !one.client && !one.kind,
  );
  return (
    <div class="banners">
      {silences?.map((one) => (
        <p key={one.id} class="banner warn">
          Nobody is told of anything until <Time at={one.active_until} isExact />: {one.why} (by{" "}
          {one.created_by}). <a href="/maintenance">Maintenance</a>
        </p>
      ))}
      {channels?.items
        .filter((channel) => channel.failing_since)
        .map((channel) => (
          <p key={channel.channel} class="banner bad">
            {channel.channel} delivers nothing since <Time at={channel.failing_since} />:{" "}
            {channel.last_answer}.{" "}
            <a href="/deliveries?state=pending">
              {count(channel.pending, "delivery waits", "deliveries wait")}
            </a>
          </p>
        ))}
      {overview && !overview.is_mail_configured && (
        <p class="banner bad">
          No mail can be sent: [smtp] is not set in the aggregator's configuration.
        </p>
      )}
      {overview && overview.requests_waiting > 0 && (
        <p class="banner note">
          <a href="/enrolment">{count(overview.requests_waiting, "host")}</a>{" "}
          {overview.requests_waiting === 1 ? "waits" : "wait"} to be let in.
        </p>
      )}
      {overview?.declared.problem && (
        <p class="banner warn">Declared objects are not applied: {overview.declared.problem}</p>
      )}
    </div>
  );
}
