// Durations as the API writes them ("90s", "1h30m"), and as people read them ("1 h 30 min").

const MILLISECONDS: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const PART = /(\d+(?:\.\d+)?)\s*(ms|min|[smhdw])/gy;

/** The milliseconds of a duration; null of a text that is none. */
export function readDuration(text: string): number | null {
  const sign = text.startsWith("-") ? -1 : 1;
  const rest = sign < 0 ? text.slice(1) : text;
  let total = 0;
  let end = 0;
  for (const part of rest.matchAll(PART)) {
    total += Number(part[1]) * MILLISECONDS[part[2]!]!;
    end = part.index + part[0].length;
  }
  return rest !== "" && end === rest.length ? sign * total : null;
}

const UNITS: readonly [number, string][] = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1000, "s"],
];

/** At most the two largest units: "2 d 3 h", "43 min", "8 s", "350 ms". */
export function showDuration(milliseconds: number): string {
  const size = Math.abs(milliseconds);
  const sign = milliseconds < 0 ? "−" : "";
  if (size < 1000) return `${sign}${Math.round(size)} ms`;
  const first = UNITS.findIndex(([length]) => size >= length);
  const parts: string[] = [];
  let rest = size;
  for (const [length, unit] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return sign + parts.join(" ");
}

/** A duration of the API for people; "–" where there is none. */
export function durationText(text: string | null | undefined): string {
  if (text == null) return "–";
  const milliseconds = readDuration(text);
  return milliseconds === null ? text : showDuration(milliseconds);
}
