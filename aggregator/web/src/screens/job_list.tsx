// Jobs, with what is expected of them; of all clients or of one.

import { path, send } from "../api/request.ts";
import { mayAdminister } from "../api/session.ts";
import type { Job } from "../api/things.ts";
import { ask } from "../parts/dialog.tsx";
import { type Action, List } from "../parts/list.tsx";
import { Empty, Lines } from "../parts/notes.tsx";
import { StatusOf } from "../parts/status.tsx";
import { Time } from "../parts/time.tsx";
import { toast } from "../parts/toasts.tsx";
import { expectationText } from "../words/jobs.ts";

export const jobAddress = (job: { client: string; name: string }): string =>
  path("clients", job.client, "jobs", job.name);

async function forget([job]: readonly Job[]): Promise<void> {
  const answer = await ask({
    title: `Forget the job ${job!.name}`,
    text: `Nothing is expected of it any more on ${job!.client}; its runs stay. It is back with its next run.`,
    confirm: "Forget",
    isDangerous: true,
    act: () => send("DELETE", jobAddress(job!)),
  });
  if (answer) toast(`${job!.name} is forgotten`);
}

/** Those in trouble first, longest in trouble on top; the others as the aggregator gives them. */
function failedFirst(jobs: readonly Job[]): readonly Job[] {
  return [...jobs].sort((one, other) => other.failures_in_row - one.failures_in_row);
}

export function JobList({ client }: { client?: string }) {
  const actions: Action<Job>[] = mayAdminister.value
    ? [{ word: "Forget", run: forget, isDangerous: true }]
    : [];
  return (
    <List<Job>
      noun="job"
      route="/jobs"
      about={["job", "run"]}
      fixed={client ? { client } : {}}
      filters={client ? [] : [{ kind: "text", name: "client", label: "Client" }]}
      columns={[
        { head: "Job", onPhone: "lead", cell: (job) => job.name },
        ...(client
          ? []
          : [
              {
                head: "Client",
                onPhone: "fact" as const,
                cell: (job: Job) => <a href={path("clients", job.client)}>{job.client}</a>,
              },
            ]),
        {
          head: "Last run",
          onPhone: "fact",
          cell: (job) => (job.last_outcome ? <StatusOf state={job.last_outcome} /> : "never ran"),
        },
        {
          head: "Reported",
          onPhone: "fact",
          cell: (job) => <Time at={job.last_run_at} none="never" />,
        },
        { head: "Last good", cell: (job) => <Time at={job.last_good_at} none="never" /> },
        { head: "Failed in a row", isNumber: true, cell: (job) => job.failures_in_row },
        { head: "Expected", cell: (job) => expectationText(job.settings) },
        { head: "Next due", cell: (job) => <Time at={job.next_due_at} /> },
        { head: "Tool", cell: (job) => job.tool ?? "–" },
      ]}
      arranged={failedFirst}
      keyOf={(job) => String(job.id)}
      nameOf={(job) => `${job.name} on ${job.client}`}
      watched={(job) => `${job.last_outcome} ${job.last_run}`}
      addressOf={jobAddress}
      actions={actions}
      empty={<NoJobs />}
    />
  );
}

function NoJobs() {
  return (
    <Empty title="No job yet">
      <p>
        A job appears with its first run. On the host, put this before the command that makes the
        backup:
      </p>
      <Lines
        label="Command that reports a backup"
        text="vaultbell-agent run --job nightly -- restic backup /srv"
      />
    </Empty>
  );
}
