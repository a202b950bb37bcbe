// S17: what will be in the next digest of each address.

import type { Digest } from "../api/people.ts";
import { path, send } from "../api/request.ts";
import { mayOperate } from "../api/session.ts";
import type { Page } from "../api/things.ts";
import { useReading } from "../live/reading.ts";
import { Head } from "../parts/head.tsx";
import { Empty, Panel, ProblemNote, Waiting } from "../parts/notes.tsx";
import { Time } from "../parts/time.tsx";
import { complain, toast } from "../parts/toasts.tsx";
import { plain } from "../words/states.ts";
import { whoText } from "./delivery_list.tsx";

export function Digests() {
  const { found, problem, reread } = useReading<Page<Digest>>("/digests", ["delivery", "alert"]);
  return (
    <>
      <Head
        title="Digests to come"
        sentence="What is gathered for each address. What is over before its time is not in it."
      />
      {problem && <ProblemNote problem={problem} retry={reread} />}
      {!found && !problem && <Waiting />}
      {found?.items.length === 0 && (
        <Empty title="Nothing is gathered">
          <p>
            A policy whose messages come as a digest, by the hour or by the day, gathers them; so
            does a limit for an address that is reached.
          </p>
        </Empty>
      )}
      {found?.items.map((digest) => (
        <Gathered key={`${digest.channel} ${digest.address}`} digest={digest} done={reread} />
      ))}
    </>
  );
}

function Gathered({ digest, done }: { digest: Digest; done: () => void }) {
  const { address, channel, due_at: dueAt, alerts } = digest;
  const sendNow = async () => {
    await send("POST", "/digests/send", { address, channel });
    toast(`The digest for ${address} goes out`);
    done();
  };
  return (
    <Panel
      title={`${whoText(digest)} (${channel})`}
      aside={
        <>
          <Time at={dueAt} />{" "}
          {mayOperate.value && (
            <button type="button" class="small" onClick={() => void sendNow().catch(complain)}>
              Send now
            </button>
          )}
        </>
      }
    >
      <ul>
        {alerts.map(({ alert, headline, event, delivery }) => (
          <li key={delivery}>
            <a href={path("alerts", alert)}>{headline}</a> <span class="quiet">{plain(event)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
