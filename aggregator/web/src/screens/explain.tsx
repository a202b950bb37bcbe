// Who would be told of a client's alerts, when and why: what `vaultbell explain client` says.

import { path } from "../api/request.ts";
import type { ClientExplanation } from "../api/things.ts";
import { useReading } from "../live/reading.ts";
import { Panel, ProblemNote, Waiting } from "../parts/notes.tsx";
import { StatusOf } from "../parts/status.tsx";
import { durationText } from "../words/durations.ts";
import { plain } from "../words/states.ts";

type Kind = ClientExplanation["kinds"][number];

export function useExplanation(client: string | null, kind?: string) {
  const route = client === null ? null : `/explain/client${path(client)}`;
  return useReading<ClientExplanation>(route, ["client", "vault", "contact", "group", "maintenance"], { kind });
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
  if (kind.recipients.length === 0) return "never";
  return kind.notify_after === "0s" ? "at once" : `after ${durationText(kind.notify_after)}`;
}

export function Explain({ client }: { client: string }) {
  const { found, problem, reread } = useExplanation(client);
  return (
    <Panel title="Who is told of what">
      {problem && <ProblemNote problem={problem} retry={reread} />}
      {!found && !problem && <Waiting />}
      {found && (
        <table class="rows plain">
          <thead>
            <tr>
              <th scope="col" class="lead">
                Kind
              </th>
              <th scope="col" class="fact">
                Severity
              </th>
              <th scope="col" class="fact">
                When
              </th>
              <th scope="col" class="fact">
                Who
              </th>
            </tr>
          </thead>
          <tbody>
            {found.kinds.map((kind) => (
              <tr key={kind.kind}>
                <th scope="row" class="lead">
                  {plain(kind.kind)}
                </th>
                <td class="fact">
                  <StatusOf state={kind.severity} />
                </td>
                <td class="fact">{whenText(kind)}</td>
                <td class="fact">
                  {kind.recipients.length > 0 ? <Recipients recipients={kind.recipients} /> : <span class="bad">nobody: {kind.reason_sentence}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
