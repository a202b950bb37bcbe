import assert from "node:assert/strict";
import { test } from "node:test";
import type { ThingChange } from "../src/api/running.ts";
import { changeText, differencesOf, flattened } from "../src/words/audit.ts";

function aChange(fields: Partial<ThingChange>): ThingChange {
  return {
    action: "update",
    what: "vault",
    id: 1,
    name: "prod",
    before: null,
    after: null,
    ...fields,
  };
}

test("fields of a thing inside a thing are named by both", () => {
  const thing = { name: "prod", own_policy: { mode: "off", kinds: [] }, state_sentence: "It is." };
  const flat = { name: "prod", "own_policy mode": "off", "own_policy kinds": [] };
  assert.deepEqual(flattened(thing), flat);
});

test("only what differs is shown", () => {
  const before = { name: "prod", own_policy: { mode: "default" } };
  const after = { name: "prod", own_policy: { mode: "off" } };
  const differing = [{ name: "own policy mode", before: "default", after: "off" }];
  assert.deepEqual(differencesOf(aChange({ before, after })), differing);
});

test("what is deleted shows what it was", () => {
  const gone = [{ name: "name", before: "prod", after: "–" }];
  const change = aChange({ action: "delete", before: { name: "prod" } });
  assert.deepEqual(differencesOf(change), gone);
  assert.equal(changeText(change), "vault prod deleted");
});
