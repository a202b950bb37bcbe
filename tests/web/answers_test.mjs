// What the dashboard does with answers that a real aggregator seldom gives.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { assertNoMistakes, openPage, startBrowser, visit } from "./support/browser.mjs";
import { STATUS, Stub } from "./support/stub.mjs";
import { until } from "./support/world.mjs";

let browser;
let stub;
let page;

before(async () => {
  browser = await startBrowser();
});

after(() => browser?.close());

beforeEach(async () => {
  stub = new Stub();
  await stub.start();
  page = await openPage(browser, stub.address);
});

afterEach(async () => {
  await page.context().close();
  stub.end();
  assertNoMistakes(page);
});

const AN_ALERT = {
  severity: "critical",
  kind: "backup_failed",
  state: "active",
  vault: "prod",
  client: "db-1",
  first_at: "2026-11-29T20:00:00Z",
  last_at: "2026-11-29T20:00:00Z",
  occurrences: 1,
  decision: null,
  told: [],
  comments: [],
  notifies_at: null,
  held_by: null,
  told_so_far: null,
};

function showAlerts(...ids) {
  const items = ids.map((id) => ({ ...AN_ALERT, id, headline: `alert ${id}` }));
  stub.answers["GET /alerts"] = { items, next: null };
  stub.answers["GET /vaults"] = { items: [], next: null };
}

const headlines = () => page.locator("tbody [data-row]").allTextContents();

function error(status, fields, headers) {
  return () => [status, { error: fields }, headers];
}

test("while somebody points at a list new rows wait, and none moves", async () => {
  showAlerts(2, 1);
  await visit(page, "/alerts");
  await page.locator("tbody tr").first().hover();
  showAlerts(3, 2);
  stub.say("alert", 3);
  const news = page.getByRole("button", { name: "1 new alert, 1 alert no longer here · show" });
  await news.waitFor();
  assert.deepEqual(await headlines(), ["alert 2", "alert 1"]);
  await news.click();
  assert.deepEqual(await headlines(), ["alert 3", "alert 2"]);
});

test("a list at which nobody points follows at once", async () => {
  showAlerts(1);
  await visit(page, "/alerts");
  showAlerts(2, 1);
  stub.say("alert", 2);
  await until("the new alert", async () => (await headlines()).join() === "alert 2,alert 1");
});

test("the next page has its cursor in the address, and Back is the page before", async () => {
  showAlerts(2);
  stub.answers["GET /alerts"].next = "c1";
  await visit(page, "/alerts");
  await page.getByRole("link", { name: "Next page" }).click();
  await page.waitForURL("**/alerts?cursor=c1");
  await page.getByRole("link", { name: "First page" }).click();
  await page.waitForURL("**/alerts");
  await page.goBack();
  await page.waitForURL("**/alerts?cursor=c1");
});

test("who may only look is offered no change", async () => {
  stub.answers["GET /session"] = { ...stub.answers["GET /session"], role: "viewer" };
  showAlerts(1);
  await visit(page, "/alerts");
  assert.equal(await page.getByRole("button", { name: /^Actions for/ }).count(), 0);
  assert.equal(await page.locator("tbody input").count(), 0);
  const buttons = /^(New|Add|Start|Change|Save|Send|Apply|Retry|Revoke|Approve)/;
  for (const path of ["vaults", "contacts", "groups", "enrolment", "maintenance"]) {
    await visit(page, `/${path}`);
    assert.equal(await page.getByRole("button", { name: buttons }).count(), 0, path);
  }
});

test("a change that is stale shows both versions, and saves only when asked again", async () => {
  const client = {
    name: "db-1",
    vault: "prod",
    state: "online",
    state_since: "2026-11-29T20:00:00Z",
    timing: {},
    own_timing: {},
    own_policy: {},
    created_at: "2026-11-29T20:00:00Z",
    revision: 3,
  };
  const sent = [];
  stub.answers["GET /clients/db-1"] = client;
  stub.answers["GET /clients/db-uno"] = { ...client, name: "db-uno" };
  stub.answers["POST /clients/db-1/rename"] = (body, headers) => {
    sent.push({ ...body, csrf: headers["x-csrf-token"] });
    if (body.revision === 4) return [200, {}];
    const current = { ...client, name: "db-one", revision: 4 };
    return [
      409,
      {
        error: {
          code: "stale",
          message: "changed",
          current,
          changed_by: "bob",
          changed_at: "2026-11-29T20:00:00Z",
        },
      },
    ];
  };
  await visit(page, "/clients/db-1?tab=details");
  await page.getByRole("button", { name: "Actions for db-1" }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.locator("dialog input[name=name]").fill("db-uno");
  await page.locator("dialog button[type=submit]").click();
  const stale = page.locator("dialog", { hasText: "Changed by somebody else meanwhile" });
  await stale.waitFor();
  assert.match(await stale.textContent(), /bob changed it.*name.*db-one.*db-uno/);
  await stale.getByRole("button", { name: "Save mine all the same" }).click();
  await page.waitForURL("**/clients/db-uno");
  assert.deepEqual(sent, [
    { name: "db-uno", revision: 3, csrf: "c" },
    { name: "db-uno", revision: 4, csrf: "c" },
  ]);
});

test("a session that has ended leads to the login, and back to the page", async () => {
  showAlerts(1);
  await visit(page, "/alerts?severity=critical");
  stub.answers["GET /alerts"] = error(401, {
    code: "unauthorized",
    message: "the session has ended",
  });
  stub.say("alert", 1);
  await page.getByLabel("API token").waitFor();
  stub.answers["POST /session"] = (body) => [
    200,
    { ...stub.answers["GET /session"], name: body.secret },
  ];
  showAlerts(1);
  await page.getByLabel("API token").fill("vbt_secret");
  await page.keyboard.press("Enter");
  await page.locator("tbody tr").waitFor();
  assert.match(page.url(), /\/alerts\?severity=critical$/);
});

test("a one-time link signs in, and its secret is not left in the address", async () => {
  stub.answers["GET /session"] = error(401, {
    code: "unauthorized",
    message: "nobody is signed in",
  });
  stub.answers["POST /session"] = (body) => [
    200,
    { name: body.secret, role: "admin", csrf: "c", expires_at: "" },
  ];
  await page.goto("/login#once=vbl_abc");
  await page.locator(".person", { hasText: "vbl_abc" }).waitFor();
  assert.equal(new URL(page.url()).pathname + new URL(page.url()).hash, "/");
});

test("who is locked out sees for how long", async () => {
  stub.answers["GET /session"] = error(401, {
    code: "unauthorized",
    message: "nobody is signed in",
  });
  const locked = { code: "locked_out", message: "too many tries", hint: "wait" };
  stub.answers["POST /session"] = error(429, locked, { "Retry-After": "90" });
  await page.goto("/login");
  await page.getByLabel("API token").fill("wrong");
  await page.keyboard.press("Enter");
  const button = page.getByRole("button", {
    name: /^Locked out: try again in (1 min|\d+ s)/,
  });
  await button.waitFor();
  assert.equal(await button.isDisabled(), true);
});

test("an answer that nobody understands takes only its own screen away", async () => {
  stub.answers["GET /clients/db-1"] = { name: "db-1", state_since: "yesterday" };
  await page.goto("/clients/db-1");
  await page.getByText("This page cannot be shown").waitFor();
  await page.getByRole("link", { name: "Alerts" }).click();
  await page.locator("h1", { hasText: "Alerts" }).waitFor();
});

test("an aggregator that does not answer is asked again", async () => {
  stub.answers["GET /session"] = () => [502, {}];
  await page.goto("/");
  await page.getByText("The aggregator does not answer").waitFor();
  stub.answers["GET /session"] = { name: "alice", role: "admin", csrf: "c", expires_at: "" };
  await page.locator("h1", { hasText: STATUS.headline }).waitFor();
});
