// One job: how it went over time, what is expected of it, and its runs.

import type { Job as JobThing, Page, Run } from "../api/things.ts";
import { path } from "../api/request.ts";
import type { ScreenProps } from "../frame/app.tsx";
import { useReading } from "../live/reading.ts";
import { Head } from "../parts/head.tsx";
import { Panel } from "../parts/notes.tsx";
import { RunChart } from "../parts/run_chart.tsx";
import { pointsOf } from "../parts/run_points.ts";
import { StatusOf } from "../parts/status.tsx";
import { Time } from "../parts/time.tsx";
import { Unread } from "../parts/unread.tsx";
import { bytesText } from "../words/amounts.ts";
import { showDuration } from "../words/durations.ts";
import { Expected } from "./job_expected.tsx";
import { jobAddress } from "./job_list.tsx";
import { RunList } from "./run_list.tsx";

/** As many as can still be told apart in a chart. */
const CHARTED = 60;

export function Job({ params }: ScreenProps) {
  const client = params["client"]!;
  const name = params["job"]!;
  const reading = useReading<JobThing>(jobAddress({ client, name }), ["job", "run"]);
  const job = reading.found;
  if (!job) return <Unread title={`${name} on ${client}`} reading={reading} />;
  return (
    <>
      <Head
        title={`${name} on ${client}`}
        sentence={
          <>
            {job.last_outcome ? <StatusOf state={job.last_outcome} /> : "Never ran"}
            {job.failures_in_row > 1 && ` ${job.failures_in_row} failures in a row`}; last good
            backup <Time at={job.last_good_at} none="never" />.
          </>
        }
      >
        <a class="button" href={path("clients", client)}>
          {client}
        </a>
      </Head>
      <Charts job={job} />
      <Expected job={job} changed={reading.reread} />
      <RunList fixed={{ client, job: name, all: "true" }} />
    </>
  );
}

function Charts({ job }: { job: JobThing }) {
  const query = {
    client: job.client,
    job: job.name,
    operation: job.settings.operation ?? "backup",
    all: true,
    limit: CHARTED,
  };
  const runs = useReading<Page<Run>>("/runs", ["run"], query).found?.items ?? [];
  const { bands } = job;
  const showSeconds = (value: number) => showDuration(value * 1000);
  const charts = [
    {
      title: "Duration",
      points: pointsOf(runs, "duration"),
      band: bands.duration,
      show: showSeconds,
    },
    {
      title: "Added",
      points: pointsOf(runs, "bytes_added"),
      band: bands.bytes_added,
      show: bytesText,
    },
    {
      title: "In total",
      points: pointsOf(runs, "bytes_total"),
      band: bands.bytes_total,
      show: bytesText,
    },
  ].filter(({ points }) => points.length > 1);
  if (charts.length === 0) return null;
  return (
    <Panel title={`The last ${runs.length} runs`}>
      <div class="charts">
        {charts.map((chart) => (
          <RunChart key={chart.title} {...chart} />
        ))}
      </div>
    </Panel>
  );
}
