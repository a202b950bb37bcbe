// Runs as points of a chart. Pure.

import type { Band, Run } from "../api/things.ts";
import { readDuration } from "../words/durations.ts";

export type Measure = "duration" | "bytes_added" | "bytes_total";

export interface Point {
  run: Run;
  value: number;
}

/** The runs that have the measure, the oldest first; durations in seconds, as bands have them. */
export function pointsOf(runs: readonly Run[], measure: Measure): Point[] {
  const points: Point[] = [];
  for (const run of runs) {
    const value = measure === "duration" ? secondsOf(run.duration) : run[measure];
    if (value !== null) points.push({ run, value });
  }
  return points.reverse();
}

function secondsOf(duration: string | null): number | null {
  const milliseconds = duration === null ? null : readDuration(duration);
  return milliseconds === null ? null : milliseconds / 1000;
}

/** The upper end of the scale: what is shown fits, and the band, unless it is far above all of it. */
export function topOf(points: readonly Point[], band: Band | null): number {
  const highest = Math.max(1, ...points.map((point) => point.value));
  return Math.max(highest, Math.min(band?.high ?? 0, highest * 2)) * 1.08;
}
