// Who would be told of a client's alerts, when and why: what `vaultbell explain client` says.

import { path } from "../api/request.ts";
import type { ClientExplanation } from "../api/things.ts";
import { useReading } from "../live/reading.ts";
import { Panel, ProblemNote, Waiting } from "../parts/notes.tsx";
import { grouped } from "../parts/rows.ts";
import { StatusOf } from "../parts/status.tsx";
import { durationText } from "../words/durations.ts";
import { plain } from "../words/states.ts";

type Kind = ClientExplanation["kinds"][number];

export function useExplanation(client: string | null, kind?: string) {
  const route = client === null ? null : `/explain/client${path(client)}`;
  return useReading<ClientExplanation>(
    route,
    ["client", "vault", "contact", "group", "maintenance"],
    { kind },
  );
}

/** Addresses, each with the rule that names it. */
export function Recipients({ recipients }: { recipients: Kind["recipients"] }) {
  return (
    <ul class="recipients">
      {recipients.map(({ name, channel, address, why_sentence: why }) => (
        <li key={channel + address}>
          {name === address ? name : `${name}, ${address}`}
          <span class="second">{why}</span>
        </li>
      ))}
    </ul>
  );
}

function whenText(kind: Kind): string {
  if (kind.recipients.length === 0) return "Nobody";
  return kind.notify_after === "0s" ? "At once" : `After ${durationText(kind.notify_after)}`;
}

/** Kinds that are told to the same people at the same time, by the same rules, are one line. */
function sameTelling(kind: Kind): string {
  const rules = kind.recipients.map(({ channel, address, why }) => `${channel} ${address} ${why}`);
  return [kind.notify_after, rules.length > 0 || kind.reason, ...rules].join("\n");
}

export function Explain({ client }: { client: string }) {
  const { found, problem, reread } = useExplanation(client);
  return (
    <Panel title="Who is told of what, and when">
      {problem && <ProblemNote problem={problem} retry={reread} />}
      {!found && !problem && <Waiting />}
      {found && <Tellings kinds={found.kinds} />}
    </Panel>
  );
}

/** Every kind of alert under those who are told of it. */
export function Tellings({ kinds }: { kinds: readonly Kind[] }) {
  return (
    <div class="tellings">
      {grouped(kinds, sameTelling).map(([key, same]) => (
        <Telling key={key} kinds={same} />
      ))}
    </div>
  );
}

function Telling({ kinds }: { kinds: readonly Kind[] }) {
  const kind = kinds[0]!;
  return (
    <section>
      <h3 class={kind.recipients.length === 0 ? "bad" : ""}>{whenText(kind)}</h3>
      {kind.recipients.length > 0 ? (
        <Recipients recipients={kind.recipients} />
      ) : (
        <p>{kind.reason_sentence}</p>
      )}
      <ul class="kinds">
        {kinds.map(({ kind: word, severity }) => (
          <li key={word} title={severity}>
            <StatusOf state={severity} word={plain(word)} />
            <span class="unseen"> ({severity})</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
