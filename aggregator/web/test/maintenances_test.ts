import assert from "node:assert/strict";
import { test } from "node:test";
import type { Maintenance } from "../src/api/things.ts";
import { addressOfUse, useText } from "../src/words/addresses.ts";
import { bodyOfMaintenance, phaseOf, scopeText, windowText } from "../src/words/maintenances.ts";

const NOW = Date.parse("2026-11-29T20:00:00Z");
const AN_HOUR_AGO = "2026-11-29T19:00:00Z";

function aMaintenance(fields: Partial<Maintenance>): Maintenance {
  const nothing = { vault: null, client: null, job: null, kind: null, cron: null, zone: null };
  return { ...nothing, ended_at: null, until: null, is_active: false, ...fields } as Maintenance;
}

test("what a maintenance is about is said in words", () => {
  assert.equal(scopeText(aMaintenance({})), "all vaults");
  assert.equal(scopeText(aMaintenance({ vault: "prod" })), "vault prod");
  const narrow = { client: "db-1", job: "nightly", kind: "backup_failed" };
  assert.equal(scopeText(aMaintenance(narrow)), "client db-1, job nightly: backup failed");
});

test("a maintenance is active, planned or over", () => {
  assert.equal(phaseOf(aMaintenance({ is_active: true }), NOW), "active");
  assert.equal(phaseOf(aMaintenance({ until: "2026-11-30T20:00:00Z" }), NOW), "planned");
  assert.equal(phaseOf(aMaintenance({ until: AN_HOUR_AGO }), NOW), "over");
  assert.equal(phaseOf(aMaintenance({ ended_at: AN_HOUR_AGO, is_active: true }), NOW), "over");
});

test("a window that comes again says when and how long", () => {
  assert.equal(windowText(aMaintenance({})), "once");
  const weekly = { cron: "0 2 * * SUN", length: "2h" };
  assert.equal(windowText(aMaintenance(weekly)), "0 2 * * SUN UTC, 2 h each");
});

test("each use leads to where it is taken out", () => {
  const inGroup = { what: "group", name: "a/b", as: "member" } as const;
  const inPolicy = { what: "client", name: "db-1", as: "escalation" } as const;
  assert.equal(addressOfUse(inGroup), "/groups/a%2Fb");
  assert.equal(addressOfUse(inPolicy), "/clients/db-1/policy");
  assert.equal(useText(inPolicy), "client db-1: told by its policy when nobody reacts");
});

test("a window that comes again has a length, any other one an end", () => {
  const once = { for: "2h", why: "disks", from: "2026-12-01T20:00" };
  const body = { for: "2h", why: "disks", from: "2026-12-01T20:00:00.000Z" };
  assert.deepEqual(bodyOfMaintenance(once, "utc"), body);
  const weekly = { for: "2h", why: "disks", cron: "0 2 * * SUN" };
  const again = { length: "2h", why: "disks", cron: "0 2 * * SUN" };
  assert.deepEqual(bodyOfMaintenance(weekly, "utc"), again);
});
