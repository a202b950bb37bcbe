// What is expected of a job, and the form that changes it.

import { mayAdminister } from "../api/session.ts";
import type { Job, JobSettings } from "../api/things.ts";
import { change } from "../parts/change.tsx";
import { ask } from "../parts/dialog.tsx";
import type { FieldProps } from "../parts/field.tsx";
import { Facts, Panel } from "../parts/notes.tsx";
import { Time } from "../parts/time.tsx";
import { complain, toast } from "../parts/toasts.tsx";
import { changedSettings, expectationText } from "../words/jobs.ts";
import { jobAddress } from "./job_list.tsx";

function fieldsOf(settings: JobSettings): FieldProps[] {
  const fields: [keyof JobSettings, string, string?][] = [
    ["every", "A run every", "such as 24h; or a cron line"],
    ["cron", "Cron line", "such as 0 2 * * *"],
    ["zone", "Its time zone", "such as Europe/Berlin"],
    ["grace", "May be late by"],
    ["max_age", "The last good backup is at most so old"],
    ["max_duration", "A run takes at most"],
    ["verify_every", "Verified or restored every"],
    ["tolerate_failures", "Failures in a row that are tolerated"],
  ];
  return fields.map(([name, label, hint]) => ({
    name,
    label,
    value: String(settings[name] || ""),
    ...(hint ? { hint } : {}),
  }));
}

async function edit(job: Job, changed: () => void): Promise<void> {
  const answer = await ask({
    title: `What is expected of ${job.name} on ${job.client}`,
    text: "What is left empty is not expected.",
    fields: fieldsOf(job.settings),
    confirm: "Save",
    act: (filled) =>
      change("PUT", `${jobAddress(job)}/settings`, changedSettings(job.settings, filled), job),
  });
  if (!answer) return;
  toast(`What is expected of ${job.name} is changed`);
  changed();
}

export function Expected({ job, changed }: { job: Job; changed: () => void }) {
  return (
    <Panel
      title="What is expected"
      aside={
        mayAdminister.value && (
          <button type="button" onClick={() => void edit(job, changed).catch(complain)}>
            Change
          </button>
        )
      }
    >
      {job.conflict && <p class="warn">{job.conflict}</p>}
      <Facts
        facts={[
          ["Expected", expectationText(job.settings)],
          ["Next due", job.next_due_at && <Time at={job.next_due_at} isExact />],
          ["Missed at", job.missed_at && <Time at={job.missed_at} isExact />],
          ["Overdue at", job.overdue_at && <Time at={job.overdue_at} isExact />],
          ["To be verified by", job.verify_due_at && <Time at={job.verify_due_at} isExact />],
          ["Failures that are tolerated", job.settings.tolerate_failures || null],
          ["Tool", job.tool],
          ["Declared in", job.managed_by],
        ]}
      />
    </Panel>
  );
}
