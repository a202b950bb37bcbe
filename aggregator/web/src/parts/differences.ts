// Which fields of a thing differ, in words. Pure.

export interface Difference {
  name: string;
  before: string;
  after: string;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (Array.isArray(value)) return value.length === 0 ? "–" : value.map(textOf).join(", ");
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}

/** The fields of `after` that are not so in `before`; what `after` leaves out stays as it is. */
export function differences(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): Difference[] {
  return Object.keys(after)
    .map((name) => ({
      name: name.replaceAll("_", " "),
      before: textOf(before[name]),
      after: textOf(after[name]),
    }))
    .filter((one) => one.before !== one.after);
}
