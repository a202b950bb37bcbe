import assert from "node:assert/strict";
import { test } from "node:test";
import type { Contact, Group } from "../src/api/people.ts";
import type { Policy } from "../src/api/things.ts";
import { bodyOfPolicy, obstacleOf } from "../src/words/policy_drafts.ts";

const USUAL: Policy = {
  mode: "default",
  contacts: [],
  groups: [],
  least_severity: null,
  kinds: [],
  notify_after: null,
  notify_after_by_kind: {},
  frequency: null,
  tells_recovery: true,
  remind_every: null,
  escalate_after: null,
  escalation_contacts: [],
  escalation_groups: [],
  quiet_hours: null,
  quiet_zone: null,
  do_critical_pass: null,
};

const aContact = (name: string, isReachable: boolean) =>
  ({ name, is_reachable: isReachable }) as Contact;
const aGroup = (name: string, members: string[]) => ({ name, members }) as Group;

test("what is as usual is not sent", () => {
  assert.deepEqual(bodyOfPolicy(USUAL), { mode: "default", tells_recovery: true });
});

test("what a mode has no room for is not sent", () => {
  const full = { ...USUAL, contacts: ["alice"], quiet_zone: "UTC", escalation_contacts: ["bob"] };
  assert.deepEqual(bodyOfPolicy(full), { mode: "default", tells_recovery: true });
  assert.deepEqual(bodyOfPolicy({ ...full, mode: "same_as_vault" }), { mode: "same_as_vault" });
});

test("a hold of a kind that was emptied is as that of all others", () => {
  const holds = { backup_failed: "5m", test: "" };
  const body = bodyOfPolicy({ ...USUAL, notify_after_by_kind: holds });
  assert.deepEqual(body["notify_after_by_kind"], { backup_failed: "5m" });
});

test("a custom policy that reaches nobody is not saved", () => {
  const custom = { ...USUAL, mode: "custom" as const };
  const contacts = [aContact("alice", true), aContact("carl", false)];
  const groups = [aGroup("ops", ["alice"]), aGroup("none", [])];
  assert.match(obstacleOf(custom, contacts, groups)!, /at least one/);
  assert.match(obstacleOf({ ...custom, groups: ["none"] }, contacts, groups)!, /nobody is in/);
  const names = ["alice", "carl"];
  assert.match(obstacleOf({ ...custom, contacts: names }, contacts, groups)!, /^carl would not/);
  assert.equal(obstacleOf({ ...custom, contacts: ["alice"] }, contacts, groups), null);
  assert.equal(obstacleOf({ ...custom, groups: ["ops"] }, contacts, groups), null);
  assert.equal(obstacleOf(USUAL, contacts, groups), null);
});

test("of somebody of whom nothing was read the aggregator decides", () => {
  assert.equal(obstacleOf({ ...USUAL, mode: "custom", contacts: ["zoe"] }, [], []), null);
});
