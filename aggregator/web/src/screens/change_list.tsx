// Changes of things, each with what was before and what is after.

import type { ThingChange } from "../api/running.ts";
import { DifferenceTable } from "../parts/difference_table.tsx";
import { changeText, differencesOf } from "../words/audit.ts";

export function ChangeList({ changes }: { changes: readonly ThingChange[] }) {
  return (
    <>
      {changes.map((change) => (
        <details key={`${change.what} ${change.id}`} class="change">
          <summary>{changeText(change)}</summary>
          <DifferenceTable all={differencesOf(change)} before="Before" after="After" />
        </details>
      ))}
    </>
  );
}
