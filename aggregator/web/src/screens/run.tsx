// S7: why did it fail?

import { path } from "../api/request.ts";
import type { Run as RunThing, Story } from "../api/things.ts";
import type { ScreenProps } from "../frame/app.tsx";
import { useReading } from "../live/reading.ts";
import { Head } from "../parts/head.tsx";
import { Facts, Panel } from "../parts/notes.tsx";
import { Output } from "../parts/output.tsx";
import { StatusOf } from "../parts/status.tsx";
import { StoryList } from "../parts/story.tsx";
import { Time } from "../parts/time.tsx";
import { Unread } from "../parts/unread.tsx";
import { bytesText } from "../words/amounts.ts";
import { durationText } from "../words/durations.ts";
import { plain } from "../words/states.ts";
import { jobAddress } from "./job_list.tsx";

export function Run({ params }: ScreenProps) {
  const id = params["id"]!;
  const reading = useReading<RunThing>(path("runs", id), ["run"]);
  const run = reading.found;
  const story = useReading<Story>(`/explain/run${path(id)}`, ["run", "alert"]).found?.story ?? [];
  if (!run) return <Unread title={`Run ${id}`} reading={reading} />;
  return (
    <>
      <Head
        title={`${plain(run.operation)} of ${run.job} on ${run.client}`}
        sentence={
          <>
            <StatusOf state={run.outcome} />{" "}
            {[run.message, run.reason_sentence].filter(Boolean).join(" · ")}
          </>
        }
      >
        <a class="button" href={jobAddress({ client: run.client, name: run.job })}>
          The job and its other runs
        </a>
        {run.alert && (
          <a class="button" href={path("alerts", run.alert)}>
            {`Alert ${run.alert}`}
          </a>
        )}
      </Head>
      <Panel
        title="What it printed at the end"
        aside={<span class="quiet">at most the last 8 KiB</span>}
      >
        <Output text={run.output} none="The agent sent no output of this run." />
      </Panel>
      <div class="columns">
        <RunFacts run={run} />
        <Panel title="What it meant for alerts">
          <p>{run.verdict_sentence}</p>
          <StoryList story={story} />
        </Panel>
      </div>
    </>
  );
}

function RunFacts({ run }: { run: RunThing }) {
  return (
    <Panel title={`Run ${run.id}`}>
      <Facts
        facts={[
          ["Client", <a href={path("clients", run.client)}>{run.client}</a>],
          ["Started", run.started_at && <Time at={run.started_at} isExact />],
          ["Ended", run.ended_at && <Time at={run.ended_at} isExact />],
          ["Took", durationText(run.duration)],
          ["Reported", <Time at={run.received_at} isExact />],
          ["Tool", run.tool],
          ["Exit code", run.exit_code],
          ["Signal", run.signal],
          ["Started by", run.trigger === "user" ? "a user" : "its schedule"],
          ["Read", run.bytes_read && bytesText(run.bytes_read)],
          ["Added", run.bytes_added && bytesText(run.bytes_added)],
          ["In total", run.bytes_total && bytesText(run.bytes_total)],
          ["Files", run.files?.toLocaleString("en")],
          ["Snapshot", run.snapshot && <span class="mono">{run.snapshot}</span>],
        ]}
      />
    </Panel>
  );
}
