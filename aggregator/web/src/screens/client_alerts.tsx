// What is wrong with a client now, and who hears of it when.

import { path } from "../api/request.ts";
import type { Alert, Client } from "../api/things.ts";
import { now } from "../frame/settings.ts";
import { StatusOf } from "../parts/status.tsx";
import { Time } from "../parts/time.tsx";
import { tellingText } from "../words/sentences.ts";
import { useExplanation } from "./explain.tsx";

export function ClientAlerts({ client }: { client: Client }) {
  const alerts = client.alerts ?? [];
  const kinds = useExplanation(alerts.length > 0 ? client.name : null).found?.kinds ?? [];
  if (alerts.length === 0) return null;
  const whom = ({ kind }: Alert) =>
    kinds.find((one) => one.kind === kind)?.recipients.map(({ name }) => name) ?? [];
  return (
    <ul class="wrong" aria-label="Active alerts">
      {alerts.map((alert) => (
        <li key={alert.id}>
          <StatusOf state={alert.severity} />
          <a href={path("alerts", alert.id)}>{alert.headline}</a>
          <span class="quiet">
            raised <Time at={alert.first_at} />; {tellingText(alert, now.value)}
            {alert.held_by === "hold" && whom(alert).length > 0 && ` to ${whom(alert).join(", ")}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
