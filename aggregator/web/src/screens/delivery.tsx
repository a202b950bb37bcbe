// S16: proof. Every attempt, and what the message says.

import type { Attempt, Message } from "../api/people.ts";
import { path } from "../api/request.ts";
import type { Delivery as DeliveryThing } from "../api/things.ts";
import type { ScreenProps } from "../frame/app.tsx";
import { useReading } from "../live/reading.ts";
import { Head } from "../parts/head.tsx";
import { Facts, Panel } from "../parts/notes.tsx";
import { Output } from "../parts/output.tsx";
import { StatusOf } from "../parts/status.tsx";
import { Time } from "../parts/time.tsx";
import { complain } from "../parts/toasts.tsx";
import { Unread } from "../parts/unread.tsx";
import { durationText } from "../words/durations.ts";
import { deliveryActions, subjectText, whoText } from "./delivery_list.tsx";

type WithAttempts = DeliveryThing & { attempts: Attempt[] };

export function Delivery({ params }: ScreenProps) {
  const id = params["id"]!;
  const reading = useReading<WithAttempts>(path("deliveries", id), ["delivery"]);
  const delivery = reading.found;
  if (!delivery) return <Unread title={`Delivery ${id}`} reading={reading} />;
  return (
    <>
      <DeliveryHead delivery={delivery} done={reading.reread} />
      <div class="columns">
        <div>
          <Attempts delivery={delivery} />
          <MessagePanel id={delivery.id} />
        </div>
        <DeliveryFacts delivery={delivery} />
      </div>
    </>
  );
}

function DeliveryHead({ delivery, done }: { delivery: DeliveryThing; done: () => void }) {
  return (
    <Head
      title={subjectText(delivery)}
      sentence={
        <>
          <StatusOf state={delivery.state} /> to {whoText(delivery)}. {delivery.why_sentence}{" "}
          {delivery.end_reason_sentence}
        </>
      }
    >
      {deliveryActions()
        .filter((action) => action.isFor?.(delivery) ?? true)
        .map(({ word, run }) => (
          <button
            key={word}
            type="button"
            onClick={() => void Promise.resolve(run([delivery])).then(done, complain)}
          >
            {word}
          </button>
        ))}
    </Head>
  );
}

function Attempts({ delivery }: { delivery: WithAttempts }) {
  return (
    <Panel title="Attempts">
      {delivery.attempts.length === 0 && <p class="quiet">None yet.</p>}
      <ol class="story">
        {delivery.attempts.map((attempt) => (
          <li key={attempt.number}>
            <Time at={attempt.started_at} isExact />
            <span>
              {attempt.result_sentence}{" "}
              {attempt.latency && <span class="quiet">in {durationText(attempt.latency)}</span>}
              {attempt.answer && <span class="second mono">{attempt.answer}</span>}
            </span>
          </li>
        ))}
      </ol>
      {delivery.next_attempt_at && (
        <p>
          The next try is <Time at={delivery.next_attempt_at} />
          {delivery.give_up_at && (
            <>
              ; given up <Time at={delivery.give_up_at} />
            </>
          )}
          .
        </p>
      )}
    </Panel>
  );
}

/** As text: what a mail holds is not shown as a page. */
function MessagePanel({ id }: { id: number }) {
  const { found } = useReading<Message>(`${path("deliveries", id)}/message`, ["delivery"]);
  if (!found) return null;
  return (
    <Panel title={found.subject ?? "Message"}>
      <Output text={found.text} none={found.problem ?? "What it said is no longer known."} />
      {found.raw && (
        <details>
          <summary>As it is sent</summary>
          <Output text={found.raw} none="" />
        </details>
      )}
    </Panel>
  );
}

function DeliveryFacts({ delivery }: { delivery: DeliveryThing }) {
  const { alert, contact, group, digest } = delivery;
  return (
    <Panel title={`Delivery ${delivery.id}`}>
      <Facts
        facts={[
          ["Alert", alert && <a href={path("alerts", alert)}>{alert}</a>],
          ["Contact", contact && <a href={path("contacts", contact)}>{contact}</a>],
          ["Through the group", group && <a href={path("groups", group)}>{group}</a>],
          ["In the digest", digest && <a href={path("deliveries", digest)}>{digest}</a>],
          ["Channel", delivery.channel],
          ["Queued", <Time at={delivery.created_at} isExact />],
          ["Over", delivery.ended_at && <Time at={delivery.ended_at} isExact />],
          ["Took", delivery.latency && durationText(delivery.latency)],
          ["May have arrived twice", delivery.may_be_repeated && "an earlier try may have arrived"],
        ]}
      />
    </Panel>
  );
}
