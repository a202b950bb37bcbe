import assert from "node:assert/strict";
import { test } from "node:test";
import type { Alert, Client, JobSettings, Policy, Run } from "../src/api/things.ts";
import { differences } from "../src/parts/differences.ts";
import { pointsOf, topOf } from "../src/parts/run_points.ts";
import { gapsBetween } from "../src/screens/gaps.ts";
import { changedSettings, expectationText } from "../src/words/jobs.ts";
import { policyParts, whomText } from "../src/words/policies.ts";
import { clientSentence, clientsText, tellingText } from "../src/words/sentences.ts";

const NOW = Date.parse("2026-11-29T20:00:00Z");

function anAlert(fields: Partial<Alert>): Alert {
  return {
    notifies_at: null,
    held_by: null,
    told_so_far: null,
    inactivation: null,
    ...fields,
  } as Alert;
}

function aClient(fields: Partial<Client>): Client {
  const timing = { heartbeat_every: "30s", disconnect_after: "90s", offline_grace: "1h" };
  const base = {
    state: "online",
    state_since: "2026-11-29T19:02:40Z",
    last_heard: null,
    goodbye: null,
    timing,
  };
  return { ...base, ...fields } as Client;
}

function aPolicy(fields: Partial<Policy>): Policy {
  const nobody = {
    contacts: [],
    groups: [],
    kinds: [],
    escalation_contacts: [],
    escalation_groups: [],
  };
  return { mode: "custom", ...nobody, tells_recovery: true, ...fields } as unknown as Policy;
}

function aRun(id: number, fields: Partial<Run>): Run {
  return { id, duration: null, bytes_added: null, bytes_total: null, ...fields } as Run;
}

test("a held alert says when it is told", () => {
  const held = anAlert({ notifies_at: "2026-11-29T20:43:10Z", held_by: "hold" });
  assert.equal(tellingText(held, NOW), "tells in 43 min");
  const quiet = anAlert({ notifies_at: "2026-11-30T06:00:00Z", held_by: "quiet_hours" });
  assert.equal(tellingText(quiet, NOW), "held: quiet hours");
});

test("an alert of which nobody was told says why", () => {
  assert.equal(
    tellingText(anAlert({ told_so_far: "nobody_policy_off" }), NOW),
    "nobody: the policy is off",
  );
  assert.equal(tellingText(anAlert({ told_so_far: "2 of 3 delivered" }), NOW), "2 of 3 delivered");
});

test("a silent client says since when, and what the limit was", () => {
  const silent = aClient({ state: "disconnected", last_heard: "2026-11-29T19:01:10Z" });
  assert.equal(
    clientSentence(silent, NOW, "utc"),
    "No heartbeat since 19:01; after 1 min 30 s of silence it counts as disconnected.",
  );
});

test("a client that said goodbye says why, and how long that is believed", () => {
  const away = aClient({ state: "offline", goodbye: "shutting_down" });
  assert.equal(
    clientSentence(away, NOW, "utc"),
    "It said goodbye at 19:02 (shutting down); after 1 h it counts as disconnected.",
  );
});

test("a vault's clients are counted with the worst first", () => {
  const clients = { invited: 0, online: 5, offline: 1, disconnected: 2, retired: 9 };
  assert.equal(clientsText(clients), "5 of 8 online, 2 disconnected, 1 offline");
  assert.equal(
    clientsText({ ...clients, online: 0, offline: 0, disconnected: 0 }),
    "no clients yet",
  );
});

test("a policy says whom it tells and what is not as usual", () => {
  const policy = aPolicy({
    groups: ["ops"],
    contacts: ["Alice"],
    least_severity: "warning",
    notify_after: "15m",
  });
  assert.equal(whomText(policy), "ops, Alice");
  assert.deepEqual(policyParts(policy), ["from warning on", "after 15 min"]);
  assert.equal(whomText(aPolicy({ mode: "default" })), "the owners of the account");
});

test("what is expected of a job is one phrase", () => {
  const nothing = {
    every: null,
    cron: null,
    max_age: null,
    max_duration: null,
    verify_every: null,
  };
  assert.equal(expectationText(nothing as JobSettings), "nothing");
  const some = { ...nothing, every: "24h", max_age: "36h" } as JobSettings;
  assert.equal(expectationText(some), "every 1 d, at most 1 d 12 h old");
});

test("gaps in the heartbeat are cut to the time that is shown", () => {
  const gaps = [
    { from: "2026-11-29T19:50:00Z", until: null, why: "silent" },
    { from: "2026-11-28T10:00:00Z", until: "2026-11-29T18:10:00Z", why: "offline" },
    { from: "2026-11-27T10:00:00Z", until: "2026-11-27T11:00:00Z", why: "silent" },
  ];
  const from = NOW - 2 * 3_600_000;
  assert.deepEqual(gapsBetween(gaps, from, NOW), [
    { from, until: Date.parse("2026-11-29T18:10:00Z"), isOpen: false, why: "offline" },
    { from: Date.parse("2026-11-29T19:50:00Z"), until: NOW, isOpen: true, why: "silent" },
  ]);
});

test("a chart has the runs that know the measure, the oldest first", () => {
  const runs = [aRun(3, { duration: "90s" }), aRun(2, {}), aRun(1, { duration: "1m" })];
  assert.deepEqual(
    pointsOf(runs, "duration").map(({ run, value }) => [run.id, value]),
    [
      [1, 60],
      [3, 90],
    ],
  );
});

test("a band far above everything does not press the chart flat", () => {
  const points = pointsOf([aRun(1, { bytes_added: 100 })], "bytes_added");
  const band = { low: 0, high: 1_000_000, median: 100, deviation: 1, count: 9 };
  assert.ok(topOf(points, band) < 220);
  assert.ok(topOf(points, { ...band, high: 150 }) >= 150);
});

test("a stale change shows what differs from the thing as it is now", () => {
  const theirs = { name: "prod", mode: "off", contacts: ["Alice"], revision: 4 };
  assert.deepEqual(differences(theirs, { mode: "custom", contacts: [], name: "prod" }), [
    { name: "mode", before: "off", after: "custom" },
    { name: "contacts", before: "Alice", after: "–" },
  ]);
});

test("settings of a job keep what the form does not show, and lose what was emptied", () => {
  const settings = {
    every: "24h",
    cron: null,
    max_age: "36h",
    has_bands: false,
    operation: "verify",
  };
  const filled = { every: "12h", tolerate_failures: "1" };
  assert.deepEqual(changedSettings(settings as unknown as JobSettings, filled), {
    every: "12h",
    has_bands: false,
    operation: "verify",
    tolerate_failures: 1,
  });
});
