// The last 30 days of a client's heartbeat: a line with gaps.

import { path } from "../api/request.ts";
import type { Client, Gap, Page } from "../api/things.ts";
import { now, zone } from "../frame/settings.ts";
import { useReading } from "../live/reading.ts";
import { Panel } from "../parts/notes.tsx";
import { count } from "../words/amounts.ts";
import { showDuration } from "../words/durations.ts";
import { absolute } from "../words/times.ts";
import { gapsBetween } from "./gaps.ts";

/** As many as the aggregator tells of. */
const DAYS = 30;
const DAY = 86_400_000;
const WIDTH = 800;
/** The shortest gap that can still be seen. */
const MARK = 3;

export function Gaps({ client }: { client: Client }) {
  const { found } = useReading<Page<Gap>>(`${path("clients", client.name)}/gaps`, [
    "alert",
    "client",
  ]);
  if (!found || client.state === "invited") return null;
  const until = now.peek();
  const start = Math.max(until - DAYS * DAY, Date.parse(client.created_at));
  const gaps = gapsBetween(found.items, start, until);
  const x = (at: number) => (WIDTH * (at - start)) / Math.max(1, until - start);
  const total = gaps.reduce((sum, gap) => sum + gap.until - gap.from, 0);
  const span = showDuration(until - start);
  const summary =
    gaps.length === 0
      ? `no gap in ${span}`
      : `${count(gaps.length, "gap")} in ${span}, ${showDuration(total)} in all`;
  return (
    <Panel title="Heartbeat" aside={<span class="quiet">{summary}</span>}>
      <svg
        class="chart gaps"
        viewBox={`0 0 ${WIDTH} 14`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Heartbeat: ${summary}`}
      >
        <rect class="heard" width={WIDTH} height="14" rx="3" />
        {gaps.map((gap) => (
          <rect
            key={gap.from}
            class="bad"
            x={x(gap.from)}
            width={Math.max(MARK, x(gap.until) - x(gap.from))}
            height="14"
          >
            <title>{`${absolute(gap.from, zone.value)}: ${showDuration(gap.until - gap.from)}${gap.isOpen ? ", still" : ""}: ${gap.why}`}</title>
          </rect>
        ))}
      </svg>
    </Panel>
  );
}
