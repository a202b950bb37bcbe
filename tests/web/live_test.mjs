// Live updates, against a server that counts who listens: one stream for all tabs, another tab takes over,
// what was missed is read again. What the aggregator itself sends is tested with it.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { startBrowser } from "./support/browser.mjs";
import { web } from "./support/packages.mjs";
import { until } from "./support/world.mjs";

const dist = join(web, "dist");
const TYPES = { js: "text/javascript", css: "text/css", html: "text/html" };

/** Answers as the aggregator does, with a single thing to show: how many alerts there are. */
class Stub {
  streams = new Set();
  opened = 0;
  reads = 0;
  isClosed = false;
  headline = "all is well";

  async start() {
    this.server = createServer((request, response) => this.#answer(request, response)).listen(0, "127.0.0.1");
    await once(this.server, "listening");
    this.address = `http://127.0.0.1:${this.server.address().port}`;
  }

  #answer(request, response) {
    const { pathname } = new URL(request.url, this.address);
    if (pathname === "/api/v1/events") return this.#stream(request, response);
    if (pathname.startsWith("/api/")) return this.#json(pathname, response);
    const name = pathname.startsWith("/assets/") ? pathname : "index.html";
    response.writeHead(200, { "Content-Type": TYPES[name.split(".").pop()] });
    return response.end(readFileSync(join(dist, name)));
  }

  #stream(request, response) {
    if (this.isClosed) return response.writeHead(503).end();
    this.opened += 1;
    this.streams.add(response);
    request.on("close", () => this.streams.delete(response));
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    return response.write("id: 1\nevent: snapshot\ndata: {}\n\n");
  }

  #json(pathname, response) {
    const session = { name: "alice", role: "admin", csrf: "c", expires_at: "2100-01-01T00:00:00Z" };
    const answers = { "/api/v1/session": () => session, "/api/v1/status": () => this.#status() };
    const answer = answers[pathname]?.() ?? { items: [], next: null };
    response.writeHead(200, { "Content-Type": "application/json" });
    response.end(JSON.stringify(answer));
  }

  #status() {
    this.reads += 1;
    return {
      headline: this.headline,
      active_alerts: { critical: 0, warning: 0, informational: 0 },
      outbox: { pending: 0, sending: 0, given_up_24h: 0 },
      requests_waiting: 0,
      owners: ["owner"],
      is_mail_configured: true,
      declared: { problem: null },
      account: "Test",
      vaults: 1,
      jobs: 1,
    };
  }

  say(what, id) {
    for (const stream of this.streams) stream.write(`event: changed\ndata: ${JSON.stringify({ what, id })}\n\n`);
  }

  cut() {
    for (const stream of this.streams) stream.destroy();
  }
}

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
  stub.cut();
  stub.server.close();
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

const shows = (page, headline) => page.locator("h1", { hasText: headline }).waitFor({ timeout: 5000 });

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
  const before = stub.reads;
  for (let i = 0; i < 500; i += 1) stub.say("run", i);
  await new Promise((resolve) => setTimeout(resolve, 3000)); // longer than the pause between two readings
  assert.ok(stub.reads - before <= 2, `${stub.reads - before} readings`);
});

test("a change of something else causes no reading", async () => {
  await openTabs(1);
  const before = stub.reads;
  stub.say("contact", 1);
  await new Promise((resolve) => setTimeout(resolve, 1000)); // longer than changes are gathered
  assert.equal(stub.reads, before);
});
