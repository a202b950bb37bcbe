// A measure of a job's runs over time, with what is usual behind it.

import type { Band } from "../api/things.ts";
import { zone } from "../frame/settings.ts";
import { signOf } from "../words/states.ts";
import { absolute } from "../words/times.ts";
import { Time } from "./time.tsx";
import { type Point, topOf } from "./run_points.ts";

const WIDTH = 600;
const HEIGHT = 120;
const GAP = 2;
const BAR_MAX = 26;

interface RunChartProps {
  title: string;
  points: readonly Point[];
  band: Band | null;
  show: (value: number) => string;
}

export function RunChart({ title, points, band, show }: RunChartProps) {
  if (points.length === 0) return null;
  const top = topOf(points, band);
  const y = (value: number) => HEIGHT * (1 - Math.max(0, Math.min(1, value / top)));
  const step = WIDTH / points.length;
  const last = points.at(-1)!;
  const usual = band ? `; usual is ${show(Math.max(0, band.low))} to ${show(band.high)}` : "";
  return (
    <figure class="run-chart">
      <figcaption>
        <strong>{title}</strong>
        <span class="second">{`last ${show(last.value)}${usual}`}</span>
      </figcaption>
      <svg
        class="chart"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${title} of the last ${points.length} runs: last ${show(last.value)}${usual}`}
      >
        {band && (
          <rect
            class="band"
            y={y(band.high)}
            width={WIDTH}
            height={y(Math.max(0, band.low)) - y(band.high)}
          />
        )}
        {points.map(({ run, value }, i) => (
          <rect
            key={run.id}
            class={signOf(run.outcome).tone}
            x={i * step}
            y={y(value)}
            width={Math.min(BAR_MAX, Math.max(1, step - GAP))}
            height={HEIGHT - y(value)}
          >
            <title>{`${absolute(Date.parse(run.started_at ?? run.received_at), zone.value)}: ${show(value)}, ${run.outcome}`}</title>
          </rect>
        ))}
        {band && <line class="median" x2={WIDTH} y1={y(band.median)} y2={y(band.median)} />}
      </svg>
      <div class="axis">
        <Time at={points[0]!.run.started_at ?? points[0]!.run.received_at} />
        <Time at={last.run.started_at ?? last.run.received_at} />
      </div>
    </figure>
  );
}
