// How a list that somebody looks at takes a newer answer. Pure.

export interface Shown<Row> {
  rows: readonly Row[];
  /** Keys of rows that say something else than before. */
  changed: ReadonlySet<string>;
  /** Keys of rows that the newer answer does not have. */
  gone: ReadonlySet<string>;
  /** How many rows only the newer answer has. */
  waiting: number;
}

export interface Reader<Row> {
  keyOf: (row: Row) => string;
  /** What makes a row worth a glance when it changes; a heartbeat does not. */
  watched: (row: Row) => string;
}

function changedKeys<Row>(
  before: readonly Row[],
  fresh: readonly Row[],
  { keyOf, watched }: Reader<Row>,
) {
  const old = new Map(before.map((row) => [keyOf(row), watched(row)]));
  const differs = (row: Row) => old.has(keyOf(row)) && old.get(keyOf(row)) !== watched(row);
  return new Set(fresh.filter(differs).map(keyOf));
}

/** The newer answer as it is. */
export function replaced<Row>(
  before: readonly Row[],
  fresh: readonly Row[],
  reader: Reader<Row>,
): Shown<Row> {
  return { rows: fresh, changed: changedKeys(before, fresh, reader), gone: new Set(), waiting: 0 };
}

/** The newer answer in the rows that are there: none moves under the pointer, none comes, none goes. */
export function merged<Row>(
  before: readonly Row[],
  fresh: readonly Row[],
  reader: Reader<Row>,
): Shown<Row> {
  const { keyOf } = reader;
  const newer = new Map(fresh.map((row) => [keyOf(row), row]));
  const here = new Set(before.map(keyOf));
  return {
    rows: before.map((row) => newer.get(keyOf(row)) ?? row),
    changed: changedKeys(before, fresh, reader),
    gone: new Set([...here].filter((key) => !newer.has(key))),
    waiting: fresh.filter((row) => !here.has(keyOf(row))).length,
  };
}

/** Rows under the headings that they have in common, in the order in which these first appear. */
export function grouped<Row>(
  rows: readonly Row[],
  headingOf: (row: Row) => string,
): [string, Row[]][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const heading = headingOf(row);
    const group = groups.get(heading);
    if (group) group.push(row);
    else groups.set(heading, [row]);
  }
  return [...groups];
}
