// Runs as a list; of everything, of a client or of a job.

import { path } from "../api/request.ts";
import type { Run } from "../api/things.ts";
import { type Filter } from "../parts/filters.ts";
import { type Column, List } from "../parts/list.tsx";
import { Empty, Lines } from "../parts/notes.tsx";
import { StatusOf } from "../parts/status.tsx";
import { Time } from "../parts/time.tsx";
import { bytesText } from "../words/amounts.ts";
import { durationText } from "../words/durations.ts";
import { plain } from "../words/states.ts";

function columns(isOfJob: boolean): Column<Run>[] {
  const whose: Column<Run>[] = [
    { head: "Job", onPhone: "lead", cell: (run) => run.job },
    {
      head: "Client",
      onPhone: "fact",
      cell: (run) => <a href={path("clients", run.client)}>{run.client}</a>,
    },
  ];
  return [
    ...(isOfJob ? [{ head: "Run", onPhone: "lead" as const, cell: (run: Run) => run.id }] : whose),
    { head: "Outcome", onPhone: "fact", cell: (run) => <StatusOf state={run.outcome} /> },
    { head: "Operation", cell: (run) => plain(run.operation) },
    {
      head: "Started",
      onPhone: "fact",
      cell: (run) => <Time at={run.started_at ?? run.received_at} />,
    },
    { head: "Took", isNumber: true, cell: (run) => durationText(run.duration) },
    { head: "Added", isNumber: true, cell: (run) => bytesText(run.bytes_added) },
    { head: "Total", isNumber: true, cell: (run) => bytesText(run.bytes_total) },
    { head: "Tool", cell: (run) => run.tool ?? "–" },
    {
      head: "Alert",
      cell: (run) =>
        run.alert ? <a href={path("alerts", run.alert)}>{`alert ${run.alert}`}</a> : "–",
    },
  ];
}

interface RunListProps {
  fixed?: Record<string, string>;
  filters?: readonly Filter[];
}

export function RunList({ fixed = {}, filters = [] }: RunListProps) {
  return (
    <List<Run>
      noun="run"
      route="/runs"
      about={["run"]}
      fixed={fixed}
      filters={filters}
      columns={columns(fixed["job"] !== undefined)}
      keyOf={(run) => String(run.id)}
      watched={(run) => run.outcome}
      addressOf={(run) => path("runs", run.id)}
      empty={
        <Empty title="No run yet">
          <p>On the host, put this before the command that makes the backup:</p>
          <Lines
            label="Command that reports a backup"
            text="vaultbell-agent run --job nightly -- restic backup /srv"
          />
        </Empty>
      }
    />
  );
}
