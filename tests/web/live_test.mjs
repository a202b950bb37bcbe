// Live updates, against a server that counts who listens: one stream for all tabs, another tab takes over,
// what was missed is read again. What the aggregator itself sends is tested with it.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { startBrowser } from "./support/browser.mjs";
import { Stub } from "./support/stub.mjs";
import { until } from "./support/world.mjs";

let browser;
let stub;
let context;

before(async () => {
  browser = await startBrowser();
});

after(() => browser?.close());

beforeEach(async () => {
  stub = new Stub();
  await stub.start();
  context = await browser.newContext({ baseURL: stub.address });
});

afterEach(async () => {
  await context.close();
  stub.end();
});

async function openTabs(number) {
  const tabs = [];
  for (let i = 0; i < number; i += 1) {
    const page = await context.newPage();
    await page.goto("/");
    await page.locator(".live", { hasText: "live" }).and(page.locator(".good")).waitFor();
    tabs.push(page);
  }
  return tabs;
}

const shows = (page, headline) =>
  page.locator("h1", { hasText: headline }).waitFor({ timeout: 5000 });

test("eight tabs have one stream, and each of them hears of a change", async () => {
  const tabs = await openTabs(8);
  assert.equal(stub.streams.size, 1);
  stub.headline = "1 critical alert";
  stub.say("alert", 7);
  // A tab in the background reads when it is seen.
  for (const tab of tabs) {
    await tab.bringToFront();
    await shows(tab, "1 critical alert");
  }
});

test("when the tab that listens is closed, another one does", async () => {
  const [first, second] = await openTabs(2);
  await first.close();
  await until("another stream", () => stub.opened === 2 && stub.streams.size === 1);
  stub.headline = "1 warning alert";
  stub.say("alert", 8);
  await shows(second, "1 warning alert");
});

test("a stream that is lost is opened again, and what was missed is read", async () => {
  const [tab] = await openTabs(1);
  stub.isClosed = true;
  stub.cut();
  await tab.locator(".live", { hasText: "reconnecting" }).waitFor();
  stub.headline = "2 critical alerts";
  stub.isClosed = false;
  await shows(tab, "2 critical alerts");
  await tab.locator(".live.good").waitFor();
});

test("a storm of changes causes few readings", async () => {
  await openTabs(1);
  const before = stub.asked["GET /status"];
  for (let i = 0; i < 500; i += 1) stub.say("run", i);
  await new Promise((resolve) => setTimeout(resolve, 3000)); // longer than the pause between two readings
  const readings = stub.asked["GET /status"] - before;
  assert.ok(readings <= 2, `${readings} readings`);
});

test("a change of something else causes no reading", async () => {
  await openTabs(1);
  const before = stub.asked["GET /status"];
  stub.say("contact", 1);
  await new Promise((resolve) => setTimeout(resolve, 1000)); // longer than changes are gathered
  assert.equal(stub.asked["GET /status"], before);
});
