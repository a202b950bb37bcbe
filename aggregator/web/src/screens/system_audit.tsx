// Who changed what, with what was before and what is after.

import type { AuditEntry } from "../api/running.ts";
import type { Filter } from "../parts/filters.ts";
import { type Column, List } from "../parts/list.tsx";
import { Empty } from "../parts/notes.tsx";
import { Time } from "../parts/time.tsx";
import { plain } from "../words/states.ts";
import { ChangeList } from "./change_list.tsx";
import { SINCE } from "./choices.ts";

const FILTERS: readonly Filter[] = [
  { kind: "text", name: "actor", label: "Who" },
  { kind: "text", name: "action", label: "Action, such as set_policy" },
  SINCE,
];

const COLUMNS: readonly Column<AuditEntry>[] = [
  { head: "When", onPhone: "fact", cell: ({ at }) => <Time at={at} isExact /> },
  { head: "Who", onPhone: "fact", cell: ({ actor }) => actor },
  { head: "Did", onPhone: "lead", cell: ({ action }) => plain(action) },
  {
    head: "What changed",
    onPhone: "lead",
    cell: ({ changes, more, remark }) => (
      <>
        <ChangeList changes={changes} />
        {more > 0 && <span class="second">and {more} more</span>}
        {remark && <span class="second">{remark}</span>}
      </>
    ),
  },
];

export function Audit() {
  return (
    <List<AuditEntry>
      noun="entry"
      nouns="entries"
      route="/audit"
      about={["audit"]}
      filters={FILTERS}
      columns={COLUMNS}
      keyOf={({ id }) => String(id)}
      watched={({ id }) => String(id)}
      empty={
        <Empty title="Nothing was changed yet">
          <p>Every change by a person stands here, whether it was made here or by a command.</p>
        </Empty>
      }
    />
  );
}
