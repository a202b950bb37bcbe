// Everything that happened to a client, in one list: runs, alerts, changes and messages.

import { path } from "../api/request.ts";
import type { Moment } from "../api/things.ts";
import { List } from "../parts/list.tsx";
import { Empty } from "../parts/notes.tsx";
import { StatusOf } from "../parts/status.tsx";
import { Time } from "../parts/time.tsx";
import { SINCE } from "./choices.ts";

const KINDS = [
  { value: "run", word: "runs" },
  { value: "alert", word: "alerts" },
  { value: "change", word: "changes" },
  { value: "delivery", word: "messages" },
];

/** Where a moment leads to; a change is nowhere else. */
function addressOf({ kind, id, alert }: Moment): string | undefined {
  if (kind === "run") return path("runs", id);
  if (kind === "delivery") return path("deliveries", id);
  return alert === null ? undefined : path("alerts", alert);
}

export function Timeline({ client }: { client: string }) {
  return (
    <List<Moment>
      noun="moment"
      route={`${path("clients", client)}/timeline`}
      about={["run", "alert", "delivery", "audit"]}
      filters={[
        { kind: "choice", name: "kind", label: "Show", all: "everything", choices: KINDS },
        SINCE,
        { kind: "flag", name: "all", label: "Frequent runs too" },
      ]}
      columns={[
        { head: "What happened", onPhone: "lead", cell: (moment) => moment.sentence },
        { head: "State", onPhone: "fact", cell: (moment) => <StatusOf state={moment.what} /> },
        { head: "When", onPhone: "fact", cell: (moment) => <Time at={moment.at} isExact /> },
        { head: "Kind", onPhone: "fact", cell: (moment) => moment.kind },
      ]}
      keyOf={(moment) => `${moment.kind} ${moment.id} ${moment.what} ${moment.at}`}
      nameOf={(moment) => moment.sentence}
      watched={(moment) => moment.sentence}
      addressOf={addressOf}
      empty={<Empty title="Nothing happened yet" />}
    />
  );
}
