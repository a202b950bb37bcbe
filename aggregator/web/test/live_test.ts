import assert from "node:assert/strict";
import { test } from "node:test";
import {
  concerns,
  GATHERING,
  readChange,
  REREAD_PAUSE,
  waitBeforeReread,
  waitBeforeRetry,
} from "../src/live/changes.ts";
import { grouped, merged, replaced } from "../src/parts/rows.ts";

interface Row {
  id: number;
  state: string;
}

const READER = { keyOf: (row: Row) => String(row.id), watched: (row: Row) => row.state };
const rows = (...states: [number, string][]): Row[] => states.map(([id, state]) => ({ id, state }));

test("an event names what changed", () => {
  assert.deepEqual(readChange('{"what":"alert","id":7}'), { what: "alert", id: 7 });
  assert.deepEqual(readChange('{"what":"audit"}'), { what: "audit" });
});

test("an event that says something else is passed by", () => {
  for (const text of ["", "{}", '{"what":"everything"}', '{"what":"weather","id":1}', "null"]) {
    assert.equal(readChange(text), null, text);
  }
});

test("what was missed concerns everybody, a change those who show such things", () => {
  assert.equal(concerns({ what: "everything" }, ["client"]), true);
  assert.equal(concerns({ what: "alert", id: 1 }, ["client", "alert"]), true);
  assert.equal(concerns({ what: "run", id: 1 }, ["client"]), false);
});

test("changes in a row cause one reading in two seconds", () => {
  assert.equal(waitBeforeReread(0, 60_000), GATHERING);
  assert.equal(waitBeforeReread(60_000, 60_500), REREAD_PAUSE - 500);
});

test("a stream that cannot be opened is tried less and less often, at least every 30 s", () => {
  assert.deepEqual([1, 2, 3, 9].map(waitBeforeRetry), [1000, 2000, 4000, 30_000]);
});

test("under the pointer no row moves, comes or goes", () => {
  const shown = merged(
    rows([1, "a"], [2, "a"], [3, "a"]),
    rows([4, "a"], [3, "b"], [1, "a"]),
    READER,
  );
  assert.deepEqual(shown.rows, rows([1, "a"], [2, "a"], [3, "b"]));
  assert.deepEqual([...shown.changed], ["3"]);
  assert.deepEqual([...shown.gone], ["2"]);
  assert.equal(shown.waiting, 1);
});

test("else the list is as the aggregator orders it", () => {
  const shown = replaced(rows([1, "a"], [2, "a"]), rows([3, "a"], [2, "b"]), READER);
  assert.deepEqual(shown.rows, rows([3, "a"], [2, "b"]));
  assert.deepEqual([...shown.changed], ["2"]);
  assert.equal(shown.waiting + shown.gone.size, 0);
});

test("groups keep the order in which they first appear", () => {
  const groups = grouped(rows([1, "b"], [2, "a"], [3, "b"]), (row) => row.state);
  assert.deepEqual(
    groups.map(([heading, inside]) => [heading, inside.length]),
    [
      ["b", 2],
      ["a", 1],
    ],
  );
});
