// Everything that happened to a client, in one list: runs, alerts, changes and messages.

import { path } from "../api/request.ts";
import type { TimelineEntry } from "../api/things.ts";
import { List } from "../parts/list.tsx";
import { Empty } from "../parts/notes.tsx";
import { StatusOf } from "../parts/status.tsx";
import { Time } from "../parts/time.tsx";

const KINDS = [
  { value: "run", word: "runs" },
  { value: "alert", word: "alerts" },
  { value: "change", word: "changes" },
  { value: "delivery", word: "messages" },
];
const SINCE = [
  { value: "24h", word: "24 hours" },
  { value: "7d", word: "7 days" },
  { value: "30d", word: "30 days" },
];
const PLACES: Record<string, string> = { run: "runs", alert: "alerts", delivery: "deliveries" };

export function Timeline({ client }: { client: string }) {
  return (
    <List<TimelineEntry>
      noun="entry"
      nouns="entries"
      route={`${path("clients", client)}/timeline`}
      about={["run", "alert", "delivery", "audit"]}
      filters={[
        { kind: "choice", name: "kind", label: "Show", all: "everything", choices: KINDS },
        { kind: "choice", name: "since", label: "Of the last", all: "ever", choices: SINCE },
      ]}
      columns={[
        { head: "What", onPhone: "lead", cell: (entry) => entry.what },
        { head: "When", onPhone: "fact", cell: (entry) => <Time at={entry.at} isExact /> },
        { head: "Kind", onPhone: "fact", cell: (entry) => entry.kind },
        { head: "State", onPhone: "fact", cell: (entry) => (entry.state ? <StatusOf state={entry.state} /> : "") },
      ]}
      keyOf={(entry) => `${entry.kind} ${entry.id} ${entry.at}`}
      nameOf={(entry) => entry.what}
      watched={(entry) => entry.what}
      addressOf={(entry) => (PLACES[entry.kind] ? path(PLACES[entry.kind]!, entry.id) : undefined)}
      empty={<Empty title="Nothing happened yet" />}
    />
  );
}
