// Every screen, in both themes and on a phone: axe-core finds nothing, nothing is wider than the window, and
// no script complains. The pictures are kept in the build folder, to be looked at.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  assertNoMistakes,
  faults,
  isTooWide,
  openPageOf,
  startBrowser,
  visit,
} from "./support/browser.mjs";
import { playNights } from "./support/nights.mjs";
import { web } from "./support/packages.mjs";
import { World } from "./support/world.mjs";

const SCREENS = {
  overview: "/",
  alerts: "/alerts",
  "alerts-grouped": "/alerts?state=all&group=client",
  alert: "/alerts/1",
  clients: "/clients",
  "clients-none": "/clients?state=offline",
  client: "/clients/db-1",
  "client-jobs": "/clients/db-1?tab=jobs",
  "client-alerts": "/clients/db-1?tab=alerts",
  "client-settings": "/clients/db-1?tab=settings",
  "client-details": "/clients/db-1?tab=details",
  job: "/clients/db-1/jobs/nightly",
  jobs: "/jobs",
  runs: "/runs",
  run: "/runs/1",
  vaults: "/vaults",
  vault: "/vaults/production",
  "vault-policy": "/vaults/production/policy",
  "client-policy": "/clients/db-1/policy",
  contacts: "/contacts",
  contact: "/contacts/Alice%20Weber",
  groups: "/groups",
  group: "/groups/ops",
  deliveries: "/deliveries",
  delivery: "/deliveries/1",
  digests: "/digests",
  policies: "/policies",
  enrolment: "/enrolment",
  "enrolment-tokens": "/enrolment?tab=tokens",
  maintenance: "/maintenance",
  "maintenance-all": "/maintenance?tab=all",
  system: "/system",
  "system-config": "/system?tab=config",
  "system-audit": "/system?tab=audit",
  wall: "/wall",
};
const LOOKS = {
  light: { width: 1280, height: 860, colorScheme: "light" },
  dark: { width: 1280, height: 860, colorScheme: "dark" },
  phone: { width: 400, height: 840, colorScheme: "light" },
};

const pictures = process.env.VAULTBELL_PICTURES ?? join(web, "pictures");
let world;
let browser;

before(async () => {
  mkdirSync(pictures, { recursive: true });
  world = await World.start();
  await playNights(world);
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await world?.end();
});

/** As it looks with these options, without reading everything anew. */
async function judge(page, name, [look, { width, height, colorScheme }]) {
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize({ width, height });
  const picture = look === "light" ? `${name}.png` : `${name}-${look}.png`;
  await page.screenshot({ path: join(pictures, picture), fullPage: true });
  assert.deepEqual(await faults(page), [], look);
  assert.equal(await isTooWide(page), false, `${look}: it is wider than the window`);
}

for (const [name, path] of Object.entries(SCREENS)) {
  test(`${name} can be used by everybody`, async () => {
    const page = await openPageOf(browser, world);
    await visit(page, path);
    for (const look of Object.entries(LOOKS)) await judge(page, name, look);
    assertNoMistakes(page);
    await page.context().close();
  });
}

test("a page without names and with hardly any contrast is refused", async () => {
  const page = await openPageOf(browser, world);
  await visit(page, "/");
  await page.evaluate(() => {
    document.querySelector("main").innerHTML =
      "<h1>Overview</h1><button></button><p class='grey'>grey on grey</p>";
    document.querySelector(".grey").style.color = "#ccc";
  });
  const found = (await faults(page)).map((line) => line.split(":")[0]);
  assert.deepEqual(found.sort(), ["button-name", "color-contrast"]);
  await page.context().close();
});
