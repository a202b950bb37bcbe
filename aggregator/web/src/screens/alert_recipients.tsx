// Who is told of an alert, when, and by which rule: before it is told, and after.

import { path } from "../api/request.ts";
import type { Alert, Delivery } from "../api/things.ts";
import { Panel } from "../parts/notes.tsx";
import { StatusOf } from "../parts/status.tsx";
import { Time } from "../parts/time.tsx";
import { Recipients, useExplanation } from "./explain.tsx";

export function AlertRecipients({ alert }: { alert: Alert }) {
  const deliveries = alert.deliveries ?? [];
  return (
    <Panel title="Who is told">
      {alert.notifies_at && <Held alert={alert} />}
      {!alert.notifies_at && alert.held_by_sentence && <p>{alert.held_by_sentence}</p>}
      {alert.decision && (
        <p>
          {alert.decision.reason_sentence} <Time at={alert.decision.at} />
        </p>
      )}
      {deliveries.length > 0 && <Deliveries deliveries={deliveries} />}
    </Panel>
  );
}

function Held({ alert }: { alert: Alert }) {
  const kind = useExplanation(alert.client, alert.kind).found?.kinds.find(
    (one) => one.kind === alert.kind,
  );
  return (
    <>
      <p>
        Nobody yet:{" "}
        <strong>
          <Time at={alert.notifies_at} />
        </strong>{" "}
        (<Time at={alert.notifies_at} isExact />
        ), if it is active then.
      </p>
      {kind && kind.recipients.length > 0 && <Recipients recipients={kind.recipients} />}
      {kind && kind.recipients.length === 0 && <p class="bad">{kind.reason_sentence}</p>}
    </>
  );
}

function Deliveries({ deliveries }: { deliveries: readonly Delivery[] }) {
  return (
    <ul class="recipients">
      {deliveries.map((delivery) => (
        <li key={delivery.id}>
          <a href={path("deliveries", delivery.id)}>
            {delivery.event} to{" "}
            {delivery.name === delivery.address
              ? delivery.name
              : `${delivery.name}, ${delivery.address}`}
          </a>{" "}
          <StatusOf state={delivery.state} /> <Time at={delivery.ended_at ?? delivery.created_at} />
          <span class="second">
            {delivery.why_sentence} {delivery.last_answer && `Answer: ${delivery.last_answer}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
